// What people do to boxes. Each is drawn at once, and sent by itself.

import { inWords, postJson } from "../lib/net.js";
import { toast } from "../lib/toast.js";
import { uuid } from "../lib/uuid.js";
import { fill, gettext, ngettext, number } from "../lib/words.js";
import { editInWords, kindName } from "./beside/words.js";
import { around, onPage } from "./boxes/geometry.js";
import { columnOf } from "./boxes/reading.js";
import { Nudge } from "./tools/nudge.js";
import { rounded } from "./tools/tools.js";

/** @import { ToolName } from "./tools/tools.js" */
/** @import { Sender } from "./saving/sender.js" */
/** @import { PageView } from "./page_view.js" */
/** @import { BoxKind, Operation, Point, Rect } from "../types.d.ts" */

/** @type {BoxKind[]} */
const KINDS = ["main", "note", "head", "fold", "margin"];

export class Mending {
  /**
   * @param {PageView} view
   * @param {Sender} sender
   * @param {(words: string) => void} say
   */
  constructor(view, sender, say) {
    this.view = view;
    this.sender = sender;
    this.say = say;
    /** @type {(words: string) => void} says what was done, beside what is chosen */
    this.remark = say;
    /** @type {ToolName | null} */
    this.tool = null;
    this.nudge = new Nudge(this);
    /** @type {() => void} */
    this.toolChanged = () => {};
    /** @type {() => void} */
    this.edited = () => {};
    this.edit = this.edit.bind(this);
  }

  /**
   * Do these at once, as one edit that is undone as one. Returns the ids of the boxes made.
   * @param {Operation[]} operations
   */
  edit(operations) {
    this.nudge.flush();
    return this.send(operations);
  }

  /** @param {Operation[]} operations */
  send(operations) {
    if (!operations.length || !this.may()) return [];
    const made = this.view.model.edit(operations, uuid(), editInWords(operations));
    this.edited();
    this.sender.send();
    return made;
  }

  may() {
    if (!this.view.editable) this.say(gettext("You can look at this page, but not change it."));
    return this.view.editable;
  }

  /**
   * The boxes chosen; says so where there are none.
   * @param {number} [least]
   */
  chosen(least = 1) {
    this.nudge.flush();
    const ids = this.view.these.map(({ id }) => id);
    if (ids.length < least) this.say(gettext("Choose a box first: with the arrow keys, or with a click."));
    return ids.length < least ? [] : ids;
  }

  /**
   * Take a tool in hand; taken again, it is laid down.
   * @param {ToolName | null} tool
   */
  take(tool) {
    if (tool && !this.may()) return;
    this.tool = tool === this.tool ? null : tool;
    this.toolChanged();
  }

  /** Put away what is in hand; where nothing is, what is lit up and chosen. */
  leave() {
    const { view } = this;
    if (this.tool) return this.take(null);
    view.lit = false;
    this.toolChanged();
    view.choose([]);
  }

  /** Draw a box; where the tool is in hand already, put one below the box chosen. */
  draw() {
    if (this.tool === "draw" && this.view.from) this.addBelow();
    else this.take("draw");
  }

  /** @param {Rect} rect */
  add(rect) {
    const made = this.edit([{ op: "add", after: null, ...rounded(onPage(rect, this.view.model)) }]);
    this.view.choose(made, true);
    this.take(null);
  }

  addBelow() {
    const { from, model } = this.view;
    if (!from) return;
    const rect = rounded(onPage({ x: from.x, y: from.y + from.h + 2, w: from.w, h: from.h }, model));
    const made = this.edit([{ op: "add", after: from.id, ...rect }]);
    this.view.choose(made, true);
    this.take(null);
  }

  remove() {
    const boxes = this.chosen();
    if (!boxes.length || !this.may()) return;
    const { ordered } = this.view;
    const after = ordered[ordered.findIndex(({ id }) => id === boxes[boxes.length - 1]) + 1] ?? ordered.at(-1);
    this.edit([{ op: "delete", boxes }]);
    const next = after && this.view.model.boxes.has(after.id) ? after : this.view.ordered.at(-1);
    this.view.choose(next ? [next.id] : [], true);
    const words = ngettext(
      "%(count)s box deleted. Undo brings it back.",
      "%(count)s boxes deleted. Undo brings them back.",
      boxes.length,
    );
    this.remark(fill(words, { count: number(boxes.length) }));
  }

