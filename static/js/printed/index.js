// The page that asks which block printed a page: print over print, and the keys that say so. What is on it comes anew
// when a worker is done, so that each is looked for when it is needed.
import { all } from "../lib/dom.js";

/** How much of the block is seen. */
function blend() {
  const share = /** @type {HTMLInputElement | null} */ (document.getElementById("print-over-share"));
  const block = document.getElementById("print-over-block");
  if (block && share) block.style.opacity = `${Number(share.value) / 100}`;
}

/** Both, then the page alone, then the block alone: what moves between two of them does not meet. */
function blink() {
  const over = document.getElementById("print-over");
  if (!over) return;
  const next = { both: "page", page: "block", block: "page" };
  const shown = /** @type {keyof typeof next} */ (over.dataset.shown ?? "both");
  over.dataset.shown = next[shown];
}

/**
 * Go to the block before or after the one that is shown.
 * @param {number} by
 */
function go(by) {
  const links = /** @type {HTMLAnchorElement[]} */ (all(".print-match-name"));
  const at = links.findIndex((link) => link.hasAttribute("aria-current"));
  links[at + by]?.click();
}

/** @type {Record<string, () => void>} */
const KEYS = { b: blink, arrowdown: () => go(1), arrowup: () => go(-1) };

/** @param {KeyboardEvent} event */
function pressed(event) {
  const target = /** @type {Element} */ (event.target);
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (target.closest("input:not([type=range]), textarea, select, dialog[open]")) return;
  const key = event.key.toLowerCase();
  if (key === "enter" && target.closest("a, button")) return; // it does what it is on
  if (target.id === "print-over-share" && key.startsWith("arrow")) return;
  /** @type {HTMLButtonElement | null} */
  const button = document.querySelector(`button[data-key="${CSS.escape(key)}"]`);
  if (!KEYS[key] && !button) return;
  event.preventDefault();
  if (KEYS[key]) KEYS[key]();
  else button?.click();
}

document.addEventListener("input", blend);
document.addEventListener("click", (event) => {
  if (/** @type {Element} */ (event.target).closest("#print-over-blink")) blink();
});
document.addEventListener("keydown", pressed);
document.documentElement.dataset.keys = "on";
