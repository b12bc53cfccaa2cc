// The boxes of a page as the person sees them: what the server has confirmed, and on top of it what is on its way.
import { apply } from "../boxes/operations.js";

/** @import { Boxes } from "../boxes/operations.js" */
/** @import { Operation, PageBox, PageBoxes, PageChanges } from "../../types.d.ts" */

/** Boxes by their ids, as they were before or after an edit; null: not there. */
/** @typedef {Map<number, PageBox | null>} Patch */
/** @typedef {"edits" | "undo" | "redo" | "snap"} Door */

/**
 * Something that the server has not confirmed yet.
 * @typedef {object} Pending
 * @property {Door} door
 * @property {string} key so that what is sent twice is done once
 * @property {number} version of the page that the person saw
 * @property {Operation[]} operations
 * @property {number[]} boxes of a door that takes boxes alone
 * @property {number[]} made ids given to its new boxes until the server has named them
 * @property {Step | null} step what it does to the boxes, where it undoes or redoes
 * @property {Step | null} makes the step that it is, where it does something new
 * @property {boolean} [insists] whether the person wants it done over what others did meanwhile
 */

/**
 * An edit that can be taken back.
 * @typedef {object} Step
 * @property {Patch} before the boxes it touched, as they were
 * @property {Patch} after and as they became
 * @property {number | null} [edit] the server's name for it: missing until it is confirmed, null where it changed nothing
 * @property {string} [what] what was done, in words
 */

export class PageModel {
  /** @param {PageBoxes} page */
  constructor(page) {
    this.version = page.version;
    this.seen = page.seen ?? "";
    this.width = page.width;
    this.height = page.height;
    /** @type {Boxes} */
    this.base = new Map(page.boxes.map((box) => [box.id, box]));
    /** @type {Pending[]} */
    this.pending = [];
    /** @type {Step[]} */
    this.done = [];
    /** @type {Step[]} */
    this.undone = [];
    this.lastId = 0;
    /** @type {Map<number, number>} ids given to new boxes here, and those that the server gave them since */
    this.names = new Map();
    /** @type {Boxes} */
    this.boxes = new Map(this.base);
    /** @type {(touched: Set<number>, renamed: Map<number, number>) => void} */
    this.changed = () => {};
  }

  /**
   * Do an edit at once, and queue it. Returns the ids of the boxes that it makes.
   * @param {Operation[]} operations
   * @param {string} key
   * @param {string} [what] it is, in words
   */
  edit(operations, key, what = "") {
    const entry = this.entry({ door: "edits", key, operations });
    for (const [old, id] of this.names) rename(entry, old, id); // a box that was drawn a moment ago
    const before = new Map(this.boxes);
    this.act(entry, this.boxes);
    const step = { ...difference(before, this.boxes), what };
    this.begin(entry, step);
    this.changed(new Set(step.after.keys()), new Map());
    return entry.made;
  }

  /**
   * Take the last edit back, or do it again. What was edited before the page was opened is the server's to show.
   * @param {"undo" | "redo"} door
   * @param {string} key
   */
  goBack(door, key) {
    const [from, to] = door === "undo" ? [this.done, this.undone] : [this.undone, this.done];
    const step = from.pop() ?? null;
    if (step) to.push(step);
    const entry = this.entry({ door, key, step });
    this.act(entry, this.boxes);
    this.pending.push(entry);
    this.changed(new Set(step?.before.keys()), new Map());
  }

  /**
   * Let the server do something to these boxes that cannot be drawn before it has.
   * @param {Door} door
   * @param {number[]} boxes
   * @param {string} key
   * @param {string} [what] it is, in words
   */
  ask(door, boxes, key, what = "") {
    const entry = this.entry({ door, key, boxes });
    for (const [old, id] of this.names) rename(entry, old, id);
    this.begin(entry, { before: new Map(), after: new Map(), what });
  }

  /**
   * @param {Pick<Pending, "door" | "key"> & Partial<Pending>} values
   * @returns {Pending}
   */
  entry(values) {
    return { version: this.version, operations: [], boxes: [], made: [], step: null, makes: null, ...values };
  }

  /**
   * Queue something new. What was undone before cannot be done again afterwards.
   * @param {Pending} entry
   * @param {Step} step
   */
  begin(entry, step) {
    entry.makes = step;
    this.pending.push(entry);
    this.done.push(step);
    this.undone = [];
  }

  /**
   * The first of those on their way is confirmed. What a worker is to do first changes nothing yet.
   * @param {PageChanges | { job: string, edit?: number | null }} sent
   */
  confirmed(sent) {
    const answer = "job" in sent ? { version: this.version, boxes: [], removed: [] } : sent;
    const entry = this.pending.shift();
    if (entry?.makes) entry.makes.edit = sent.edit;
    const renamed = entry ? this.named(entry, answer) : new Map();
    // Where somebody else edited in between, their boxes are still to come: the version stays, and asks for them.
    const version = answer.version === this.version + 1 ? answer.version : this.version;
    this.take({ ...answer, version }, renamed);
  }

  /** The first of those on their way is given up. */
  dropped() {
    const entry = this.pending.shift();
    if (entry?.door === "edits") this.done.splice(0, this.done.length);
    this.rebuild(new Map());
  }

