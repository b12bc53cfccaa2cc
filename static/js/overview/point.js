// One point of the map in words and pictures, and its neighbours.
import { marked } from "../lib/han.js";
import { picture } from "../lib/pictures.js";
import { gettext } from "../lib/words.js";

/** @typedef {{ name: string, said: string, image: string | null, block: boolean, page: string }} Details of a point */

/**
 * A point's picture, its words, and a link to its page.
 * @param {Details} details
 * @param {boolean} isBlock
 */
export function detailOf(details, isBlock) {
  const words = element("div", "map-words");
  const open = element("a", "button small", isBlock ? gettext("Open block") : gettext("Open card"));
  open.href = details.page;
  open.dataset.testid = "map-open";
  words.append(element("strong", "small", details.name), element("span", "small soft", details.said), open);
  return [tile(details, 96), words];
}

/**
 * A neighbour: its picture, as a link.
 * @param {Details} details
 */
export function neighbourOf(details) {
  const words = `${details.name}: ${details.said}`;
  const row = document.createElement("li");
  const open = element("a", "");
  open.href = details.page;
  open.title = words;
  open.append(tile(details, 64, words));
  row.append(open);
  return row;
}

/**
 * @param {Details} details
 * @param {number} size in pixels
 * @param {string} [alt]
 */
function tile({ image, block }, size, alt = "") {
  const room = element("span", block ? "tile block" : "tile");
  if (image) room.append(Object.assign(picture(image, alt), { width: size, height: size }));
  return room;
}

/**
 * @template {keyof HTMLElementTagNameMap} N
 * @param {N} name
 * @param {string} classes
 * @param {string} [text]
 */
function element(name, classes, text = "") {
  const made = document.createElement(name);
  made.className = classes;
  made.append(...marked(text));
  return made;
}
