// The reviewer's second pass: one card ruled on by single keys, with the review's finder, overlay and viewer.
import { KeysDialog } from "../keys/dialog.js";
import { listen } from "../keys/listen.js";
import { OwnKeys } from "../keys/own.js";
import { Shortcuts } from "../keys/shortcuts.js";
import { all, onClick, pageData, part, within } from "../lib/dom.js";
import { mountOverlay } from "../overlay/index.js";
import { alike, find, view } from "../review/card/dialogs.js";
import { keysOf, leaveComment } from "./keys.js";
import { Rulings } from "./rulings.js";

/** @import { Reason, ShownCard } from "../types.d.ts" */

/**
 * Let the buttons do what their keys do; those that rule are the form's own.
 * @param {Rulings} rulings
 */
function press(rulings) {
  onClick("second-find", () => find(rulings));
  onClick("send-back", (event) => rulings.sendBack(event));
  for (const element of all(".candidate")) {
    const rank = Number(element.dataset.rank);
    within(element, ".candidate-view").addEventListener("click", () => view(rulings, rank));
    within(element, ".candidate-like").addEventListener("click", () => alike(rulings, rank));
  }
}

/**
 * @param {ShownCard & { label: number | null, person: number, reasons: Reason[],
 *   keys: { url: string, own: Record<string, string[]> | null } }} data
 */
function mount(data) {
  const rulings = new Rulings(data, data.reasons);
  const shortcuts = new Shortcuts(OwnKeys.ofPage("adjudication", data));
  rulings.keysDialog = new KeysDialog(shortcuts);
  for (const action of keysOf(rulings)) shortcuts.add(action);
  mountOverlay(shortcuts, () => null, rulings.moved);
  leaveComment(rulings.comment);
  press(rulings);
  part("page").dispatchEvent(new CustomEvent("mocban:card", { detail: { card: data } }));
  listen((names) => shortcuts.ofAny(names));
  const ready = () => {
    part("second-card").dataset.ready = "true";
  };
  setTimeout(ready, Math.max(0, rulings.echo()));
}

mount(pageData("second-data"));
