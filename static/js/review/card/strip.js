// The strip of a page around a box: which part of the page it shows, and from which tiles.

/** @import { PagePlace, Rect } from "../../types.d.ts" */

const TILE = 512;
const WIDE = 1.5; // times the box's width
const MOST = 5; // times the box's height: wide boxes would else be shown too small

/**
 * @typedef {object} Strip
 * @property {Rect} part of the page
 * @property {number} width css pixels
 * @property {number} height
 * @property {number} scale css pixels a pixel of the page
 * @property {(rect: Rect) => Rect} placed where a part of the page lies in the strip
 */
/** @typedef {Rect & { url: string }} Tile in css pixels of the strip */

/**
 * The strip with the box in its middle. Null where the box is not among those given.
 * @param {PagePlace} place
 * @param {number} width css pixels
 * @param {number} height
 * @returns {Strip | null}
 */
export function stripOf({ box, boxes }, width, height) {
  const here = boxes.find(({ id }) => id === box);
  if (!here || width <= 0 || height <= 0) return null;
  const scale = Math.min(width / (here.w * WIDE), height / (here.h * MOST));
  const [w, h] = [width / scale, height / scale];
  const part = { x: here.x + here.w / 2 - w / 2, y: here.y + here.h / 2 - h / 2, w, h };
  const placed = (/** @type {Rect} */ rect) => ({
    x: (rect.x - part.x) * scale,
    y: (rect.y - part.y) * scale,
    w: rect.w * scale,
    h: rect.h * scale,
  });
  return { part, width, height, scale, placed };
}

/**
 * The tiles that a strip is drawn from, of the level that is just fine enough.
 * @param {Pick<PagePlace, "width" | "height" | "tiles">} page
 * @param {Strip | null} strip
 * @param {number} ratio pixels of the screen a css pixel
 * @returns {Tile[]}
 */
export function tilesOf({ width, height, tiles }, strip, ratio) {
  if (!strip) return [];
  const top = Math.ceil(Math.log2(Math.max(width, height)));
  const coarser = Math.max(0, Math.floor(Math.log2(1 / (strip.scale * ratio))));
  const level = Math.max(0, top - coarser);
  const side = TILE * 2 ** (top - level); // pixels of the page
  const { part } = strip;
  const found = [];
  for (let row = place(part.y, side); row <= place(Math.min(part.y + part.h, height - 1), side); row += 1) {
    for (let column = place(part.x, side); column <= place(Math.min(part.x + part.w, width - 1), side); column += 1) {
      const [x, y] = [column * side, row * side];
      const rect = { x, y, w: Math.min(side, width - x), h: Math.min(side, height - y) };
      const names = { "{level}": level, "{column}": column, "{row}": row };
      const url = Object.entries(names).reduce((text, [name, value]) => text.replace(name, `${value}`), tiles);
      found.push({ ...strip.placed(rect), url });
    }
  }
  return found;
}

/**
 * @param {number} at
 * @param {number} side
 */
const place = (at, side) => Math.max(0, Math.floor(at / side));
