// The way from box to box: in reading order, sideways by what lies there, and to the next one that is open.
import { centre } from "./geometry.js";

/** @import { PageBox } from "../../types.d.ts" */
/** @typedef {"up" | "down" | "left" | "right"} Direction */
/** @typedef {{ column: number, boxes: PageBox[] }} Column */

/**
 * @param {Iterable<PageBox>} boxes
 * @returns {PageBox[]}
 */
export function inOrder(boxes) {
  return [...boxes].sort((a, b) => a.order - b.order || a.id - b.id);
}

/**
 * The columns of boxes in reading order, the first to be read first.
 * @param {PageBox[]} ordered
 * @returns {Column[]}
 */
export function columnsOf(ordered) {
  /** @type {Map<number, PageBox[]>} */
  const columns = new Map();
  for (const box of ordered) {
    const there = columns.get(box.column);
    if (there) there.push(box);
    else columns.set(box.column, [box]);
  }
  return [...columns].map(([column, boxes]) => ({ column, boxes }));
}

/**
 * The box that an arrow leads to: up and down along the reading, left and right to the nearest beside it.
 * Without a place to start from, the first one. Null where there is none.
 * @param {PageBox[]} ordered
 * @param {PageBox | null} from
 * @param {Direction} direction
 * @returns {PageBox | null}
 */
export function neighbour(ordered, from, direction) {
  if (!from) return ordered[0] ?? null;
  if (direction === "left" || direction === "right") return beside(ordered, from, direction === "left" ? -1 : 1);
  const place = ordered.findIndex(({ id }) => id === from.id);
  return ordered[place + (direction === "down" ? 1 : -1)] ?? null;
}

/**
 * @param {PageBox[]} boxes
 * @param {PageBox} from
 * @param {number} sign
 */
function beside(boxes, from, sign) {
  const here = centre(from);
  let best = null;
  let least = Infinity;
  for (const box of boxes) {
    const there = centre(box);
    const across = sign * (there.x - here.x);
    const outside = Math.max(0, Math.abs(there.y - here.y) - from.h / 2); // a neighbour need not stand level
    const cost = across + 4 * outside;
    if (across > Math.min(from.w, box.w) / 2 && cost < least) [best, least] = [box, cost];
  }
  return best;
}

/**
 * Whether there is something to say about a box: an answer is missing, differs, or was given for another crop.
 * @param {PageBox} box
 */
export function isOpen({ state, moved }) {
  return state === "suggested" || state === "disputed" || (moved && state !== "not_character");
}

/**
 * The next box that fits, in reading order and round the end of the page; null where none does.
 * @param {PageBox[]} ordered
 * @param {PageBox | null} from
 * @param {(box: PageBox) => boolean} fits
 * @param {number} [by] -1: the one before
 * @returns {PageBox | null}
 */
export function nextThat(ordered, from, fits, by = 1) {
  const count = ordered.length;
  const place = from ? ordered.findIndex(({ id }) => id === from.id) : by > 0 ? -1 : 0;
  for (let step = 1; step <= count; step += 1) {
    const box = ordered[(((place + by * step) % count) + count) % count];
    if (fits(box)) return box;
  }
  return null;
}

/**
 * The column of a box.
 * @param {PageBox[]} ordered
 * @param {PageBox} box
 */
export function columnOf(ordered, box) {
  return ordered.filter(({ column }) => column === box.column);
}
