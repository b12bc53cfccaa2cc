// A box moved and sized by keys: drawn at every press, and one edit when the fingers rest.
import { onPage, stretched } from "../boxes/geometry.js";
import { rectOf } from "../boxes/operations.js";

/** @import { Mending } from "../mending.js" */
/** @import { Point, Rect } from "../../types.d.ts" */

const REST = 350; // milliseconds
const HELD = 90; // milliseconds between two presses of a key that is held down
const FAST = 4; // times as far, once it has been held for a while

export class Nudge {
  /** @param {Mending} mending */
  constructor(mending) {
    this.mending = mending;
    /** @type {Map<number, Rect>} */
    this.rects = new Map();
    this.last = -Infinity;
    this.run = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** @param {Point} by of one step */
  move(by) {
    this.step(by, (rect, far) => ({ ...rect, x: rect.x + far.x, y: rect.y + far.y }));
  }

  /**
   * @param {string} side
   * @param {Point} by
   */
  size(side, by) {
    this.step(by, (rect, far) => stretched(rect, side, far));
  }

  /**
   * @param {Point} by
   * @param {(rect: Rect, by: Point) => Rect} how
   */
  step(by, how) {
    const { view } = this.mending;
    const fast = this.pace();
    this.rects = new Map([...this.rects].map(([id, rect]) => [view.model.idOf(id), rect]));
    for (const box of view.these) {
      const rect = how(this.rects.get(box.id) ?? rectOf(box), { x: by.x * fast, y: by.y * fast });
      this.rects.set(box.id, onPage(rect, view.model));
    }
    view.preview = new Map(this.rects);
    view.stage.repaint();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), REST);
  }

  pace() {
    const now = performance.now();
    this.run = now - this.last < HELD ? this.run + 1 : 0;
    this.last = now;
    return this.run > 8 ? FAST : 1;
  }

  /** Save what has been moved. */
  flush() {
    clearTimeout(this.timer);
    if (!this.rects.size) return;
    const operations = [...this.rects].map(([box, rect]) => ({ op: /** @type {const} */ ("move"), box, ...rect }));
    this.rects = new Map();
    this.mending.view.preview = new Map();
    this.mending.send(operations);
  }
}
