// The colours of boxes, from the style sheet, anew when the page turns light or dark.

/** @import { BoxState } from "../../types.d.ts" */

/**
 * @typedef {object} Colours
 * @property {Record<BoxState, string>} states
 * @property {string} chosen
 * @property {string} doubt
 * @property {string} paper
 * @property {string} line
 */

/** @type {BoxState[]} */
const STATES = ["waiting", "rejected", "suggested", "answered", "disputed", "settled", "not_character"];

/**
 * @param {Element} element
 * @returns {Colours}
 */
function read(element) {
  const style = getComputedStyle(element);
  const value = (/** @type {string} */ name) => style.getPropertyValue(`--box-${name}`).trim();
  const states = Object.fromEntries(STATES.map((state) => [state, value(state.replace("_", "-"))]));
  return {
    states: /** @type {Record<BoxState, string>} */ (states),
    chosen: value("chosen"),
    doubt: value("doubt"),
    paper: value("paper"),
    line: value("line"),
  };
}

/**
 * The colours as they are now. `changed` is called when they are others.
 * @param {Element} element
 * @param {() => void} changed
 * @returns {() => Colours}
 */
export function coloursOf(element, changed) {
  let colours = read(element);
  const again = () => {
    colours = read(element);
    changed();
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTimeout(again));
  addEventListener("load", again); // a style sheet may come after the script
  return () => colours;
}
