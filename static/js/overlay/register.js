// Lays a carving's print over a picture of the character: finds the turn, size and place at which the
// two agree best, then, where it clearly helps, the affine map. First blurred ink is tried everywhere on
// a coarse grid; the best starts are followed on finer ones, by the strokes' middle lines at last, so
// that a fat print and a thin one are laid over each other as well as two alike.

import { attention, blurred, distances, inverse, shrunk, warped } from "./fields.js";
import { Fit } from "./fit.js";
import { core, inkOf } from "./ink.js";

/** @import { Found, Sloped } from "./fit.js" */

/**
 * What registering needs of a picture.
 * @typedef {object} Prepared
 * @property {Float32Array} ink (SIDE * SIDE) in [0, 1]
 * @property {Float32Array} small (COARSE * COARSE) the same, blurred
 * @property {Sloped[]} levels
 * @property {Uint8Array} line (SIDE * SIDE) the strokes' middle lines
 * @property {Float32Array} away (SIDE * SIDE) pixels to the nearest ink
 * @property {number} amount share of the picture that is ink
 */
/** @typedef {{ matrix: number[], score: number, kind: "similarity" | "affine" | "stored" }} Registration */
/** @typedef {Registration & { agreement: number, residual: number }} Measured with the inks' correlation and difference */

export const SIDE = 96; // pixels a side of what is given
const COARSE = 24;
const REACH = 5; // coarse pixels that are tried as shifts, to every side
const LEVELS = [
  { n: 32, sigma: 1.5, keep: 5, steps: 8, lines: 0 },
  { n: 48, sigma: 1.6, keep: 2, steps: 6, lines: 0.5 },
  { n: 64, sigma: 1.6, keep: 1, steps: 8, lines: 1 },
];
const SIZES = [0.64, 0.76, 0.9, 1.05, 1.25, 1.5]; // of the picture's frame against the print's
const TURNS = [-9, 0, 9]; // degrees
const AFFINE_GAIN = 0.02; // of correlation, for which shape may be given up
const NEAR = 0.07; // within which two strokes are the same, the frame's half side being 1

/**
 * What registering needs of a grey picture of SIDE * SIDE, each 0 … 255.
 * @param {Float32Array} grey
 * @returns {Prepared}
 */
export function prepared(grey) {
  const ink = inkOf(grey, SIDE);
  const line = core(blurred(ink, SIDE, 0.7), SIDE);
  const drawn = Float32Array.from(line);
  const levels = LEVELS.map(({ n, sigma, lines }) => level(ink, drawn, n, sigma, lines));
  const away = distances(
    Uint8Array.from(ink, (one) => (one > 0.5 ? 1 : 0)),
    SIDE,
  );
  const amount = ink.reduce((sum, one) => sum + one, 0) / ink.length;
  return { ink, small: blurred(shrunk(ink, SIDE, COARSE), COARSE, 0.8), levels, line, away, amount };
}

/**
 * Ink and middle lines, mixed, blurred, with their slopes, in a square of n.
 * @param {Float32Array} ink
 * @param {Float32Array} drawn
 * @param {number} n
 * @param {number} sigma
 * @param {number} lines
 */
function level(ink, drawn, n, sigma, lines) {
  const strength = 4 * (SIDE / n) ** 0.5 * lines;
  const mixed = shrunk(
    Float32Array.from(ink, (one, i) => (1 - lines) * one + strength * drawn[i]),
    SIDE,
    n,
  );
  return sloped(blurred(mixed, n, sigma), n);
}

/**
 * A field with its slopes, per unit of the frame: x, y.
 * @param {Float32Array} field
 * @param {number} n
 * @returns {Sloped}
 */
function sloped(field, n) {
  const [x, y] = [new Float32Array(n * n), new Float32Array(n * n)];
  for (let row = 0, at = 0; row < n; row += 1) {
    for (let column = 0; column < n; column += 1, at += 1) {
      const [left, right] = [column && field[at - 1], column < n - 1 ? field[at + 1] : 0];
      const [up, down] = [row && field[at - n], row < n - 1 ? field[at + n] : 0];
      x[at] = ((right - left) * n) / 4;
      y[at] = ((down - up) * n) / 4;
    }
  }
  return { field, x, y };
}

