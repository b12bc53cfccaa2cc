// What a block is coloured by: stained wood, or its heights on a ramp whose steps all look alike.
import { BufferAttribute, Color, MathUtils, SRGBColorSpace } from "three";

/** @import { BufferGeometry } from "three" */

/** @typedef {"wood" | "heights"} Colours */

const FLOOR = new Color(0x54361f); // stained wood
const FACE = new Color(0xe6cda4); // the worn face of the strokes
// Viridis (van der Walt and Smith, 2015), every eighth: even to the eye, and read without red or green.
const RAMP = [0x440154, 0x46327e, 0x365c8d, 0x277f8e, 0x1fa187, 0x4ac16d, 0xa0da39, 0xd0e11c, 0xfde725].map((one) =>
  new Color().setHex(one, SRGBColorSpace),
);

/**
 * The colour of a height in [0, 1], into `colour`.
 * @param {Color} colour
 * @param {number} height
 */
function ramped(colour, height) {
  const at = MathUtils.clamp(height, 0, 1) * (RAMP.length - 1);
  const low = Math.min(RAMP.length - 2, Math.floor(at));
  return colour.lerpColors(RAMP[low], RAMP[low + 1], at - low);
}

/**
 * Give a geometry both its colours, and note the heights they stand for: { low, high } in its own measure.
 * @param {BufferGeometry} geometry
 */
export function stain(geometry) {
  const places = geometry.getAttribute("position");
  const heights = Float32Array.from({ length: places.count }, (_, i) => places.getZ(i));
  const sorted = heights.slice().sort();
  const rank = (/** @type {number} */ share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  const [low, span] = [rank(0.05), rank(0.95) - rank(0.05) || 1];
  const range = { low: rank(0.01), high: rank(0.99) };
  const [wood, ramp] = [new Float32Array(places.count * 3), new Float32Array(places.count * 3)];
  const colour = new Color();
  heights.forEach((height, i) => {
    colour.lerpColors(FLOOR, FACE, MathUtils.smoothstep((height - low) / span, 0, 1)).toArray(wood, i * 3);
    ramped(colour, (height - range.low) / (range.high - range.low || 1)).toArray(ramp, i * 3);
  });
  geometry.userData = { wood: new BufferAttribute(wood, 3), heights: new BufferAttribute(ramp, 3), range };
}

/**
 * Show a geometry in its "wood" or its "heights".
 * @param {BufferGeometry} geometry
 * @param {Colours} by
 */
export function coloured(geometry, by) {
  geometry.setAttribute("color", geometry.userData[by]);
}
