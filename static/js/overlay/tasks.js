// The overlay's work, off the page's own thread: fetch pictures, register prints, find where they differ.
import { differences } from "./differences.js";
import { inkOf } from "./ink.js";
import { prepared, register, SIDE } from "./register.js";

export const INK_SIDE = 256; // pixels a side of the ink that is shown
const KEPT = 48; // pictures held ready

const held = new Map();

/** The pictures of an address, { small, large }: promises, kept for the next asking. */
function picture(url) {
  const found = held.get(url) ?? read(url);
  held.delete(url);
  held.set(url, found);
  found.catch(() => held.delete(url));
  if (held.size > KEPT) held.delete(held.keys().next().value);
  return found;
}

async function read(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status}`);
  const blob = await response.blob();
  return { blob, ready: prepared(await grey(blob, SIDE)) };
}

/** A picture in a square of `side` pixels, whole and in the middle; its own border goes on around it. */
async function grey(blob, side) {
  const whole = await createImageBitmap(blob);
  const scale = side / Math.max(whole.width, whole.height);
  const wide = Math.max(1, Math.round(whole.width * scale));
  const high = Math.max(1, Math.round(whole.height * scale));
  const small = await createImageBitmap(whole, { resizeWidth: wide, resizeHeight: high, resizeQuality: "high" });
  whole.close();
  const paper = surface(wide, high).getContext("2d", { willReadFrequently: true });
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

function surface(width, height) {
  if (typeof OffscreenCanvas === "function") return new OffscreenCanvas(width, height);
  return Object.assign(document.createElement("canvas"), { width, height });
}

function squared(values, wide, high, side) {
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
 * What is asked for: { do: "register", query, print }, { do: "differ", query, prints, maps } or { do: "ink", url },
 * with pictures by their addresses. Rejects where a picture cannot be had.
 */
export async function carryOut(asked) {
  if (asked.do === "register") {
    const [query, print] = await Promise.all([picture(asked.query), picture(asked.print)]);
    return register(query.ready, print.ready);
  }
  if (asked.do === "differ") {
    const [query, ...prints] = await Promise.all([asked.query, ...asked.prints].map(picture));
    return differences(
      query.ready,
      prints.map(({ ready }) => ready),
      asked.maps,
    );
  }
  const { blob } = await picture(asked.url);
  return Uint8Array.from(inkOf(await grey(blob, INK_SIDE), INK_SIDE), (one) => Math.round(255 * one));
}
