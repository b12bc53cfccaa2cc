// Short notes at the edge of the page. A toast of the same key takes the place of the one before.
import { gettext } from "./words.js";

export function toast(text, { bad = false, key = text, seconds = bad ? 12 : 5 } = {}) {
  const room = document.getElementById("toasts");
  forget(key);
  const note = document.createElement("div");
  note.className = `note toast ${bad ? "bad" : "good"}`;
  note.dataset.testid = "toast";
  note.dataset.key = key;
  note.setAttribute("role", bad ? "alert" : "status");
  const said = document.createElement("span");
  said.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button quiet small";
  close.textContent = gettext("Close");
  close.addEventListener("click", () => note.remove());
  note.append(said, close);
  room.append(note);
  if (seconds) setTimeout(() => note.remove(), seconds * 1000);
}

export function forget(key) {
  for (const note of document.querySelectorAll(".toast")) {
    if (note.dataset.key === key) note.remove();
  }
}
