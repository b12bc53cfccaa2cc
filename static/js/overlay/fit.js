// Gauss-Newton on correlation: from a place that is nearly right to the one that is.
import { attention } from "./fields.js";

/** @typedef {{ field: Float32Array, x: Float32Array, y: Float32Array }} Sloped a field with its slopes */
/** @typedef {{ map: number[], agreement: number }} Found a map, six numbers, and its correlation */

const [SMALLEST, LARGEST] = [0.45, 2.2]; // sizes that a map may have
const MOST_TURN = 0.4; // radians
const MOST_STRETCH = 1.35; // of one direction against another
const ENOUGH = 3e-5; // of correlation: a step that brings less is the last one
const DOUBT = 0.6; // of the query's spread, from which on a difference is more likely a neighbour's stroke

export class Fit {
  /**
   * query: (n * n) field. print: { field, x, y }, the same with its slopes.
   * @param {Float32Array} query
   * @param {Sloped} print
   * @param {number} n
   */
  constructor(query, print, n) {
    this.query = query;
    this.print = print;
    this.n = n;
    this.weights = attention(n);
    let [all, sum, squares] = [0, 0, 0];
    for (let i = 0; i < query.length; i += 1) {
      const w = this.weights[i];
      all += w;
      sum += w * query[i];
      squares += w * query[i] * query[i];
    }
    this.all = all;
    this.sum = sum;
    this.power = squares - (sum * sum) / all;
    this.doubt = 1 / (DOUBT ** 2 * Math.max(1e-9, this.power / all) * 9);
  }

  /**
   * The best map near `map`, { map, agreement }; `freedom` 4 for a similarity, 6 for an affine map.
   * @param {number[]} map
   * @param {number} steps
   * @param {number} freedom
   * @returns {Found}
   */
  from(map, steps, freedom) {
    let best = { map, ...this.look(map) };
    let damping = 1e-3;
    let slopes = null;
    for (let step = 0; step < steps; step += 1) {
      slopes ??= this.slopes(best, freedom);
      const change = solved(slopes, damping);
      if (!change) break;
      const next = added(best.map, change, freedom);
      const found = allowed(next) ? this.look(next) : null;
      if (found && found.agreement > best.agreement) {
        const gain = found.agreement - best.agreement;
        best = { map: next, ...found };
        slopes = null;
        damping = Math.max(1e-4, damping / 4);
        if (gain < ENOUGH) break;
      } else {
        damping *= 10;
        if (damping > 10) break;
      }
    }
    return { map: best.map, agreement: best.agreement };
  }

  /**
   * How the query agrees with the print under `map`: { agreement, scale, offset }, query = scale * print + offset.
   * @param {number[]} map
   */
  look(map) {
    const { query, weights, n } = this;
    const { field } = this.print;
    let [cross, sum, squares] = [0, 0, 0];
    walk(map, n, (at, x, y) => {
      const value = between(field, n, x, y);
      const w = weights[at] * value;
      sum += w;
      squares += w * value;
      cross += w * query[at];
    });
    const spread = squares - (sum * sum) / this.all;
    const shared = cross - (sum * this.sum) / this.all;
    if (spread < 1e-9 || this.power < 1e-9) return { agreement: -1, scale: 1, offset: 0 };
    const scale = Math.max(0.2, shared / spread);
    return { agreement: shared / Math.sqrt(spread * this.power), scale, offset: (this.sum - scale * sum) / this.all };
  }

  /**
   * The normal equations of one step: { normal, right, size }.
   * @param {{ map: number[], scale: number, offset: number }} best
   * @param {number} freedom
   */
  slopes({ map, scale, offset }, freedom) {
    const { query, weights, n, print, doubt } = this;
    const size = freedom + 2;
    const normal = new Float64Array(size * size);
    const right = new Float64Array(size);
    const row = new Float64Array(size);
    const half = n / 2;
    walk(map, n, (at, x, y) => {
      const value = between(print.field, n, x, y);
      const gx = scale * between(print.x, n, x, y);
      const gy = scale * between(print.y, n, x, y);
      const u = ((at % n) + 0.5) / half - 1;
      const v = (((at / n) | 0) + 0.5) / half - 1;
      if (freedom === 4) similar(row, gx, gy, u, v);
      else affine(row, gx, gy, u, v);
      row[freedom] = value;
      row[freedom + 1] = 1;
      const left = query[at] - scale * value - offset;
      const w = weights[at] / (1 + doubt * left * left);
      for (let i = 0; i < size; i += 1) {
        const wi = w * row[i];
        right[i] += wi * left;
        for (let j = i; j < size; j += 1) normal[i * size + j] += wi * row[j];
      }
    });
    return { normal, right, size };
  }
}

