// The slider's histogram: how many pictures have which confidence, and how they were answered.
import { svg } from "../lib/svg.js";

/** @typedef {[open: number, right: number, wrong: number]} Bin how many pictures are open, right and wrong */
/** @typedef {{ open: number, right: number, wrong: number }} Column */

const WIDTH = 800;
const HEIGHT = 130;
const TOGETHER = 5; // of the server's bins in one column
/** @type {(keyof Column)[]} */
const KEYS = ["right", "wrong", "open"];

/**
 * Draw the histogram. Returns what `moveMark` moves.
 * @param {Element} room
 * @param {Bin[]} bins from 0 to 1
 */
export function drawHistogram(room, bins) {
  const columns = columnsOf(bins);
  const top = Math.max(1, ...columns.map((column) => column.open + column.right + column.wrong));
  const sheet = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  const wide = WIDTH / columns.length;
  columns.forEach((column, place) => {
    let y = HEIGHT;
    for (const key of KEYS) {
      const height = (column[key] / top) * (HEIGHT - 4);
      y -= height;
      if (height) sheet.append(svg("rect", { class: `piece ${key}`, x: place * wide + 1, y, width: wide - 2, height }));
    }
  });
  const veil = svg("rect", { class: "sure-below", x: 0, y: 0, width: 0, height: HEIGHT });
  const line = svg("line", { class: "sure-mark", y1: 0, y2: HEIGHT });
  sheet.append(veil, line);
  room.replaceChildren(sheet);
  return { veil, line };
}

/**
 * Move the mark to a share of the width.
 * @param {{ veil: Element, line: Element }} mark
 * @param {number} share
 */
export function moveMark({ veil, line }, share) {
  const x = `${share * WIDTH}`;
  veil.setAttribute("width", x);
  line.setAttribute("x1", x);
  line.setAttribute("x2", x);
}

/**
 * Some bins make a column; whoever is altogether sure belongs to the last one.
 * @param {Bin[]} bins
 * @returns {Column[]}
 */
export function columnsOf(bins) {
  const count = (bins.length - 1) / TOGETHER;
  const columns = Array.from({ length: count }, () => ({ open: 0, right: 0, wrong: 0 }));
  bins.forEach(([open, right, wrong], place) => {
    const column = columns[Math.min(count - 1, Math.floor(place / TOGETHER))];
    column.open += open;
    column.right += right;
    column.wrong += wrong;
  });
  return columns;
}
