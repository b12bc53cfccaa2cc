// What the viewer's keys do.
import { meant } from "../keys/presses.js";

/** @import { Viewer } from "./dialog.js" */

const STEP = 6; // degrees a key turns
const LIGHT = 15; // degrees a key moves the light
/** @type {Record<string, [across: number, down: number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * What a key press asks of the viewer, as a function; null where it asks for nothing.
 * @param {KeyboardEvent} event
 * @param {Viewer} viewer
 * @returns {(() => unknown) | null}
 */
export function meaning(event, viewer) {
  if (event.key in ARROWS) return arrow(event, viewer);
  const digit = /^Digit([1-5])$/.exec(event.code);
  if (event.shiftKey && digit) return () => viewer.compareWith(Number(digit[1]) - 1);
  return meant(event, { ...letters(event, viewer), ...tools(viewer) });
}

/**
 * @param {KeyboardEvent} event
 * @param {Viewer} viewer
 */
function arrow({ key, shiftKey }, { stage, measure }) {
  const [across, down] = ARROWS[key];
  if (measure?.tool && !shiftKey) return () => measure.move(across, down);
  return () => stage?.turn(across * STEP, down * STEP);
}

/**
 * What keys do while a tool is in hand; else they are the dialog's.
 * @param {Viewer} viewer
 * @returns {Record<string, () => unknown>}
 */
function tools(viewer) {
  const { measure } = viewer;
  if (!measure?.tool) return {};
  const set = () => measure.set();
  return { escape: () => viewer.leaveTool(), enter: set, space: set };
}

/**
 * @param {KeyboardEvent} event
 * @param {Viewer} viewer
 * @returns {Record<string, () => unknown>}
 */
function letters({ shiftKey }, viewer) {
  const { stage } = viewer;
  const nearer = () => stage?.zoom(1 / 1.15);
  const reset = () => stage?.reset();
  const several = viewer.blocks.length > 1 ? [1, 2, 3, 4, 5] : [];
  return {
    ...Object.fromEntries(several.map((place) => [`${place}`, () => viewer.show(place - 1)])),
    "+": nearer,
    "=": nearer,
    "-": () => stage?.zoom(1.15),
    l: () => viewer.swing(shiftKey ? -LIGHT : LIGHT),
    r: reset,
    0: reset,
    p: () => viewer.project(),
    h: () => viewer.colour(),
    m: () => viewer.take("ruler"),
    x: () => viewer.take("section"),
    c: () => viewer.compare(),
  };
}
