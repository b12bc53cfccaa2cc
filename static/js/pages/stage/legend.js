// What the frames mean: each drawn as it is drawn on the page.
import { all } from "../../lib/dom.js";
import { frame } from "./paint.js";

/** @import { BoxState } from "../../types.d.ts" */
/** @import { Colours } from "./colours.js" */

const SIZE = 18; // css pixels

/** @param {Colours} colours */
export function legend(colours) {
  const ratio = globalThis.devicePixelRatio || 1;
  for (const canvas of /** @type {HTMLCanvasElement[]} */ (all("canvas[data-state]"))) {
    Object.assign(canvas, { width: SIZE * ratio, height: SIZE * ratio });
    const context = canvas.getContext("2d");
    const state = /** @type {BoxState} */ (canvas.dataset.state);
    if (!context) continue;
    context.scale(ratio, ratio);
    frame(context, state, [{ x: 2.5, y: 2.5, w: SIZE - 5, h: SIZE - 5 }], colours.states[state]);
  }
}
