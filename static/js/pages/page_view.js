// The page before a person: which boxes it has, which of them are chosen, what is lit up, and what is painted.
import { centre } from "./boxes/geometry.js";
import { Grid } from "./boxes/grid.js";
import { columnsOf, inOrder, isOpen, neighbour, nextThat } from "./boxes/reading.js";
import { suspicious } from "./boxes/suspicious.js";
import { coloursOf } from "./stage/colours.js";
import { paint } from "./stage/paint.js";
import { Stage } from "./stage/stage.js";
import { gripsOf } from "./tools/grips.js";

/** @import { Direction } from "./boxes/reading.js" */
/** @import { Doubt } from "./boxes/suspicious.js" */
/** @import { Place } from "./stage/paint.js" */
/** @import { PageModel } from "./saving/page_model.js" */
/** @import { PageBox, PageBoxes, Point, Rect } from "../types.d.ts" */

/** What a tool shows while it is at work. */
/** @typedef {{ drawn: Rect | null, line: Point[] }} Traces */

export class PageView {
  /**
   * @param {PageModel} model
   * @param {PageBoxes} page
   * @param {{ room: HTMLElement, canvas: HTMLCanvasElement }} elements
   */
  constructor(model, page, { room, canvas }) {
    this.model = model;
    this.editable = page.can_edit;
    this.ordered = inOrder(model.boxes.values());
    this.grid = new Grid(this.ordered);
    /** @type {Map<number, Doubt[]> | null} */
    this.doubts = null;
    /** @type {Set<number>} */
    this.chosen = new Set();
    /** @type {number | null} */
    this.hovered = null;
    this.masked = false;
    this.lit = false;
    this.ways = false;
    /** @type {Map<number, Rect>} boxes that are being moved, where they are now */
    this.preview = new Map();
    /** @type {Traces} */
    this.traces = { drawn: null, line: [] };
    this.colours = coloursOf(room, () => this.stage.repaint());
    this.stage = new Stage(room, canvas, page, (context, place, sight) => this.draw(context, place, sight));
    /** @type {(() => void)[]} what follows the boxes */
    this.followers = [];
    /** @type {(() => void)[]} what follows the choice */
    this.choosers = [];
    this.due = { boxes: false, choice: false };
    /** @type {(id: number | null) => void} */
    this.hovering = () => {};
    model.changed = (touched, renamed) => this.changed(touched, renamed);
  }

  /** Look at the boxes anew, after some of them have changed. */
  count() {
    this.ordered = inOrder(this.model.boxes.values());
    this.grid = new Grid(this.ordered);
    this.doubts = null;
  }

  /**
   * @param {Set<number>} touched
   * @param {Map<number, number>} renamed
   */
  changed(touched, renamed) {
    this.count();
    const swap = (/** @type {number} */ id) => renamed.get(id) ?? id;
    const { boxes } = this.model;
    const before = [...this.chosen].join();
    this.chosen = new Set([...this.chosen].map(swap).filter((id) => boxes.has(id)));
    if (renamed.size) this.preview = new Map([...this.preview].map(([id, rect]) => [swap(id), rect]));
    if (this.hovered !== null && !boxes.has(this.hovered)) this.hovered = null;
    const other = before !== [...this.chosen].join() || [...this.chosen].some((id) => touched.has(id));
    this.stage.repaint();
    this.follow(true, other);
  }

  /**
   * Let text and card follow once the boxes are painted: a key is seen on the page before anything else happens.
   * @param {boolean} boxes whether boxes have changed
   * @param {boolean} choice whether others are chosen
   */
  follow(boxes, choice) {
    const waits = this.due.boxes || this.due.choice;
    this.due = { boxes: this.due.boxes || boxes, choice: this.due.choice || choice };
    if (!waits && (boxes || choice)) requestAnimationFrame(() => setTimeout(() => this.followed()));
  }

  followed() {
    const { boxes, choice } = this.due;
    this.due = { boxes: false, choice: false };
    if (boxes) for (const follower of this.followers) follower();
    if (choice) for (const chooser of this.choosers) chooser();
  }

  /** Boxes that are worth a look, and why, where they are lit up. */
  get lights() {
    return this.lit ? this.doubtful : new Map();
  }

