// Pointers on the stage: one turns, one with Shift or the other button shifts, two pinch; the wheel zooms.

/** @import { Stage } from "./stage.js" */

const STILL = 5; // pixels that a press may wander and still be a press, not a drag

/** @typedef {{ x: number, y: number }} Place in pixels of the window */

class Pointers {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Stage} stage
   * @param {(x: number, y: number) => void} pressed
   */
  constructor(canvas, stage, pressed) {
    this.canvas = canvas;
    this.stage = stage;
    this.pressed = pressed;
    /** @type {Map<number, Place>} */
    this.down = new Map();
    this.apart = 0;
    /** @type {Place | null} */
    this.start = null; // of what may still be a press
  }

  gap() {
    const [a, b] = [...this.down.values()];
    return Math.hypot(a.x - b.x, a.y - b.y);
  }

  /** @param {PointerEvent} event */
  begin(event) {
    const place = { x: event.clientX, y: event.clientY };
    this.canvas.setPointerCapture(event.pointerId);
    this.down.set(event.pointerId, place);
    this.start = this.down.size === 1 && event.button === 0 ? place : null;
    if (this.down.size === 2) this.apart = this.gap();
  }

  /** @param {PointerEvent} event */
  move(event) {
    const last = this.down.get(event.pointerId);
    if (!last) return;
    const [dx, dy] = [event.clientX - last.x, event.clientY - last.y];
    if (this.start && Math.hypot(event.clientX - this.start.x, event.clientY - this.start.y) > STILL) this.start = null;
    this.down.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const scale = this.stage.perPixel();
    if (this.down.size === 2) this.pinch(dx * scale, dy * scale);
    else if (event.shiftKey || event.buttons === 2) this.stage.shift(-dx * scale, dy * scale);
    else if (!this.start) this.stage.turn(dx * 0.4, dy * 0.4);
  }

  /**
   * @param {number} across in plane coordinates
   * @param {number} down
   */
  pinch(across, down) {
    const now = this.gap();
    this.stage.zoom(this.apart / (now || 1));
    this.apart = now;
    this.stage.shift(-across / 2, down / 2);
  }

  /** @param {PointerEvent} event */
  end(event) {
    if (this.start && this.down.has(event.pointerId)) {
      const box = this.canvas.getBoundingClientRect();
      this.pressed(event.clientX - box.left, event.clientY - box.top);
    }
    this.start = null;
    this.down.delete(event.pointerId);
  }
}

/**
 * Let pointers move the stage.
 * @param {HTMLCanvasElement} canvas
 * @param {Stage} stage
 * @param {(x: number, y: number) => void} pressed called with a press that was no drag, in pixels of the canvas
 */
export function followPointers(canvas, stage, pressed) {
  const pointers = new Pointers(canvas, stage, pressed);
  canvas.addEventListener("pointerdown", (event) => pointers.begin(event));
  canvas.addEventListener("pointermove", (event) => pointers.move(event));
  canvas.addEventListener("pointerup", (event) => pointers.end(event));
  canvas.addEventListener("pointercancel", (event) => pointers.down.delete(event.pointerId));
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      stage.zoom(Math.exp(event.deltaY * 0.0012));
    },
    { passive: false },
  );
}
