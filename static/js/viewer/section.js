// A cut through a block: the profile of its face along a line, and the drawing of it.
import { svg } from "../lib/svg.js";
import { fill, gettext, number } from "../lib/words.js";

/** @typedef {{ x: number, y: number }} Point */
/** @typedef {{ s: number, z: number }} Crossing where an edge meets the cut: along the line, and its height */
/** @typedef {{ x: number, y: number, toX: number, toY: number, left: number, down: number }} Mark a line and its number */

const BINS = 240;
const [HEIGHT, LEFT, RIGHT, BELOW, ABOVE] = [128, 52, 10, 22, 8]; // pixels

/**
 * The greatest height along a line over a mesh, at BINS places evenly from one end to the other; NaN where the
 * block has nothing.
 * @param {ArrayLike<number>} positions (V * 3)
 * @param {ArrayLike<number> | null} index (T * 3)
 * @param {Point} from
 * @param {Point} to
 */
export function profile(positions, index, from, to) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const long = Math.hypot(dx, dy);
  const out = new Float32Array(BINS).fill(NaN);
  if (!long) return out;
  const [ux, uy] = [dx / long, dy / long];
  const corners = index ?? Uint32Array.from({ length: positions.length / 3 }, (_, i) => i);
  for (let t = 0; t < corners.length; t += 3) {
    /** @type {Crossing[]} */
    const cut = [];
    for (let k = 0; k < 3; k += 1) crossing(positions, corners[t + k], corners[t + ((k + 1) % 3)], from, ux, uy, cut);
    if (cut.length > 1) raise(out, cut[0], cut[1], long);
  }
  return out;
}

/**
 * Where an edge meets the upright plane of the line, put into `cut`.
 * @param {ArrayLike<number>} positions
 * @param {number} a
 * @param {number} b
 * @param {Point} from
 * @param {number} ux the line's direction
 * @param {number} uy
 * @param {Crossing[]} cut
 */
function crossing(positions, a, b, from, ux, uy, cut) {
  const [ax, ay] = [positions[3 * a] - from.x, positions[3 * a + 1] - from.y];
  const [bx, by] = [positions[3 * b] - from.x, positions[3 * b + 1] - from.y];
  const [da, db] = [ax * uy - ay * ux, bx * uy - by * ux];
  if (da > 0 === db > 0) return;
  const share = da / (da - db);
  const [sa, sb] = [ax * ux + ay * uy, bx * ux + by * uy];
  cut.push({
    s: sa + share * (sb - sa),
    z: positions[3 * a + 2] + share * (positions[3 * b + 2] - positions[3 * a + 2]),
  });
}

/**
 * @param {Float32Array} out
 * @param {Crossing} one
 * @param {Crossing} other
 * @param {number} long
 */
function raise(out, one, other, long) {
  const [low, high] = one.s < other.s ? [one, other] : [other, one];
  const place = (/** @type {number} */ s) => (s / long) * (BINS - 1);
  const [first, last] = [
    Math.max(0, Math.ceil(place(low.s) - 1e-4)),
    Math.min(BINS - 1, Math.floor(place(high.s) + 1e-4)),
  ];
  for (let i = first; i <= last; i += 1) {
    const s = Math.min(high.s, Math.max(low.s, (i / (BINS - 1)) * long));
    const z = high.s > low.s ? low.z + ((s - low.s) / (high.s - low.s)) * (high.z - low.z) : Math.max(low.z, high.z);
    if (!(out[i] >= z)) out[i] = z;
  }
}

/**
 * Round steps for an axis of so much, four or so of them.
 * @param {number} span
 */
export function step(span) {
  const rough = span / 4;
  const ten = 10 ** Math.floor(Math.log10(rough));
  return ten * ([1, 2, 5].find((one) => one * ten >= rough) ?? 10);
}

/**
 * Draw profiles.
 * @param {SVGSVGElement} sheet
 * @param {Float32Array[]} profiles
 * @param {number} long the line's length
 * @param {(length: number) => number} units a length as it is shown, from plane coordinates
 */
export function plot(sheet, profiles, long, units) {
  const all = profiles.flatMap((one) => [...one].filter((z) => !Number.isNaN(z)));
  const width = sheet.clientWidth || 720;
  sheet.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  sheet.replaceChildren();
  if (!all.length) return;
  const low = all.reduce((a, b) => Math.min(a, b));
  const high = Math.max(
    all.reduce((a, b) => Math.max(a, b)),
    low + 1e-6,
  );
  const x = (/** @type {number} */ share) => LEFT + share * (width - LEFT - RIGHT);
  const y = (/** @type {number} */ z) => HEIGHT - BELOW - ((z - low) / (high - low)) * (HEIGHT - BELOW - ABOVE);
  const bottom = HEIGHT - BELOW;
  const along = (/** @type {number} */ share) => ({
    x: x(share),
    y: bottom,
    toX: x(share),
    toY: ABOVE,
    left: 0,
    down: 15,
  });
  const up = (/** @type {number} */ share) => {
    const at = y(low + share * (high - low));
    return { x: LEFT, y: at, toX: width - RIGHT, toY: at, left: 6, down: 4 };
  };
  axis(sheet, units(long), along, "along");
  axis(sheet, units(high - low), up, "up");
  profiles.forEach((heights, i) => {
    sheet.append(svg("path", { d: pathOf(heights, x, y), class: `section-line section-${i}` }));
  });
  const words = fill(gettext("Cut of %(long)s, %(deep)s from its lowest to its highest place"), {
    long: number(units(long), 2),
    deep: number(units(high - low), 2),
  });
  sheet.setAttribute("aria-label", words);
}

/**
 * A profile as a path, broken where the block has nothing.
 * @param {Float32Array} heights
 * @param {(share: number) => number} x
 * @param {(height: number) => number} y
 */
export function pathOf(heights, x, y) {
  let path = "";
  heights.forEach((z, k) => {
    if (Number.isNaN(z)) return;
    const begins = Number.isNaN(heights[k - 1] ?? NaN);
    path += `${begins ? "M" : "L"}${x(k / (BINS - 1)).toFixed(1)} ${y(z).toFixed(1)}`;
  });
  return path;
}

/**
 * Lines across the drawing with their numbers.
 * @param {SVGSVGElement} sheet
 * @param {number} span
 * @param {(share: number) => Mark} place where that share of the axis is
 * @param {"along" | "up"} which
 */
function axis(sheet, span, place, which) {
  const by = step(span);
  const places = Math.max(0, Math.min(4, -Math.floor(Math.log10(by) + 1e-9)));
  for (let value = 0; value <= span * 1.0001; value += by) {
    const { x, y, toX, toY, left, down } = place(value / span);
    sheet.append(
      svg("line", { x1: x, y1: y, x2: toX, y2: toY, class: "section-grid" }),
      svg("text", { x: x - left, y: y + down, class: `section-${which}` }, number(value, places)),
    );
  }
}