/**
 * query, print: from `prepared`. Returns { matrix, score, kind }:
 * matrix: [a, b, c, d, e, f], the print's (x, y) in [-1, 1] to the query's (a x + c y + e, b x + d y + f),
 *   as a canvas takes it; score: in [0, 1], how far their strokes agree; kind: "similarity" or "affine".
 * An empty picture is laid over as it is, with score 0.
 * @param {Prepared} query
 * @param {Prepared} print
 * @returns {Registration}
 */
export function register(query, print) {
  if (query.amount < 0.003 || print.amount < 0.003) return { matrix: [1, 0, 0, 1, 0, 0], score: 0, kind: "similarity" };
  let starts = everywhere(query.small, print.small);
  LEVELS.forEach(({ n, keep, steps }, i) => {
    const fitting = new Fit(query.levels[i].field, print.levels[i], n);
    starts = starts.slice(0, keep).map(({ map }) => fitting.from(map, steps, 4));
    starts.sort((a, b) => b.agreement - a.agreement);
  });
  const [best] = starts;
  const last = LEVELS.length - 1;
  const bent = new Fit(query.levels[last].field, print.levels[last], LEVELS[last].n).from(best.map, 6, 6);
  const kind = bent.agreement > best.agreement + AFFINE_GAIN ? "affine" : "similarity";
  const { map } = kind === "affine" ? bent : best;
  return { matrix: inverse(map), score: likeness(query, print, map), kind };
}

/**
 * How a print meets a query where it is laid: as from `register`, with the correlation of the inks in [-1, 1] and
 * their mean difference in [0, 1], where the print's square lies on the picture.
 * @param {Prepared} query
 * @param {Prepared} print
 * @param {number[]} matrix
 * @returns {Measured}
 */
export function measured(query, print, matrix) {
  const seen = warped(query.ink, SIDE, matrix);
  const inside = warped(new Float32Array(SIDE * SIDE).fill(1), SIDE, matrix);
  return {
    matrix,
    score: likeness(query, print, inverse(matrix)),
    kind: "stored",
    ...agreement(seen, print.ink, inside),
  };
}

/**
 * @param {Float32Array} one
 * @param {Float32Array} other
 * @param {Float32Array} weights
 */
function agreement(one, other, weights) {
  let [all, sumOne, sumOther, off] = [1e-9, 0, 0, 0];
  one.forEach((value, i) => {
    all += weights[i];
    sumOne += weights[i] * value;
    sumOther += weights[i] * other[i];
    off += weights[i] * Math.abs(value - other[i]);
  });
  let [cross, powerOne, powerOther] = [0, 0, 0];
  one.forEach((value, i) => {
    const [a, b] = [value - sumOne / all, other[i] - sumOther / all];
    cross += weights[i] * a * b;
    powerOne += weights[i] * a * a;
    powerOther += weights[i] * b * b;
  });
  const power = Math.sqrt(powerOne * powerOther);
  return { agreement: power > 1e-9 ? cross / power : 0, residual: Math.min(1, off / all) };
}

/**
 * The best shift of each size and turn. Best first: [{ map, agreement }].
 * @param {Float32Array} query
 * @param {Float32Array} print
 */
function everywhere(query, print) {
  const n = COARSE;
  const weights = attention(n);
  const q = centred(query, weights);
  const found = [];
  for (const size of SIZES) {
    for (const turn of TURNS) {
      const [cos, sin] = [Math.cos((turn * Math.PI) / 180) * size, Math.sin((turn * Math.PI) / 180) * size];
      found.push(shifted(q, warped(print, n, [cos, sin, -sin, cos, 0, 0]), weights, [cos, sin, -sin, cos]));
    }
  }
  return found.sort((a, b) => b.agreement - a.agreement);
}

