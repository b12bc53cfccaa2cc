// Mouse, pen and finger over the page: a tool in hand takes the drag, else grips and chosen boxes do; what is left
// pans the page, and a click chooses.

import { CURSORS, gripAt } from "./grips.js";
import { carry, pull, TOOLS } from "./tools.js";

/** @import { Drag } from "./tools.js" */
/** @import { Mending } from "../mending.js" */

const CLICK = 5; // css pixels: who moves further has dragged
const SLACK = 4; // css pixels beside a box that still hit it

export class Pointer {
  /**
   * @param {HTMLElement} room
   * @param {Mending} mending
   * @param {{ open: () => void }} acts
   */
  constructor(room, mending, { open }) {
    this.room = room;
    this.mending = mending;
    this.view = mending.view;
    this.open = open;
    /** @type {{ drag: Drag | null, id: number, x: number, y: number, moved: boolean } | null} */
    this.press = null;
    room.addEventListener("pointerdown", (event) => this.down(event), true);
    room.addEventListener("pointermove", (event) => this.move(event), true);
    room.addEventListener("pointerup", (event) => this.up(event), true);
    room.addEventListener("pointercancel", () => this.cancel(), true);
    room.addEventListener("pointerleave", () => this.view.hover(null));
    room.addEventListener("dblclick", () => this.view.one && this.open());
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (event.button !== 0 || !event.isPrimary) return;
    this.room.focus({ preventScroll: true });
    const drag = this.dragOf(event);
    this.press = { drag, id: event.pointerId, x: event.clientX, y: event.clientY, moved: false };
    if (!drag) return;
    event.stopPropagation();
    event.preventDefault();
    this.room.setPointerCapture(event.pointerId);
  }

  /**
   * What a drag from here would do; null where it pans.
   * @param {PointerEvent} event
   * @returns {Drag | null}
   */
  dragOf(event) {
    const { mending, view } = this;
    const start = view.stage.pointOf(event);
    if (mending.tool) return TOOLS[mending.tool](mending, start);
    if (!view.editable) return null;
    if (event.shiftKey) return TOOLS.lasso(mending, start);
    mending.nudge.flush();
    const grip = this.gripOf(event);
    if (grip && view.one) return pull(mending, view.one, grip.sides, start);
    const box = this.boxAt(event);
    return box && view.chosen.has(box.id) ? carry(mending, view.these, start) : null;
  }

  /** @param {PointerEvent} event */
  gripOf(event) {
    const { left, top } = this.room.getBoundingClientRect();
    const point = { x: event.clientX - left, y: event.clientY - top };
    const { one, stage } = this.view;
    return one && gripAt(one, stage.place, point, event.pointerType);
  }

  /** @param {PointerEvent} event */
  boxAt(event) {
    const { stage, grid } = this.view;
    return grid.at(stage.pointOf(event), SLACK / stage.place.scale);
  }

  /** @param {PointerEvent} event */
  move(event) {
    const { press } = this;
    if (!press) {
      this.hover(event);
      return;
    }
    if (press.id !== event.pointerId) return;
    press.moved ||= Math.hypot(event.clientX - press.x, event.clientY - press.y) > CLICK;
    if (!press.drag) return;
    event.stopPropagation();
    if (press.moved) press.drag.move(this.view.stage.pointOf(event));
  }

  /** @param {PointerEvent} event */
  hover(event) {
    const grip = !this.mending.tool && this.view.editable && this.gripOf(event);
    this.room.style.cursor = this.mending.tool ? "crosshair" : grip ? CURSORS[grip.sides] : "";
    this.view.hover(this.mending.tool ? null : (this.boxAt(event)?.id ?? null));
  }

  /** @param {PointerEvent} event */
  up(event) {
    const { press } = this;
    if (!press || press.id !== event.pointerId) return;
    this.press = null;
    if (press.drag) event.stopPropagation();
    if (press.drag && press.moved) press.drag.end(this.view.stage.pointOf(event));
    else if (!press.moved && !this.mending.tool) this.click(event);
  }

  /** @param {PointerEvent} event */
  click(event) {
    const box = this.boxAt(event);
    if (box && event.shiftKey) this.view.toggle(box.id);
    else this.view.choose(box ? [box.id] : []);
  }

  /** What was begun is left, and nothing has happened. */
  cancel() {
    this.press = null;
    this.view.preview = new Map();
    this.view.traces = { drawn: null, line: [] };
    this.view.stage.repaint();
  }
}
