// Where two candidates differ: the places of a query at which one has a stroke and the other has none.
import { blurred, distances, inverse, warped } from "./fields.js";
import { SIDE } from "./register.js";

/** @import { Prepared } from "./register.js" */

/** @typedef {{ x: number, y: number, radius: number }} Round */
/** @typedef {Round & { like: 0 | 1 | null }} Place like: the print whose strokes the query has there, where it can be told */

const MOST = 3; // places that are marked
const NEAR = 3.5; // pixels within which two strokes are the same
const SPREAD = 4; // pixels over which strokes make up one place
const LEAST = 0.1; // of a place's strength, below which it is noise
const BESIDE = 0.45; // of the strongest place, which the others must have
const CLEARLY = 1.4; // times as far off, from which on the query is said to look like the other one

/**
 * query, prints[0], prints[1]: from `prepared`; maps: the two prints' matrices from `register`.
 * Returns up to three places, the clearest first: { x, y, radius, like } in the query's frame, like being
 * 0 or 1 where the query has the strokes of that print there, null where it cannot be told.
 * @param {Pick<Prepared, "ink">} query
 * @param {Pick<Prepared, "ink">[]} prints
 * @param {number[][]} maps
 * @returns {Place[]}
 */
export function differences(query, prints, maps) {
  const inks = prints.map((print, i) => warped(print.ink, SIDE, inverse(maps[i])));
  const lone = strength(inks);
  const soft = inks.map((ink) => blurred(ink, SIDE, 1.5));
  const seen = blurred(query.ink, SIDE, 1.5);
  /** @type {(Place & { strong: number })[]} */
  const found = [];
  const left = lone.slice();
  for (let i = 0; i < MOST; i += 1) {
    const top = left.indexOf(Math.max(...left));
    if (left[top] < LEAST || left[top] < BESIDE * (found[0]?.strong ?? 0)) break;
    const place = around(left, top);
    found.push({ ...place, strong: lone[top], like: nearer(seen, soft, place) });
    erase(left, place);
  }
  return found.map(({ x, y, radius, like }) => ({ ...framed(x, y, radius), like }));
}

/**
 * Blurred map of the ink of either that the other has nothing near.
 * @param {Float32Array[]} inks
 */
function strength(inks) {
  const solid = inks.map((ink) => Uint8Array.from(ink, (one) => (one > 0.5 ? 1 : 0)));
  const away = solid.map((mask) => distances(mask, SIDE));
  const lone = new Float32Array(SIDE * SIDE);
  for (let i = 0; i < lone.length; i += 1) {
    /** @type {(mine: number, other: number) => number} */
    const only = (mine, other) => (solid[mine][i] ? Math.min(1, Math.max(0, away[other][i] / NEAR - 1)) : 0);
    lone[i] = only(0, 1) + only(1, 0);
  }
  return blurred(lone, SIDE, SPREAD);
}

/**
 * The place about a peak: as far as it stays above half its height.
 * @param {Float32Array} field
 * @param {number} top
 */
function around(field, top) {
  const [x, y] = [top % SIDE, Math.floor(top / SIDE)];
  let [count, reach] = [0, 0];
  for (let i = 0; i < field.length; i += 1) {
    const far = Math.hypot((i % SIDE) - x, Math.floor(i / SIDE) - y);
    if (far > SIDE / 4 || field[i] < field[top] / 2) continue;
    count += 1;
    reach = Math.max(reach, far);
  }
  return { x, y, radius: Math.min(SIDE / 5, Math.max(6, (Math.sqrt(count / Math.PI) + reach) / 2 + 3)) };
}

/**
 * @param {Float32Array} field
 * @param {Round} place
 */
function erase(field, { x, y, radius }) {
  for (let i = 0; i < field.length; i += 1) {
    if (Math.hypot((i % SIDE) - x, Math.floor(i / SIDE) - y) < 1.6 * radius) field[i] = 0;
  }
}

/**
 * @param {Float32Array} seen
 * @param {Float32Array[]} inks
 * @param {Round} place
 * @returns {0 | 1 | null}
 */
function nearer(seen, inks, { x, y, radius }) {
  const off = [0, 0];
  for (let i = 0; i < seen.length; i += 1) {
    if (Math.hypot((i % SIDE) - x, Math.floor(i / SIDE) - y) > radius) continue;
    inks.forEach((ink, k) => {
      off[k] += Math.abs(seen[i] - ink[i]);
    });
  }
  if (off[0] * CLEARLY < off[1]) return 0;
  return off[1] * CLEARLY < off[0] ? 1 : null;
}

/** @type {(x: number, y: number, radius: number) => Round} */
const framed = (x, y, radius) => ({
  x: (2 * x + 1) / SIDE - 1,
  y: (2 * y + 1) / SIDE - 1,
  radius: (2 * radius) / SIDE,
});
