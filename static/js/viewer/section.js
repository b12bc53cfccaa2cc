// A cut through a block: the profile of its face along a line, and the drawing of it.
import { fill, gettext, number } from "../lib/words.js";

const BINS = 240;
const SVG = "http://www.w3.org/2000/svg";
const [HEIGHT, LEFT, RIGHT, BELOW, ABOVE] = [128, 52, 10, 22, 8]; // pixels

/**
 * The greatest height along a line over a mesh. positions: (V * 3), index: (T * 3) or null, from and to: { x, y }.
 * Returns heights at BINS places, evenly from one end to the other; NaN where the block has nothing.
 */
export function profile(positions, index, from, to) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const long = Math.hypot(dx, dy);
  const out = new Float32Array(BINS).fill(NaN);
  if (!long) return out;
  const [ux, uy] = [dx / long, dy / long];
  const corners = index ?? Uint32Array.from({ length: positions.length / 3 }, (_, i) => i);
  for (let t = 0; t < corners.length; t += 3) {
    const cut = [];
    for (let k = 0; k < 3; k += 1) crossing(positions, corners[t + k], corners[t + ((k + 1) % 3)], from, ux, uy, cut);
    if (cut.length > 1) raise(out, cut[0], cut[1], long);
  }
  return out;
}

/** Where an edge meets the upright plane of the line: { s: along the line, z }, put into `cut`. */
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

function raise(out, one, other, long) {
  const [low, high] = one.s < other.s ? [one, other] : [other, one];
  const place = (s) => (s / long) * (BINS - 1);
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

/** Round steps for an axis of so much, four or so of them. */
export function step(span) {
  const rough = span / 4;
  const ten = 10 ** Math.floor(Math.log10(rough));
  return ten * [1, 2, 5, 10].find((one) => one * ten >= rough);
}

function element(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

/** Draw profiles into an <svg>. long: the line's length; units(value): a length as it is told, from plane coordinates. */
export function plot(svg, profiles, long, units) {
  const all = profiles.flatMap((one) => [...one].filter((z) => !Number.isNaN(z)));
  const width = svg.clientWidth || 720;
  svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  svg.replaceChildren();
  if (!all.length) return;
  const low = all.reduce((a, b) => Math.min(a, b));
  const high = Math.max(
    all.reduce((a, b) => Math.max(a, b)),
    low + 1e-6,
  );
  const x = (share) => LEFT + share * (width - LEFT - RIGHT);
  const y = (z) => HEIGHT - BELOW - ((z - low) / (high - low)) * (HEIGHT - BELOW - ABOVE);
  axis(
    svg,
    units(long),
    (share) => ({ x: x(share), y: HEIGHT - BELOW, toX: x(share), toY: ABOVE, left: 0, down: 15 }),
    "along",
  );
  axis(
    svg,
    units(high - low),
    (share) => {
      const at = y(low + share * (high - low));
      return { x: LEFT, y: at, toX: width - RIGHT, toY: at, left: 6, down: 4 };
    },
    "up",
  );
  profiles.forEach((heights, i) => {
    let path = "";
    heights.forEach((z, k) => {
      if (Number.isNaN(z)) return;
      path += `${Number.isNaN(heights[k - 1] ?? NaN) ? "M" : "L"}${x(k / (BINS - 1)).toFixed(1)} ${y(z).toFixed(1)}`;
    });
    svg.append(element("path", { d: path, class: `section-line section-${i}` }));
  });
  const said = fill(gettext("Cut of %(long)s, %(deep)s from its lowest to its highest place"), {
    long: number(units(long), 2),
    deep: number(units(high - low), 2),
  });
  svg.setAttribute("aria-label", said);
}

/** Lines across the drawing with their numbers. place(share): where that share of the axis is. */
function axis(svg, span, place, which) {
  const by = step(span);
  const places = Math.max(0, Math.min(4, -Math.floor(Math.log10(by) + 1e-9)));
  for (let value = 0; value <= span * 1.0001; value += by) {
    const { x, y, toX, toY, left, down } = place(value / span);
    svg.append(
      element("line", { x1: x, y1: y, x2: toX, y2: toY, class: "section-grid" }),
      element("text", { x: x - left, y: y + down, class: `section-${which}` }, number(value, places)),
    );
  }
}
