// Rectangles and lines on a page, in its pixels.

/** @import { Point, Rect } from "../../types.d.ts" */

export const LEAST = 4; // pixels: nothing smaller is a box

/**
 * @param {Rect} rect
 * @returns {Point}
 */
export function centre({ x, y, w, h }) {
  return { x: x + w / 2, y: y + h / 2 };
}

/**
 * Whether a point lies in a rectangle, or at most `slack` outside it.
 * @param {Rect} rect
 * @param {Point} point
 * @param {number} [slack]
 */
export function holds({ x, y, w, h }, point, slack = 0) {
  return point.x >= x - slack && point.x <= x + w + slack && point.y >= y - slack && point.y <= y + h + slack;
}

/**
 * How much two rectangles share, as a part of the smaller one.
 * @param {Rect} a
 * @param {Rect} b
 */
export function overlap(a, b) {
  const w = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x);
  const h = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y);
  return w > 0 && h > 0 ? (w * h) / Math.min(a.w * a.h, b.w * b.h) : 0;
}

/**
 * The smallest rectangle around all of these; there must be one.
 * @param {Rect[]} rects
 * @returns {Rect}
 */
export function around(rects) {
  const x = Math.min(...rects.map((one) => one.x));
  const y = Math.min(...rects.map((one) => one.y));
  const right = Math.max(...rects.map((one) => one.x + one.w));
  const bottom = Math.max(...rects.map((one) => one.y + one.h));
  return { x, y, w: right - x, h: bottom - y };
}

/**
 * The rectangle between two corners.
 * @param {Point} a
 * @param {Point} b
 * @returns {Rect}
 */
export function between(a, b) {
  return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), w: Math.abs(a.x - b.x), h: Math.abs(a.y - b.y) };
}

/**
 * The rectangle, moved and if need be made smaller so that it lies on the page.
 * @param {Rect} rect
 * @param {{ width: number, height: number }} page
 * @returns {Rect}
 */
export function onPage(rect, { width, height }) {
  const w = Math.min(Math.max(rect.w, LEAST), width);
  const h = Math.min(Math.max(rect.h, LEAST), height);
  return { x: clamp(rect.x, 0, width - w), y: clamp(rect.y, 0, height - h), w, h };
}

/**
 * The rectangle with the named sides moved: "n", "se". A side that is drawn over the other one stops at it.
 * @param {Rect} rect
 * @param {string} sides
 * @param {Point} by
 * @returns {Rect}
 */
export function stretched({ x, y, w, h }, sides, by) {
  let [left, top, right, bottom] = [x, y, x + w, y + h];
  if (sides.includes("w")) left = Math.min(left + by.x, right - LEAST);
  if (sides.includes("e")) right = Math.max(right + by.x, left + LEAST);
  if (sides.includes("n")) top = Math.min(top + by.y, bottom - LEAST);
  if (sides.includes("s")) bottom = Math.max(bottom + by.y, top + LEAST);
  return { x: left, y: top, w: right - left, h: bottom - top };
}

/**
 * Where a straight line cuts a rectangle from side to side: the height in its middle; null where it does not.
 * @param {Rect} rect
 * @param {Point} from
 * @param {Point} to
 */
export function cutAt({ x, y, w, h }, from, to) {
  const run = to.x - from.x;
  const middle = x + w / 2;
  if (Math.min(from.x, to.x) > middle || Math.max(from.x, to.x) < middle || Math.abs(run) < 1e-9) return null;
  const at = from.y + ((to.y - from.y) * (middle - from.x)) / run;
  return at > y + LEAST && at < y + h - LEAST ? at : null;
}

/**
 * Whether a point lies inside a closed line.
 * @param {Point} point
 * @param {Point[]} line
 */
export function inside(point, line) {
  let odd = false;
  line.forEach((a, i) => {
    const b = line[(i + 1) % line.length];
    const crosses = a.y > point.y !== b.y > point.y;
    if (crosses && point.x < a.x + ((b.x - a.x) * (point.y - a.y)) / (b.y - a.y)) odd = !odd;
  });
  return odd;
}

/**
 * Points along a line, at most `gap` from one to the next, so that a fast stroke jumps over nothing.
 * @param {Point[]} line
 * @param {number} gap
 * @returns {Point[]}
 */
export function along(line, gap) {
  return line.flatMap((to, i) => {
    const from = line[Math.max(0, i - 1)];
    const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / gap));
    return Array.from({ length: steps }, (_, step) => mix(from, to, (step + 1) / steps));
  });
}

/**
 * @param {Point} a
 * @param {Point} b
 * @param {number} share
 */
const mix = (a, b, share) => ({ x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share });

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length ? sorted[sorted.length >> 1] : 0;
}
