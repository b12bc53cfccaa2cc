// Han text, marked as what it is: else it takes the shapes of the page's language.

/** The shapes of old prints. As LANGUAGE of webapp/core/templatetags/characters.py. */
export const CHARACTER_LANGUAGE = "zh-Hant";

// As common/han.py has them: Unicode 17, whatever the browser knows.
const RANGES = [
  "\\u2E80-\\u2E99\\u2E9B-\\u2EF3\\u2F00-\\u2FD5\\u2FF0-\\u2FFF\\u3005-\\u3007\\u3021-\\u3029\\u3038-\\u303B",
  "\\u31C0-\\u31E5\\u31EF\\u3400-\\u4DBF\\u4E00-\\u9FFF\\uF900-\\uFA6D\\uFA70-\\uFAD9\\uFE00-\\uFE0F",
  "\\u{16FE2}-\\u{16FE3}\\u{16FF2}-\\u{16FF6}\\u{20000}-\\u{2A6DF}\\u{2A700}-\\u{2B81D}\\u{2B820}-\\u{2CEAD}",
  "\\u{2CEB0}-\\u{2EBE0}\\u{2EBF0}-\\u{2EE5D}\\u{2F800}-\\u{2FA1D}\\u{30000}-\\u{3134A}\\u{31350}-\\u{33479}",
  "\\u{E0100}-\\u{E01EF}",
].join("");
const HAN = new RegExp(`([${RANGES}]+)`, "u");

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
