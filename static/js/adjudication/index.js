// The reviewer's second pass: one card ruled on by single keys, with the review's finder, overlay and viewer.

import { Finder } from "../finder/finder.js";
import { KeysDialog } from "../keys/dialog.js";
import { listen } from "../keys/presses.js";
import { Shortcuts } from "../keys/shortcuts.js";
import { mountOverlay } from "../overlay/index.js";
import { alike, find, view } from "../review/card/dialogs.js";
import { Viewer } from "../viewer/dialog.js";
import { actions, letters } from "./keys.js";
import { Desk } from "./rulings.js";

const part = (id) => document.getElementById(id);

/** Let the buttons do what their keys do; those that rule are the form's own. */
function press(desk) {
  const on = (id, act) => part(id).addEventListener("click", act);
  on("second-find", () => find(desk));
  on("send-back", (event) => desk.sendBack(event));
  for (const element of document.querySelectorAll(".candidate")) {
    const rank = Number(element.dataset.rank);
    element.querySelector(".candidate-view").addEventListener("click", () => view(desk, rank));
    element.querySelector(".candidate-like").addEventListener("click", () => alike(desk, rank));
  }
}

function mount(told) {
  const desk = new Desk(told);
  desk.viewer = new Viewer();
  desk.finder = new Finder({ picked: (item) => desk.settle(item.id) });
  const shortcuts = new Shortcuts({ name: `mocban-second-keys-${told.person}`, store: window.localStorage });
  desk.keys = new KeysDialog(shortcuts);
  for (const action of actions(desk)) shortcuts.add(action);
  mountOverlay(shortcuts, () => null);
  letters();
  press(desk);
  part("page").dispatchEvent(new CustomEvent("mocban:card", { detail: { card: told } }));
  listen((key) => shortcuts.of(key));
  setTimeout(() => (part("second-card").dataset.ready = "true"), Math.max(0, desk.echo()));
}

mount(JSON.parse(part("second-told").textContent));