  /** Join the boxes chosen; of one alone, with the next one below. */
  join() {
    let boxes = this.chosen();
    const { ordered } = this.view;
    if (boxes.length === 1) {
      const next = ordered[ordered.findIndex(({ id }) => id === boxes[0]) + 1];
      if (next) boxes = [...boxes, next.id];
    }
    if (boxes.length < 2 || !this.may()) return;
    this.edit([{ op: "merge", boxes }]);
    this.view.choose([boxes[0]], true);
  }

  /** Cut each box chosen in two, at the gap: as it is seen, or where it is too small to see, as a worker finds it. */
  cut() {
    const ids = this.chosen();
    const boxes = this.view.these.filter(({ id }) => ids.includes(id));
    const cuts = boxes.map((box) => ({ box: box.id, gap: this.view.stage.gapOf(box) }));
    this.edit(cuts.map(({ box, gap }) => ({ op: "split", box, ...(gap === null ? {} : { at: [gap] }) })));
  }

  /** Fit the boxes chosen to their ink. */
  snap() {
    const boxes = this.chosen();
    if (!boxes.length || !this.may()) return;
    this.view.model.ask("snap", boxes, uuid(), gettext("fit to the ink"));
    this.edited();
    this.sender.send();
  }

  /** Say that these are no characters, or that they are. */
  notCharacter() {
    const boxes = this.chosen();
    if (!boxes.length) return;
    const value = this.view.these.some(({ state }) => state !== "not_character");
    this.edit([{ op: "not_character", boxes, value }]);
  }

  /** Make the boxes chosen the next kind. */
  kind() {
    const boxes = this.chosen();
    const [first] = this.view.these;
    if (!boxes.length || !first) return;
    const kind = KINDS[(KINDS.indexOf(first.kind) + 1) % KINDS.length];
    this.edit([{ op: "kind", boxes, kind }]);
    this.say(fill(gettext("Kind: %(kind)s"), { kind: kindName(kind) }));
  }

  /**
   * Read the box chosen one place earlier or later.
   * @param {number} by
   */
  shiftOrder(by) {
    const [id] = this.chosen();
    const { ordered } = this.view;
    const place = ordered.findIndex((box) => box.id === id);
    const other = ordered[place + by];
    if (place < 0 || !other) return;
    this.edit([{ op: "order", boxes: by > 0 ? [other.id, id] : [id, other.id] }]);
  }

  column() {
    const { from, ordered } = this.view;
    if (from) this.view.choose(columnOf(ordered, from).map(({ id }) => id));
  }

  /** @param {"undo" | "redo"} door */
  goBack(door) {
    this.nudge.flush();
    if (!this.may()) return;
    const { model } = this.view;
    const step = (door === "undo" ? model.done : model.undone).at(-1);
    model.goBack(door, uuid());
    const there = [...(step?.before.keys() ?? [])].filter((id) => model.boxes.has(id));
    if (there.length) this.view.choose(there, true);
    const words = door === "undo" ? gettext("Undone: %(what)s.") : gettext("Done again: %(what)s.");
    if (step?.what) this.remark(fill(words, { what: step.what }));
    this.sender.send();
  }

  /**
   * @param {Point} by
   */
  move(by) {
    if (this.view.chosen.size && this.may()) this.nudge.move(by);
    else this.chosen();
  }

  /**
   * @param {string} side
   * @param {Point} by
   */
  size(side, by) {
    if (this.view.chosen.size && this.may()) this.nudge.size(side, by);
    else this.chosen();
  }

  /** Find what was missed in the column of the box chosen; without one, on the whole page. */
  findMore() {
    const { from, ordered, model } = this.view;
    if (!from) return this.findAll();
    const column = around(columnOf(ordered, from));
    const spare = column.w / 4;
    const all = around(ordered);
    const region = { x: column.x - spare, y: all.y - spare, w: column.w + 2 * spare, h: all.h + 2 * spare };
    const done = gettext("Looking for more characters in this column …");
    return this.job("locate", rounded(onPage(region, model)), done);
  }

  findAll() {
    return this.job("locate", {}, gettext("Looking for characters on the whole page …"));
  }

  turn() {
    return this.job("turn", { turn: 90 }, gettext("Turning the page …"));
  }

  /**
   * Give a job to the workers; what they find comes by itself.
   * @param {string} door
   * @param {object} body
   * @param {string} [words]
   */
  async job(door, body, words = "") {
    if (!this.may()) return;
    this.nudge.flush();
    try {
      await postJson(`${this.sender.doors}${door}/`, body);
      if (words) this.say(words);
      this.sender.sent();
    } catch (error) {
      toast(inWords(error), { bad: true });
    }
  }
}
