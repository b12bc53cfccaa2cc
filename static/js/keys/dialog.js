// The list of keys on "?", in which each can be given another key.
import { hearKeys } from "../lib/dialogs.js";
import { fill, gettext } from "../lib/words.js";
import { composing, keyOf } from "./presses.js";
import { printed } from "./shortcuts.js";

const part = (id) => document.getElementById(id);

export class KeysDialog {
  constructor(shortcuts) {
    this.shortcuts = shortcuts;
    this.dialog = part("keys-dialog");
    this.asking = null; // the action that waits for its key
    shortcuts.changed = () => this.follow();
    part("keys-open").addEventListener("click", () => this.open());
    part("keys-reset").addEventListener("click", () => this.reset());
    part("keys-list").addEventListener("click", (event) => this.clicked(event));
    hearKeys(this.dialog, (event) => this.pressed(event));
    this.dialog.addEventListener("close", () => this.ask(null));
    this.follow();
  }

  open() {
    this.list();
    this.say("");
    this.dialog.showModal();
  }

  /** Let the keys printed on the page follow those that are bound. */
  follow() {
    for (const element of document.querySelectorAll("kbd[data-key]")) {
      const [key] = this.shortcuts.keysOf(element.dataset.key);
      element.textContent = key ? printed(key) : "";
      element.hidden = !key;
    }
    if (this.dialog.open) this.list();
  }

  list() {
    const rows = [...this.shortcuts.actions.values()].map((action) => this.row(action));
    part("keys-list").replaceChildren(...rows);
    part("keys-reset").disabled = this.shortcuts.isUsual;
  }

  row({ id, label }) {
    const row = part("keys-row").content.firstElementChild.cloneNode(true);
    const asking = this.asking === id;
    row.dataset.action = id;
    row.querySelector(".keys-what").textContent = label;
    const shown = this.shortcuts
      .keysOf(id)
      .map((key) => Object.assign(document.createElement("kbd"), { textContent: printed(key) }));
    row.querySelector(".keys-which").replaceChildren(...(asking ? [gettext("press a key …")] : shown));
    const button = row.querySelector("button");
    button.setAttribute("aria-label", fill(gettext("Change the key: %(what)s"), { what: label }));
    button.setAttribute("aria-pressed", asking);
    return row;
  }

  clicked(event) {
    const row = event.target.closest("button") && event.target.closest("[data-action]");
    if (row) this.ask(row.dataset.action);
  }

  ask(id) {
    this.asking = id;
    if (!this.dialog.open) return;
    this.list();
    const { label } = this.shortcuts.actions.get(id) ?? {};
    if (label)
      this.say(fill(gettext("Press the new key for “%(what)s”, or Esc to leave it as it is."), { what: label }));
    this.focus(id);
  }

  focus(id) {
    part("keys-list").querySelector(`[data-action="${id}"] button`)?.focus();
  }

  pressed(event) {
    if (!this.asking || composing(event)) return;
    const id = this.asking;
    if (event.key === "Tab") {
      this.asking = null;
      this.list();
      this.focus(id);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") {
      this.asking = null;
      this.say("");
      this.list();
      this.focus(id);
      return;
    }
    const key = keyOf(event);
    if (key) this.bind(id, key);
  }

  bind(id, key) {
    const refused = this.shortcuts.bind(id, key);
    if (refused) {
      const said = gettext("%(key)s is taken: %(what)s. Press another key, or Esc.");
      this.say(fill(said, { key: printed(key), what: refused }));
      return;
    }
    this.asking = null;
    this.list();
    this.say(fill(gettext("%(key)s it is."), { key: printed(key) }));
    this.focus(id);
  }

  reset() {
    this.asking = null;
    this.shortcuts.reset();
    this.list();
    this.say(gettext("The keys are as they were at first."));
  }

  say(words) {
    part("keys-said").textContent = words;
  }
}
