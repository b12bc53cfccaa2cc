// Buttons that do what a key does: `data-action` names the action.
import { around } from "../lib/dom.js";

/** @import { Shortcuts } from "./shortcuts.js" */

/**
 * Let the page's buttons carry out their actions. The second click of a double click would answer the next
 * card unseen: it does nothing, unless the action may be repeated.
 * @param {Shortcuts} shortcuts
 */
export function pressButtons(shortcuts) {
  document.addEventListener("click", (event) => {
    const button = around(event, "button[data-action]");
    const action = shortcuts.actions.get(button?.dataset.action ?? "");
    if (action && (event.detail < 2 || action.repeats)) action.act();
  });
}
