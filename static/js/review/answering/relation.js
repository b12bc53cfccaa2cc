// How a match is related to its print: of an answer, or of the answers to come.
import { keep, recall } from "../../lib/store.js";
import { gettext } from "../../lib/words.js";

/** @import { Relation, Store } from "../../types.d.ts" */

/** @type {Relation[]} */
export const RELATIONS = ["", "same_carving", "same_character", "variant"];

/**
 * The relation after this one; after the last comes none.
 * @param {Relation} relation
 */
export function following(relation) {
  return RELATIONS[(RELATIONS.indexOf(relation) + 1) % RELATIONS.length];
}

/**
 * A relation in words.
 * @param {Relation} relation
 */
export function named(relation) {
  /** @type {Partial<Record<Relation, string>>} */
  const names = {
    same_carving: gettext("same carving"),
    same_character: gettext("same character on another block"),
    variant: gettext("variant form"),
  };
  return names[relation] ?? gettext("not set");
}

/** The relation that the next matches get, kept while the tab is open. */
export class NextRelation {
  /**
   * @param {string} name what it is called in the store
   * @param {Pick<Store, "getItem" | "setItem">} store
   */
  constructor(name, store) {
    this.name = name;
    this.store = store;
    const kept = recall(store, name);
    /** @type {Relation} */
    this.value = RELATIONS.includes(kept) ? kept : "";
  }

  turn() {
    this.value = following(this.value);
    keep(this.store, this.name, this.value);
  }
}
