// Boxes that are likelier wrong than others, by their shape, their neighbours and their score.
import { median, overlap } from "./geometry.js";
import { Grid } from "./grid.js";

/** @import { PageBox } from "../../types.d.ts" */
/** @typedef {"large" | "small" | "flat" | "overlapping" | "doubtful"} Doubt */

const LARGE = 1.6; // times the usual height or width
const SMALL = 0.3; // of the usual area
const FLAT = 2.6; // times as wide as high, or as high as wide
const SHARED = 0.25; // of the smaller of two boxes
const SCORE = 0.5; // of the localiser

/**
 * Why boxes are worth a look. What a person drew is doubted only where two overlap.
 * @param {PageBox[]} boxes
 * @returns {Map<number, Doubt[]>} in the order of the boxes
 */
export function suspicious(boxes) {
  const real = boxes.filter(({ state }) => state !== "not_character");
  const usual = usualSizes(real);
  const grid = new Grid(real);
  /** @type {Map<number, Doubt[]>} */
  const found = new Map();
  for (const box of real) {
    const doubts = box.source === "person" ? [] : byShape(box, usual(box));
    if (grid.touching(box).some((one) => one !== box && overlap(one, box) > SHARED)) doubts.push("overlapping");
    if (box.source !== "person" && box.score !== null && box.score < SCORE) doubts.push("doubtful");
    if (doubts.length) found.set(box.id, doubts);
  }
  return found;
}

/**
 * The usual size among boxes of the same kind.
 * @param {PageBox[]} boxes
 */
function usualSizes(boxes) {
  const kinds = new Map([...new Set(boxes.map(({ kind }) => kind))].map((kind) => [kind, sizes(boxes, kind)]));
  return (/** @type {PageBox} */ { kind }) => kinds.get(kind) ?? { w: 0, h: 0 };
}

/**
 * @param {PageBox[]} boxes
 * @param {string} kind
 */
function sizes(boxes, kind) {
  const these = boxes.filter((box) => box.kind === kind);
  return { w: median(these.map(({ w }) => w)), h: median(these.map(({ h }) => h)) };
}

/**
 * @param {PageBox} box
 * @param {{ w: number, h: number }} usual
 * @returns {Doubt[]}
 */
function byShape({ w, h }, usual) {
  /** @type {Doubt[]} */
  const doubts = [];
  if (w > LARGE * usual.w || h > LARGE * usual.h) doubts.push("large");
  if (w * h < SMALL * usual.w * usual.h) doubts.push("small");
  if (w > FLAT * h || h > FLAT * w) doubts.push("flat");
  return doubts;
}