/**
 * Every pixel of the query with where it falls in the print, in pixels, unless that is outside.
 * @param {number[]} map
 * @param {number} n
 * @param {(at: number, x: number, y: number) => void} each
 */
function walk([a, b, c, d, e, f], n, each) {
  const half = n / 2;
  for (let row = 0, at = 0; row < n; row += 1) {
    const v = (row + 0.5) / half - 1;
    let x = (a * (0.5 / half - 1) + c * v + e + 1) * half - 0.5;
    let y = (b * (0.5 / half - 1) + d * v + f + 1) * half - 0.5;
    for (let column = 0; column < n; column += 1, at += 1, x += a, y += b) {
      if (x >= 0 && y >= 0 && x < n - 1 && y < n - 1) each(at, x, y);
    }
  }
}

/**
 * @param {Float32Array} field
 * @param {number} n
 * @param {number} x
 * @param {number} y
 */
function between(field, n, x, y) {
  const [left, top] = [x | 0, y | 0];
  const at = top * n + left;
  const s = x - left;
  const above = field[at] + s * (field[at + 1] - field[at]);
  const below = field[at + n] + s * (field[at + n + 1] - field[at + n]);
  return above + (y - top) * (below - above);
}

/**
 * @param {Float64Array} row
 * @param {number} gx
 * @param {number} gy
 * @param {number} u
 * @param {number} v
 */
function similar(row, gx, gy, u, v) {
  row[0] = gx * u + gy * v;
  row[1] = gy * u - gx * v;
  row[2] = gx;
  row[3] = gy;
}

/**
 * @param {Float64Array} row
 * @param {number} gx
 * @param {number} gy
 * @param {number} u
 * @param {number} v
 */
function affine(row, gx, gy, u, v) {
  row[0] = gx * u;
  row[1] = gy * u;
  row[2] = gx * v;
  row[3] = gy * v;
  row[4] = gx;
  row[5] = gy;
}

/**
 * @param {number[]} map
 * @param {number[]} p
 * @param {number} freedom
 */
function added([a, b, c, d, e, f], p, freedom) {
  if (freedom === 4) return [a + p[0], b + p[1], c - p[1], d + p[0], e + p[2], f + p[3]];
  return [a + p[0], b + p[1], c + p[2], d + p[3], e + p[4], f + p[5]];
}

/**
 * Whether a map is one that a print may have been through: no flip, no great turn, size or stretch.
 * @param {number[]} map
 */
function allowed([a, b, c, d]) {
  const size = a * d - b * c;
  if (size < SMALLEST ** 2 || size > LARGEST ** 2) return false;
  if (Math.abs(Math.atan2(b - c, a + d)) > MOST_TURN) return false;
  const half = (a * a + b * b + c * c + d * d) / (2 * size);
  return half + Math.sqrt(Math.max(0, half * half - 1)) < MOST_STRETCH; // the ratio of its two axes
}

/**
 * Solve the symmetric system whose upper half is given, by elimination; null where it has no answer.
 * @param {{ normal: Float64Array, right: Float64Array, size: number }} equations
 * @param {number} damping
 */
function solved({ normal, right, size }, damping) {
  const rows = Array.from({ length: size }, (_, i) =>
    Float64Array.from({ length: size + 1 }, (_, j) => {
      if (j === size) return right[i];
      if (i === j) return normal[i * size + i] * (1 + damping) + 1e-9;
      return i < j ? normal[i * size + j] : normal[j * size + i];
    }),
  );
  for (let i = 0; i < size; i += 1) {
    let top = i;
    for (let k = i + 1; k < size; k += 1) if (Math.abs(rows[k][i]) > Math.abs(rows[top][i])) top = k;
    [rows[i], rows[top]] = [rows[top], rows[i]];
    if (Math.abs(rows[i][i]) < 1e-12) return null;
    for (let k = 0; k < size; k += 1) {
      if (k === i) continue;
      const share = rows[k][i] / rows[i][i];
      if (share) for (let j = i; j <= size; j += 1) rows[k][j] -= share * rows[i][j];
    }
  }
  return rows.map((row, i) => row[size] / row[i]);
}
