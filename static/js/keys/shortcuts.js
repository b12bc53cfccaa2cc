// Which key does what: the usual ones, and those that the person has put in their place.
import { gettext } from "../lib/words.js";

const FIXED = new Set(["escape", "tab"]); // a dialog is left and a page walked through with these

export class Shortcuts {
  /** name: where the person's own keys are kept in the store. */
  constructor({ name, store }) {
    this.name = name;
    this.store = store;
    this.actions = new Map();
    this.own = this.recall();
    this.changed = () => {};
  }

  /** action: { id, keys, label, act, repeats? }. keys: the usual ones, as `keyOf` names them. */
  add(action) {
    this.actions.set(action.id, action);
    this.changed();
  }

  keysOf(id) {
    return this.own[id] ?? this.actions.get(id)?.keys ?? [];
  }

  /** The action of a key; a key that the person has bound is that action's alone. */
  of(key) {
    const bound = Object.keys(this.own).find((id) => this.own[id].includes(key) && this.actions.has(id));
    if (bound) return this.actions.get(bound);
    const usual = [...this.actions.values()].find(({ id, keys }) => !(id in this.own) && keys.includes(key));
    return usual ?? null;
  }

  /** Give the action this key in place of its own. Returns why not, in words, or "". */
  bind(id, key) {
    if (FIXED.has(key)) return gettext("This key leaves dialogs and walks through the page. Press another.");
    const holder = this.of(key);
    if (holder && holder.id !== id) return holder.label;
    this.own = { ...this.own, [id]: [key] };
    this.keep();
    return "";
  }

  get isUsual() {
    return Object.keys(this.own).length === 0;
  }

  reset() {
    this.own = {};
    this.keep();
  }

  keep() {
    try {
      this.store.setItem(this.name, JSON.stringify(this.own));
    } catch {
      // Without a store they last as long as the page does.
    }
    this.changed();
  }

  recall() {
    try {
      const kept = JSON.parse(this.store.getItem(this.name) ?? "{}");
      const keys = Object.entries(kept).filter(
        ([, one]) => Array.isArray(one) && one.every((key) => typeof key === "string"),
      );
      return Object.fromEntries(keys);
    } catch {
      return {};
    }
  }
}

/** A key as it is printed on the keyboard. */
export function printed(key) {
  const names = {
    space: gettext("Space"),
    enter: "Enter",
    arrowleft: "←",
    arrowright: "→",
    arrowup: "↑",
    arrowdown: "↓",
    backspace: "⌫",
    delete: gettext("Delete"),
    pageup: gettext("PgUp"),
    pagedown: gettext("PgDn"),
    home: gettext("Home"),
    end: gettext("End"),
  };
  return names[key] ?? (key.length === 1 ? key.toUpperCase() : key.charAt(0).toUpperCase() + key.slice(1));
}
