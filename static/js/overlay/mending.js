// Moving a block that is laid over a picture by hand: pushed, turned, scaled, stretched, and all of it undone.
import { after } from "./fields.js";

/** @typedef {"left" | "right" | "up" | "down"} Way */
/** @typedef {"push" | "turn" | "scale" | "widen" | "heighten"} Move */

const STEP = 0.01; // of the half side
const TURN = Math.PI / 180;
const GROWTH = 1.01;
const FAR = 5; // times as far with Shift

/** @type {Record<Way, number[]>} */
const WAYS = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] };

/**
 * A matrix pushed on.
 * @param {number[]} matrix
 * @param {Way} way
 * @param {boolean} far
 */
export function pushed([a, b, c, d, e, f], way, far) {
  const [x, y] = WAYS[way].map((one) => one * STEP * (far ? FAR : 1));
  return [a, b, c, d, e + x, f + y];
}

/**
 * A matrix turned, scaled or stretched about the block's own middle.
 * @param {number[]} matrix
 * @param {Exclude<Move, "push">} move
 * @param {number} steps below 0 for the other way
 */
export function changed(matrix, move, steps) {
  const [middleX, middleY] = [matrix[4], matrix[5]];
  const grown = GROWTH ** steps;
  if (move === "widen") return after(matrix, [grown, 0, 0, 1, 0, 0]);
  if (move === "heighten") return after(matrix, [1, 0, 0, grown, 0, 0]);
  const [cos, sin] = move === "turn" ? [Math.cos(steps * TURN), Math.sin(steps * TURN)] : [grown, 0];
  const [a, b, c, d] = after([cos, sin, -sin, cos, 0, 0], [...matrix.slice(0, 4), 0, 0]);
  return [a, b, c, d, middleX, middleY];
}

/**
 * What each key does to the matrix, by the key's name.
 * @type {Record<string, (matrix: number[], far: boolean) => number[]>}
 */
export const MOVES = {
  arrowleft: (matrix, far) => pushed(matrix, "left", far),
  arrowright: (matrix, far) => pushed(matrix, "right", far),
  arrowup: (matrix, far) => pushed(matrix, "up", far),
  arrowdown: (matrix, far) => pushed(matrix, "down", far),
  ",": (matrix) => changed(matrix, "turn", -1),
  ".": (matrix) => changed(matrix, "turn", 1),
  "<": (matrix) => changed(matrix, "turn", -FAR),
  ">": (matrix) => changed(matrix, "turn", FAR),
  "+": (matrix) => changed(matrix, "scale", 1),
  "=": (matrix) => changed(matrix, "scale", 1),
  "-": (matrix) => changed(matrix, "scale", -1),
  w: (matrix) => changed(matrix, "widen", 1),
  n: (matrix) => changed(matrix, "widen", -1),
  t: (matrix) => changed(matrix, "heighten", 1),
  f: (matrix) => changed(matrix, "heighten", -1),
};
