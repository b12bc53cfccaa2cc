// Which boxes lie where, without looking at all of them: squares of the page, each with those that touch it.
import { centre, holds } from "./geometry.js";

/** @import { PageBox, Point, Rect } from "../../types.d.ts" */

const SQUARE = 256; // pixels of the page

export class Grid {
  /** @param {Iterable<PageBox>} boxes */
  constructor(boxes) {
    /** @type {Map<number, PageBox[]>} */
    this.squares = new Map();
    for (const box of boxes) {
      for (const key of squaresOf(box)) {
        const there = this.squares.get(key);
        if (there) there.push(box);
        else this.squares.set(key, [box]);
      }
    }
  }

  /**
   * Those that touch a rectangle, each once.
   * @param {Rect} rect
   * @returns {PageBox[]}
   */
  touching(rect) {
    /** @type {Set<PageBox>} */
    const found = new Set();
    for (const key of squaresOf(rect)) {
      for (const box of this.squares.get(key) ?? []) if (meet(box, rect)) found.add(box);
    }
    return [...found];
  }

  /**
   * The box under a point; of several the smallest, and of none the nearest within `slack`.
   * @param {Point} point
   * @param {number} [slack]
   * @returns {PageBox | null}
   */
  at(point, slack = 0) {
    const near = this.touching({ x: point.x - slack, y: point.y - slack, w: 2 * slack, h: 2 * slack });
    const under = near.filter((box) => holds(box, point));
    if (under.length) return under.reduce((a, b) => (a.w * a.h <= b.w * b.h ? a : b));
    return near.reduce((best, box) => (!best || far(box, point) < far(best, point) ? box : best), first(near));
  }
}

/**
 * @param {PageBox[]} boxes
 * @returns {PageBox | null}
 */
const first = (boxes) => boxes[0] ?? null;

/**
 * @param {Rect} rect
 * @param {Point} point
 */
function far(rect, point) {
  const middle = centre(rect);
  return Math.hypot(middle.x - point.x, middle.y - point.y);
}

/**
 * @param {Rect} a
 * @param {Rect} b
 */
function meet(a, b) {
  return a.x <= b.x + b.w && b.x <= a.x + a.w && a.y <= b.y + b.h && b.y <= a.y + a.h;
}

/** @param {Rect} rect */
function* squaresOf({ x, y, w, h }) {
  for (let row = Math.floor(y / SQUARE); row <= Math.floor((y + h) / SQUARE); row += 1) {
    for (let column = Math.floor(x / SQUARE); column <= Math.floor((x + w) / SQUARE); column += 1) {
      yield row * 100_000 + column;
    }
  }
}
