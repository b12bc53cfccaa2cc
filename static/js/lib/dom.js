// Elements of the page, found by the names that the templates give them.
import { marked } from "./han.js";

/**
 * The element of this id. Throws where the page has none, or one of another kind.
 * @template {Element} [T=HTMLElement]
 * @param {string} id
 * @param {new () => T} [kind] such as HTMLInputElement
 * @returns {T}
 */
export function part(id, kind) {
  return checked(document.getElementById(id), `#${id}`, kind);
}

/**
 * The first element within `root` that the selector fits. Throws as `part` does.
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} [kind]
 * @returns {T}
 */
export function within(root, selector, kind) {
  return checked(root.querySelector(selector), selector, kind);
}

/**
 * All elements within `root` that the selector fits.
 * @template {Element} [T=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {T[]}
 */
export function all(selector, root = document) {
  return /** @type {T[]} */ ([...root.querySelectorAll(selector)]);
}

/**
 * The nearest element around where an event happened that the selector fits; null where there is none.
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export function around(event, selector) {
  return event.target instanceof Element ? event.target.closest(selector) : null;
}

/**
 * A copy of what the <template> of this id holds.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function copyOf(id) {
  return checked(part(id, HTMLTemplateElement).content.firstElementChild?.cloneNode(true), `#${id}`);
}

/**
 * The JSON that the page carries under this id.
 * @param {string} id
 * @returns {any}
 */
export function pageData(id) {
  return JSON.parse(part(id).textContent ?? "");
}

/**
 * The words of an element, changed only where they are others, so that nothing is read aloud twice. Han characters
 * are marked as such.
 * @param {Element} element
 * @param {string} words
 */
export function setText(element, words) {
  if (element.textContent !== words) element.replaceChildren(...marked(words));
}

/** The element that has the focus, where it can be left. Takes the focus from it. */
export function leaveFocus() {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

/**
 * Do `act` when the element of this id is pressed.
 * @param {string} id
 * @param {(event: MouseEvent) => unknown} act
 */
export function onClick(id, act) {
  part(id).addEventListener("click", act);
}

/**
 * @param {unknown} found
 * @param {string} name
 * @param {new () => any} [kind]
 */
function checked(found, name, kind = HTMLElement) {
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} ${name}`);
  return found;
}
