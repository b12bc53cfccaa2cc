// Where there is ink: of a grey picture, whatever its paper, its light and the strength of its ink.
import { blurred, distances } from "./fields.js";

/**
 * grey: (N * N) of 0 … 255. Returns ink in [0, 1], 1 = stroke; nothing but 0 for an empty picture.
 * @param {Float32Array} grey
 * @param {number} n
 */
export function inkOf(grey, n) {
  const { level, dark, light } = otsu(grey);
  const ink = new Float32Array(n * n);
  if (light - dark < 8) return ink;
  const turned = share(grey, level) > 0.62; // light strokes on a dark ground
  const value = turned ? Float32Array.from(grey, (one) => 255 - one) : grey;
  const [black, cut] = turned ? [255 - light, 255 - level] : [dark, level];
  const paper = ground(value, n, cut);
  for (let i = 0; i < ink.length; i += 1) {
    const depth = (paper[i] - value[i]) / Math.max(12, paper[i] - black);
    ink[i] = Math.min(1, Math.max(0, (depth - 0.22) / 0.5));
  }
  return ink;
}

/**
 * The level that parts a picture best in dark and light, and the means of the two.
 * @param {Float32Array} grey
 */
function otsu(grey) {
  const count = new Float64Array(256);
  for (const one of grey) count[Math.min(255, Math.max(0, Math.round(one)))] += 1;
  const all = grey.length;
  let total = 0;
  for (let v = 0; v < 256; v += 1) total += v * count[v];
  let best = { apart: -1, level: 128, dark: 0, light: 255 };
  for (let v = 0, below = 0, sum = 0; v < 255; v += 1) {
    below += count[v];
    sum += v * count[v];
    if (!below || below === all) continue;
    const [dark, light] = [sum / below, (total - sum) / (all - below)];
    const apart = below * (all - below) * (light - dark) ** 2;
    if (apart > best.apart) best = { apart, level: v, dark, light };
  }
  return best.apart < 0 ? { level: 128, dark: 0, light: 0 } : best;
}

/**
 * @param {Float32Array} grey
 * @param {number} level
 */
const share = (grey, level) => grey.reduce((count, one) => count + (one <= level ? 1 : 0), 0) / grey.length;

/**
 * The paper's brightness at each place, under the strokes too.
 * @param {Float32Array} value
 * @param {number} n
 * @param {number} cut
 */
function ground(value, n, cut) {
  const bare = Float32Array.from(value, (one) => (one > cut ? 1 : 0));
  const known = blurred(bare, n, n / 12);
  const lit = blurred(
    Float32Array.from(value, (one, i) => one * bare[i]),
    n,
    n / 12,
  );
  let [sum, many] = [0, 0];
  for (let i = 0; i < value.length; i += 1) {
    sum += bare[i] * value[i];
    many += bare[i];
  }
  const mean = many ? sum / many : 255;
  return lit.map((one, i) => (one + 0.02 * mean) / (known[i] + 0.02));
}

/**
 * The middle lines of strokes, each pixel 0 or 1: what is the same in a fat print and a thin one.
 * @param {Float32Array} ink
 * @param {number} n
 */
export function core(ink, n) {
  const depth = distances(
    Uint8Array.from(ink, (one) => (one > 0.5 ? 0 : 1)),
    n,
  );
  const out = new Uint8Array(n * n);
  for (let y = 0, at = 0; y < n; y += 1) {
    for (let x = 0; x < n; x += 1, at += 1) out[at] = depth[at] && !rises(depth, n, x, y) ? 1 : 0;
  }
  return out;
}

/**
 * Whether the middle of the stroke is to one side: there the edge gets farther off, about a pixel a pixel.
 * @param {Float32Array} depth
 * @param {number} n
 * @param {number} x
 * @param {number} y
 */
function rises(depth, n, x, y) {
  const here = depth[y * n + x];
  for (let dy = -2; dy <= 2; dy += 1) {
    for (let dx = -2; dx <= 2; dx += 1) {
      if (x + dx < 0 || x + dx >= n || y + dy < 0 || y + dy >= n) continue;
      if (depth[(y + dy) * n + x + dx] - here > 0.75 * Math.hypot(dx, dy)) return true;
    }
  }
  return false;
}
