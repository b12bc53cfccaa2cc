// The list of keys on "?", in which each can be given another key.
import { hearKeys } from "../lib/dialogs.js";
import { all, around, copyOf, part, within } from "../lib/dom.js";
import { fill, gettext } from "../lib/words.js";
import { takenByInputMethod } from "./presses.js";
import { printed } from "./shortcuts.js";

/** @import { Action } from "../types.d.ts" */
/** @import { Shortcuts } from "./shortcuts.js" */

export class KeysDialog {
  /** @param {Shortcuts} shortcuts */
  constructor(shortcuts) {
    this.shortcuts = shortcuts;
    this.dialog = part("keys-dialog", HTMLDialogElement);
    /** @type {string | null} */
    this.waiting = null; // the action that waits for its key
    shortcuts.changed = () => this.follow();
    part("keys-open").addEventListener("click", () => this.open());
    part("keys-reset").addEventListener("click", () => this.reset());
    part("keys-list").addEventListener("click", (event) => this.clicked(event));
    hearKeys(this.dialog, (event) => this.pressed(event));
    this.dialog.addEventListener("close", () => this.wait(null));
    this.follow();
  }

  open() {
    this.list();
    this.say("");
    this.dialog.showModal();
  }

  /** Let the keys printed on the page follow those that are bound. */
  follow() {
    for (const element of all("kbd[data-key]")) {
      const [key] = this.shortcuts.keysOf(element.dataset.key ?? "");
      element.textContent = key ? printed(key) : "";
      element.hidden = !key;
    }
    if (this.dialog.open) this.list();
  }

  list() {
    const rows = [...this.shortcuts.actions.values()].map((action) => this.row(action));
    part("keys-list").replaceChildren(...rows);
    part("keys-reset", HTMLButtonElement).disabled = this.shortcuts.isUsual;
  }

  /** @param {Action} action */
  row({ id, label, fixed = false }) {
    const row = copyOf("keys-row");
    const waiting = this.waiting === id;
    row.dataset.action = id;
    within(row, ".keys-what").textContent = label;
    const shown = this.shortcuts
      .keysOf(id)
      .map((key) => Object.assign(document.createElement("kbd"), { textContent: printed(key) }));
    within(row, ".keys-which").replaceChildren(...(waiting ? [gettext("press a key …")] : shown));
    const button = within(row, "button");
    button.setAttribute("aria-label", fill(gettext("Change the key: %(what)s"), { what: label }));
    button.setAttribute("aria-pressed", `${waiting}`);
    button.hidden = fixed;
    return row;
  }

  /** @param {Event} event */
  clicked(event) {
    const row = around(event, "button") && around(event, "[data-action]");
    if (row) this.wait(row.dataset.action ?? null);
  }

  /**
   * Wait for the new key of an action; null ends the waiting.
   * @param {string | null} id
   */
  wait(id) {
    this.waiting = id;
    if (!this.dialog.open || id === null) return;
    this.list();
    const what = this.shortcuts.actions.get(id)?.label;
    if (what) this.say(fill(gettext("Press the new key for “%(what)s”, or Esc to cancel."), { what }));
    this.focus(id);
  }

  /** @param {string} id */
  focus(id) {
    part("keys-list")
      .querySelector(/** @type {"button"} */ (`[data-action="${id}"] button`))
      ?.focus();
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const id = this.waiting;
    if (!id || takenByInputMethod(event)) return;
    if (event.key === "Tab") {
      this.leave(id);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") {
      this.say("");
      this.leave(id);
      return;
    }
    const [key] = this.shortcuts.read(event);
    if (key) this.bind(id, key);
  }

  /** @param {string} id */
  leave(id) {
    this.waiting = null;
    this.list();
    this.focus(id);
  }

  /**
   * @param {string} id
   * @param {string} key
   */
  bind(id, key) {
    const refused = this.shortcuts.bind(id, key);
    if (refused) {
      const text = gettext("%(key)s is already used for: %(what)s. Press another key, or Esc.");
      this.say(fill(text, { key: printed(key), what: refused }));
      return;
    }
    this.say(fill(gettext("Key changed to %(key)s."), { key: printed(key) }));
    this.leave(id);
  }

  reset() {
    this.waiting = null;
    this.shortcuts.reset();
    this.list();
    this.say(gettext("The keys have been reset."));
  }

  /** @param {string} words */
  say(words) {
    part("keys-said").textContent = words;
  }
}
