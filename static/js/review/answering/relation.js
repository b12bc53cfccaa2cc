// How a match is related to its print: of an answer, or of the answers to come.
import { keep, recall } from "../../lib/store.js";
import { gettext } from "../../lib/words.js";

/** @import { Relation, Store, Suggestion } from "../../types.d.ts" */

/** @typedef {"this" | "next" | "card" | "proposed"} RelationSource of this match, of all to come, of this card, or proposed */

/** @type {Relation[]} */
const RELATIONS = ["", "same_carving", "same_character", "variant"];

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

/**
 * The relation that is proposed for a suggestion; "" where none is, or where it cannot be told.
 * @param {Pick<Suggestion, "proposed"> | undefined} suggestion
 * @returns {Relation}
 */
export function proposedFor(suggestion) {
  return RELATIONS.find((relation) => relation === suggestion?.proposed) ?? "";
}

/**
 * The relation that the next matches get: the one that the person set, kept while the tab is open; else the one set
 * for this card alone; else the one that is proposed.
 */
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
    /** @type {Relation | null} */
    this.ofCard = null;
  }

  /**
   * What a match with this suggestion is to be.
   * @param {Pick<Suggestion, "proposed"> | undefined} suggestion
   */
  of(suggestion) {
    return this.value || (this.ofCard ?? proposedFor(suggestion));
  }

  /**
   * Where that comes from.
   * @param {Pick<Suggestion, "proposed"> | undefined} suggestion
   * @returns {RelationSource}
   */
  source(suggestion) {
    if (this.value || !proposedFor(suggestion)) return "next";
    return this.ofCard === null ? "proposed" : "card";
  }

  /**
   * Go on to the next relation: for this card where one is proposed for its first suggestion, else for all to come.
   * @param {Pick<Suggestion, "proposed">} [suggestion]
   */
  turn(suggestion) {
    if (this.source(suggestion) !== "next") {
      this.ofCard = following(this.of(suggestion));
      return;
    }
    this.value = following(this.value);
    keep(this.store, this.name, this.value);
  }

  leaveCard() {
    this.ofCard = null;
  }
}
