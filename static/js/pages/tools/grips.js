// The grips of a chosen box: eight points of its frame by which it is pulled.
import { placed } from "../stage/paint.js";

/** @import { Place } from "../stage/paint.js" */
/** @import { Point, Rect } from "../../types.d.ts" */

const ROOM = 34; // css pixels: smaller boxes have grips at their corners alone, and outside them
const REACH = { mouse: 8, touch: 18, pen: 12 };

/** @typedef {{ sides: string, x: number, y: number }} Grip */

/**
 * Where the grips of a box are in the window.
 * @param {Rect} box
 * @param {Place} place
 * @returns {Grip[]}
 */
export function gripsOf(box, place) {
  const { x, y, w, h } = placed(box, place);
  const corners = [
    { sides: "nw", x, y },
    { sides: "ne", x: x + w, y },
    { sides: "sw", x, y: y + h },
    { sides: "se", x: x + w, y: y + h },
  ];
  const across = [
    { sides: "n", x: x + w / 2, y },
    { sides: "s", x: x + w / 2, y: y + h },
  ];
  const down = [
    { sides: "w", x, y: y + h / 2 },
    { sides: "e", x: x + w, y: y + h / 2 },
  ];
  return [...corners, ...(w > ROOM ? across : []), ...(h > ROOM ? down : [])];
}

/**
 * The grip under a point of the window; null where there is none.
 * @param {Rect} box
 * @param {Place} place
 * @param {Point} point in css pixels
 * @param {string} pointer "mouse", "touch" or "pen"
 * @returns {Grip | null}
 */
export function gripAt(box, place, point, pointer) {
  const reach = REACH[/** @type {keyof typeof REACH} */ (pointer)] ?? REACH.mouse;
  const far = (/** @type {Grip} */ grip) => Math.hypot(grip.x - point.x, grip.y - point.y);
  const near = gripsOf(box, place).filter((grip) => far(grip) <= reach);
  return near.sort((a, b) => far(a) - far(b))[0] ?? null;
}

/** @type {Record<string, string>} */
export const CURSORS = {
  nw: "nwse-resize",
  se: "nwse-resize",
  ne: "nesw-resize",
  sw: "nesw-resize",
  n: "ns-resize",
  s: "ns-resize",
  w: "ew-resize",
  e: "ew-resize",
};