/**
 * `field` less its weighted mean, times the weights; and what is left of it in all.
 * @param {Float32Array} field
 * @param {Float32Array} weights
 */
function centred(field, weights) {
  let [sum, all, power] = [0, 0, 0];
  for (let i = 0; i < field.length; i += 1) {
    sum += weights[i] * field[i];
    all += weights[i];
  }
  const out = new Float32Array(field.length);
  for (let i = 0; i < field.length; i += 1) {
    const less = field[i] - sum / all;
    out[i] = weights[i] * less;
    power += out[i] * less;
  }
  return { field: out, power, all };
}

/**
 * The shift of `seen`, in whole pixels, that correlates best with the centred query.
 * @param {ReturnType<typeof centred>} q
 * @param {Float32Array} seen
 * @param {Float32Array} weights
 * @param {number[]} turn
 * @returns {Found}
 */
function shifted(q, seen, weights, turn) {
  const n = COARSE;
  const wide = n + 2 * REACH;
  const padded = new Float32Array(wide * wide); // nothing but paper around it
  for (let y = 0; y < n; y += 1) padded.set(seen.subarray(y * n, y * n + n), (y + REACH) * wide + REACH);
  let best = { agreement: -2, dx: 0, dy: 0 };
  for (let dy = -REACH; dy <= REACH; dy += 1) {
    for (let dx = -REACH; dx <= REACH; dx += 1) {
      let [cross, sum, squares] = [0, 0, 0];
      for (let y = 0; y < n; y += 1) {
        let from = (y + REACH - dy) * wide + REACH - dx;
        for (let at = y * n; at < y * n + n; at += 1, from += 1) {
          const p = padded[from];
          const wp = weights[at] * p;
          cross += q.field[at] * p;
          sum += wp;
          squares += wp * p;
        }
      }
      const spread = squares - (sum * sum) / q.all;
      const agreement = spread > 1e-9 && q.power > 1e-9 ? cross / Math.sqrt(spread * q.power) : -1;
      if (agreement > best.agreement) best = { agreement, dx, dy };
    }
  }
  const [x, y] = [(-2 * best.dx) / n, (-2 * best.dy) / n];
  const [a, b, c, d] = turn;
  return { agreement: best.agreement, map: [a, b, c, d, a * x + c * y, b * x + d * y] };
}

/**
 * How far strokes agree, in [0, 1]: of each one's middle lines, how much lies on or near the other's ink.
 * @param {Prepared} query
 * @param {Prepared} print
 * @param {number[]} map
 */
function likeness(query, print, map) {
  const back = inverse(map);
  const weights = attention(SIDE);
  const shared = covered(query.line, print.away, map, weights);
  const seen = covered(print.line, query.away, back, null);
  return shared + seen > 0 ? (2 * shared * seen) / (shared + seen) : 0;
}

/**
 * The share of the pixels of `line` that, sent through `map`, come to ink; `away` says how far it is.
 * @param {Uint8Array} line
 * @param {Float32Array} away
 * @param {number[]} map
 * @param {Float32Array | null} weights
 */
function covered(line, away, map, weights) {
  const n = SIDE;
  const half = n / 2;
  const [a, b, c, d, e, f] = map;
  const near = (NEAR * half) ** 2 / 2;
  let [met, all] = [0, 0];
  for (let at = 0; at < line.length; at += 1) {
    if (!line[at]) continue;
    const u = ((at % n) + 0.5) / half - 1;
    const v = (Math.floor(at / n) + 0.5) / half - 1;
    const x = Math.round((a * u + c * v + e + 1) * half - 0.5);
    const y = Math.round((b * u + d * v + f + 1) * half - 0.5);
    const w = weights ? weights[at] : 1;
    all += w;
    const inside = x >= 0 && y >= 0 && x < n && y < n;
    const far = away[Math.min(n - 1, Math.max(0, y)) * n + Math.min(n - 1, Math.max(0, x))];
    if (inside || far < 2) met += w * Math.exp((-far * far) / (2 * near));
  }
  return all ? met / all : 0;
}