  /**
   * What somebody, or a job, has changed.
   * @param {PageChanges} answer
   * @param {Map<number, number> | null} [renamed] boxes that the server has named; null where nothing was sent
   */
  take(answer, renamed = null) {
    this.version = Math.max(this.version, answer.version);
    this.seen = answer.seen ?? this.seen;
    const same = answer.boxes.every((box) => this.same(box)) && !answer.removed.some((id) => this.base.has(id));
    if (same && !renamed) return;
    for (const box of answer.boxes) this.base.set(box.id, this.same(box) ?? box);
    for (const id of answer.removed) this.base.delete(id);
    this.rebuild(renamed ?? new Map());
  }

  /**
   * The box as it is here, where it is just so; it stays the same object, so that nothing is drawn anew for it.
   * @param {PageBox} box
   */
  same(box) {
    const here = this.base.get(box.id);
    return here && JSON.stringify(here) === JSON.stringify(box) ? here : null;
  }

  /**
   * Draw again what is on its way, over what is confirmed.
   * @param {Map<number, number>} renamed
   */
  rebuild(renamed) {
    const before = this.boxes;
    for (const [old, id] of renamed) this.names.set(old, id);
    this.boxes = new Map(this.base);
    for (const entry of this.pending) {
      for (const [old, id] of renamed) rename(entry, old, id);
      this.act(entry, this.boxes);
    }
    for (const step of [...this.done, ...this.undone]) {
      for (const [old, id] of renamed) renameStep(step, old, id);
    }
    this.changed(new Set(difference(before, this.boxes).after.keys()), renamed);
  }

  /**
   * @param {Pending} entry
   * @param {Boxes} boxes
   */
  act(entry, boxes) {
    if (entry.step) lay(boxes, entry.door === "redo" ? entry.step.after : entry.step.before);
    if (entry.door !== "edits") return;
    let place = 0;
    const newId = () => {
      if (place === entry.made.length) entry.made.push(this.nextId());
      place += 1;
      return entry.made[place - 1];
    };
    for (const operation of entry.operations) apply(boxes, operation, newId);
  }

  /**
   * The id of a box by now, whichever it had when it was looked at.
   * @param {number} id
   */
  idOf(id) {
    return this.names.get(id) ?? id;
  }

  nextId() {
    this.lastId -= 1;
    return this.lastId;
  }

  /**
   * Which names the server has given to the boxes that an edit made: those nearest to them among the new ones.
   * @param {Pending} entry
   * @param {PageChanges} answer
   * @returns {Map<number, number>}
   */
  named(entry, answer) {
    const unknown = answer.boxes.filter(({ id }) => !this.base.has(id));
    /** @type {Map<number, number>} */
    const names = new Map();
    for (const made of entry.made) {
      const box = this.boxes.get(made) ?? this.stepBox(made);
      const place = box ? nearest(unknown, box) : -1;
      if (place >= 0) names.set(made, unknown.splice(place, 1)[0].id);
    }
    return names;
  }

  /**
   * A box that was made and is gone again, as an edit left it.
   * @param {number} id
   */
  stepBox(id) {
    const steps = [...this.done, ...this.undone];
    return steps.map((step) => step.after.get(id) ?? step.before.get(id)).find(Boolean) ?? null;
  }
}

/**
 * @param {Boxes} boxes
 * @param {Patch} patch
 */
function lay(boxes, patch) {
  for (const [id, box] of patch) {
    if (box) boxes.set(id, box);
    else boxes.delete(id);
  }
}

/**
 * The boxes that differ, as they were and as they are.
 * @param {Boxes} before
 * @param {Boxes} after
 * @returns {Step}
 */
function difference(before, after) {
  /** @type {Step} */
  const step = { before: new Map(), after: new Map() };
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    if (before.get(id) === after.get(id)) continue;
    step.before.set(id, before.get(id) ?? null);
    step.after.set(id, after.get(id) ?? null);
  }
  return step;
}

/**
 * The place of the box in the list whose middle is nearest; -1 in an empty list.
 * @param {PageBox[]} boxes
 * @param {PageBox} box
 */
function nearest(boxes, box) {
  const far = boxes.map(({ x, y, w, h }) => Math.hypot(x + w / 2 - box.x - box.w / 2, y + h / 2 - box.y - box.h / 2));
  return far.indexOf(Math.min(...far));
}

/**
 * @param {Pending} entry
 * @param {number} old
 * @param {number} id
 */
function rename(entry, old, id) {
  const swap = (/** @type {number} */ one) => (one === old ? id : one);
  entry.boxes = entry.boxes.map(swap);
  entry.operations = entry.operations.map((operation) => {
    if ("boxes" in operation) return { ...operation, boxes: operation.boxes.map(swap) };
    if ("box" in operation) return { ...operation, box: swap(operation.box) };
    return operation.after === null ? operation : { ...operation, after: swap(operation.after) };
  });
}

/**
 * @param {Step} step
 * @param {number} old
 * @param {number} id
 */
function renameStep(step, old, id) {
  for (const patch of [step.before, step.after]) {
    if (!patch.has(old)) continue;
    const box = patch.get(old) ?? null;
    patch.delete(old);
    patch.set(id, box && { ...box, id });
  }
}
