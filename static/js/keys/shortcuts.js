// Which key does what: the usual ones, and those that the person has put in their place.
import { gettext } from "../lib/words.js";
import { namesOf } from "./presses.js";

/** @import { Press } from "./presses.js" */
/** @import { Action } from "../types.d.ts" */
/** @import { OwnKeys } from "./own.js" */

const FIXED = new Set(["escape", "tab"]); // a dialog is left and a page walked through with these

export class Shortcuts {
  /**
   * @param {Pick<OwnKeys, "load" | "save">} kept the person's own keys
   * @param {(event: Press) => string[]} [read] what a press may mean
   */
  constructor(kept, read = namesOf) {
    this.kept = kept;
    this.read = read;
    /** @type {Map<string, Action>} */
    this.actions = new Map();
    this.own = kept.load();
    this.changed = () => {};
  }

  /** @param {Action} action */
  add(action) {
    this.actions.set(action.id, action);
    this.changed();
  }

  /**
   * The keys of an action, its first one first.
   * @param {string} id
   * @returns {string[]}
   */
  keysOf(id) {
    return this.own[id] ?? this.actions.get(id)?.keys ?? [];
  }

  /**
   * The action of a key; a key that the person has bound is that action's alone.
   * @param {string} key
   * @returns {Action | null}
   */
  of(key) {
    const bound = Object.keys(this.own).find((id) => this.own[id].includes(key) && this.actions.has(id));
    if (bound) return this.actions.get(bound) ?? null;
    const usual = [...this.actions.values()].filter(({ id, fixed }) => !(id in this.own || fixed));
    return usual.find(({ keys }) => keys.includes(key)) ?? null;
  }

  /**
   * The action of the first of these names that has one.
   * @param {string[]} names
   * @returns {Action | null}
   */
  ofAny(names) {
    for (const name of names) {
      const action = this.of(name);
      if (action) return action;
    }
    return null;
  }

  /**
   * Give the action this key in place of its own. Returns why not, in words, or "".
   * @param {string} id
   * @param {string} key
   */
  bind(id, key) {
    if (FIXED.has(key)) return gettext("This key is reserved. Press another one.");
    const holder = this.of(key);
    if (holder && holder.id !== id) return holder.label;
    this.own = { ...this.own, [id]: [key] };
    this.save();
    return "";
  }

  get isUsual() {
    return Object.keys(this.own).length === 0;
  }

  reset() {
    this.own = {};
    this.save();
  }

  save() {
    this.kept.save(this.own);
    this.changed();
  }
}

/**
 * A key as it is printed on the keyboard.
 * @param {string} key
 * @returns {string}
 */
export function printed(key) {
  const held = /^(ctrl|shift)\+(.+)$/.exec(key);
  if (held) return `${held[1] === "ctrl" ? "Ctrl" : "⇧"} ${printed(held[2])}`;
  /** @type {Record<string, string>} */
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
