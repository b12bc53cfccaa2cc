// From a fit, as it is stored, to the overlay's frames, and back.
//
// A fit leads from the height map as it was scanned to the whole picture, each side from -1 to 1. The overlay lays the
// print, which reads as on paper, over a square with the picture in its middle.

/** @import { Item, ShownCard } from "../types.d.ts" */

/** @typedef {Pick<Item, "mirrored">} Lain how a block's height map lies */
/** @typedef {Pick<ShownCard, "width" | "height">} Sides */

/**
 * The print's place on the query as a canvas takes it: [a, b, c, d, e, f], its (x, y) at (a x + c y + e, b x + d y + f).
 * @param {number[]} transform (x, y) at (t0 x + t1 y + t2, t3 x + t4 y + t5)
 * @param {Lain} item
 * @param {Sides} card
 */
export function matrixOf([a, b, c, d, e, f], item, card) {
  const [side, wide, high] = [item.mirrored ? -1 : 1, ...shares(card)];
  return [side * a * wide, side * d * high, b * wide, e * high, c * wide, f * high];
}

/**
 * The inverse of `matrixOf`.
 * @param {number[]} matrix
 * @param {Lain} item
 * @param {Sides} card
 */
export function transformOf([a, b, c, d, e, f], item, card) {
  const [side, wide, high] = [item.mirrored ? -1 : 1, ...shares(card)];
  return [(side * a) / wide, c / wide, e / wide, (side * b) / high, d / high, f / high];
}

/**
 * How much of the square the picture fills, across and down.
 * @param {Sides} card
 */
function shares({ width, height }) {
  const [wide, high] = [width || 1, height || 1];
  const longer = Math.max(wide, high);
  return [wide / longer, high / longer];
}
