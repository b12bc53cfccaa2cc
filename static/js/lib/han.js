// Han text, marked as what it is: else it takes the shapes of the page's language.

/** The shapes of old prints. As LANGUAGE of webapp/core/templatetags/characters.py. */
export const CHARACTER_LANGUAGE = "zh-Hant";

const HAN = /((?:[\p{Script=Han}\u2FF0-\u2FFF\u31C0-\u31EF]|\p{Variation_Selector})+)/u;

/**
 * A text in pieces, every other one of which is Han.
 * @param {string} text
 */
export function partedByHan(text) {
  return text.split(HAN);
}

/**
 * Han text as an element of its own.
 * @param {string} text
 */
export function hanText(text) {
  const element = document.createElement("span");
  element.lang = CHARACTER_LANGUAGE;
  element.textContent = text;
  return element;
}

/**
 * A text as nodes, its Han characters in elements of their language.
 * @param {string} text
 */
export function marked(text) {
  const pieces = partedByHan(text);
  return pieces.map((piece, i) => (i % 2 ? hanText(piece) : piece)).filter((piece) => piece !== "");
}
