// Short notes at the edge of the page. A toast of the same key takes the place of the one before.
import { all, part, setText } from "./dom.js";
import { gettext } from "./words.js";

/**
 * Show a note.
 * @param {string} text
 * @param {{ bad?: boolean, key?: string, seconds?: number }} [options] seconds: 0 for as long as the page is open
 */
export function toast(text, { bad = false, key = text, seconds = bad ? 12 : 5 } = {}) {
  forget(key);
  const note = document.createElement("div");
  note.className = `note toast ${bad ? "bad" : "good"}`;
  note.dataset.testid = "toast";
  note.dataset.key = key;
  note.setAttribute("role", bad ? "alert" : "status");
  const words = document.createElement("span");
  setText(words, text);
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button quiet small";
  close.textContent = gettext("Close");
  close.addEventListener("click", () => note.remove());
  note.append(words, close);
  part("toasts").append(note);
  if (seconds) setTimeout(() => note.remove(), seconds * 1000);
}

/**
 * Take the note of this key away.
 * @param {string} key
 */
export function forget(key) {
  for (const note of all(".toast")) {
    if (note.dataset.key === key) note.remove();
  }
}
