// The overlay's work, off the page's own thread: fetch pictures, register prints, find where they differ.
import { differences } from "./differences.js";
import { inkOf } from "./ink.js";
import { measured, prepared, register, SIDE } from "./register.js";

/** @import { Prepared } from "./register.js" */

/**
 * What is asked for, with pictures by their addresses.
 * @typedef {{ do: "register", query: string, print: string }
 *   | { do: "measure", query: string, print: string, matrix: number[] }
 *   | { do: "differ", query: string, prints: string[], maps: number[][] }
 *   | { do: "ink", url: string }} Task
 */
/** @typedef {{ blob: Blob, ready: Prepared }} Fetched */

const INK_SIDE = 256; // pixels a side of the ink that is shown
const KEPT = 48; // pictures kept ready

/** @type {Map<string, Promise<Fetched>>} */
const kept = new Map();

/**
 * The picture of an address, kept for the next asking.
 * @param {string} url
 */
function picture(url) {
  const found = kept.get(url) ?? read(url);
  kept.delete(url);
  kept.set(url, found);
  found.catch(() => kept.delete(url));
  const [oldest] = kept.keys();
  if (kept.size > KEPT) kept.delete(oldest);
  return found;
}

/** @param {string} url */
async function read(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status}`);
  const blob = await response.blob();
  return { blob, ready: prepared(await grey(blob, SIDE)) };
}

/**
 * A picture in a square of `side` pixels, whole and in the middle; its own border goes on around it.
 * @param {Blob} blob
 * @param {number} side
 */
async function grey(blob, side) {
  const whole = await createImageBitmap(blob);
  const scale = side / Math.max(whole.width, whole.height);
  const wide = Math.max(1, Math.round(whole.width * scale));
  const high = Math.max(1, Math.round(whole.height * scale));
  const small = await createImageBitmap(whole, { resizeWidth: wide, resizeHeight: high, resizeQuality: "high" });
  whole.close();
  const paper = sheet(wide, high);
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, wide, high);
  paper.drawImage(small, 0, 0);
  small.close();
  const { data } = paper.getImageData(0, 0, wide, high);
  const values = Float32Array.from(
    { length: wide * high },
    (_, i) => 0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2],
  );
  return squared(values, wide, high, side);
}

/**
 * @param {number} width
 * @param {number} height
 */
function sheet(width, height) {
  const offscreen = typeof OffscreenCanvas === "function";
  const canvas = offscreen
    ? new OffscreenCanvas(width, height)
    : Object.assign(document.createElement("canvas"), { width, height });
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
}

/**
 * A picture in the middle of a square, whose other pixels are as the picture's border is at most.
 * @param {Float32Array} values (wide * high)
 * @param {number} wide
 * @param {number} high
 * @param {number} side of the square, no less than either
 * @returns {Float32Array} (side * side)
 */
export function squared(values, wide, high, side) {
  if (wide === side && high === side) return values;
  const border = [];
  for (let x = 0; x < wide; x += 1) border.push(values[x], values[(high - 1) * wide + x]);
  for (let y = 0; y < high; y += 1) border.push(values[y * wide], values[y * wide + wide - 1]);
  border.sort((a, b) => a - b);
  const out = new Float32Array(side * side).fill(border[border.length >> 1]);
  const [left, top] = [(side - wide) >> 1, (side - high) >> 1];
  for (let y = 0; y < high; y += 1) out.set(values.subarray(y * wide, (y + 1) * wide), (y + top) * side + left);
  return out;
}

/**
 * Do what is asked for. Rejects where a picture cannot be had.
 * @param {Task} task
 */
export async function carryOut(task) {
  if (task.do === "register") {
    const [query, print] = await Promise.all([picture(task.query), picture(task.print)]);
    return register(query.ready, print.ready);
  }
  if (task.do === "measure") {
    const [query, print] = await Promise.all([picture(task.query), picture(task.print)]);
    return measured(query.ready, print.ready, task.matrix);
  }
  if (task.do === "differ") {
    const [query, ...prints] = await Promise.all([task.query, ...task.prints].map(picture));
    const ready = prints.map((print) => print.ready);
    return differences(query.ready, ready, task.maps);
  }
  const { blob } = await picture(task.url);
  return Uint8Array.from(inkOf(await grey(blob, INK_SIDE), INK_SIDE), (one) => Math.round(255 * one));
}