  /** Boxes that are worth a look, and why. */
  get doubtful() {
    this.doubts ??= suspicious(this.ordered);
    return this.doubts;
  }

  /** The boxes chosen, in reading order. @returns {PageBox[]} */
  get these() {
    return this.chosen.size ? this.ordered.filter(({ id }) => this.chosen.has(id)) : [];
  }

  /** The one box that is chosen; null where none is, or several. @returns {PageBox | null} */
  get one() {
    const [id] = this.chosen;
    return this.chosen.size === 1 ? (this.model.boxes.get(id) ?? null) : null;
  }

  /** Where the way goes on from: the one chosen, or the last of several. @returns {PageBox | null} */
  get from() {
    return this.one ?? this.these.at(-1) ?? null;
  }

  /**
   * @param {Iterable<number>} ids
   * @param {boolean} [follow] whether the view goes there
   */
  choose(ids, follow = false) {
    this.chosen = new Set(ids);
    const { one } = this;
    if (follow && one) this.stage.follow(one);
    this.stage.repaint();
    this.follow(false, true);
  }

  /** @param {number} id */
  toggle(id) {
    const ids = new Set(this.chosen);
    if (!ids.delete(id)) ids.add(id);
    this.choose(ids);
  }

  /** @param {number | null} id */
  hover(id) {
    if (id === this.hovered) return;
    this.hovered = id;
    this.hovering(id);
    this.stage.repaint();
  }

  /**
   * Go to the box that an arrow leads to.
   * @param {Direction} direction
   */
  walk(direction) {
    const to = neighbour(this.ordered, this.from ?? this.nearestToMiddle(), direction);
    const start = this.from ? to : this.nearestToMiddle();
    if (start) this.choose([start.id], true);
  }

  /** Where a walk begins: the first box in sight in reading order, or the first of all. */
  nearestToMiddle() {
    const sight = this.stage.sight;
    const seen = this.grid.touching(sight).filter((box) => {
      const { x, y } = centre(box);
      return x >= sight.x && x <= sight.x + sight.w && y >= sight.y && y <= sight.y + sight.h;
    });
    return inOrder(seen)[0] ?? this.ordered[0] ?? null;
  }

  /**
   * Go to the next box that fits. Returns it; null where there is none.
   * @param {(box: PageBox) => boolean} fits
   * @param {number} by
   */
  jump(fits, by) {
    const box = nextThat(this.ordered, this.from, fits, by);
    if (box) this.choose([box.id], true);
    return box;
  }

  /** @param {number} by */
  jumpToOpen(by) {
    return this.jump(isOpen, by);
  }

  /**
   * Light up what is suspicious, and go to the next of them.
   * @param {number} by
   */
  jumpToDoubt(by) {
    this.lit = true;
    this.stage.repaint();
    return this.jump(({ id }) => this.doubtful.has(id), by);
  }

  /** First or last box of the page. @param {number} place 0 or -1 */
  end(place) {
    const box = this.ordered.at(place);
    if (box) this.choose([box.id], true);
  }

  /**
   * A box where it is drawn now.
   * @param {PageBox} box
   * @returns {PageBox}
   */
  shown(box) {
    const rect = this.preview.get(box.id);
    return rect ? { ...box, ...rect } : box;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Place} place
   * @param {Rect} sight
   */
  draw(context, place, sight) {
    const still = this.grid.touching(sight);
    const moving = [...this.preview.keys()].flatMap((id) => this.model.boxes.get(id) ?? []);
    const boxes = this.preview.size ? [...new Set([...still, ...moving])].map((box) => this.shown(box)) : still;
    const { one } = this;
    const scene = {
      boxes,
      chosen: this.chosen,
      hovered: this.hovered,
      mask: this.masked,
      lights: new Set(this.lights.keys()),
      grips: one && this.editable ? gripsOf(this.shown(one), place).map(({ x, y }) => ({ x, y, w: 0, h: 0 })) : [],
      way: this.ways ? columnsOf(this.ordered).map((column) => column.boxes.map((box) => centre(this.shown(box)))) : [],
      ...this.traces,
    };
    paint(context, scene, place, this.colours());
  }
}
