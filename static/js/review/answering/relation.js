// How a match is related to its print: of an answer, or of the answers to come.
import { gettext } from "../../lib/words.js";

export const RELATIONS = ["", "same_carving", "same_character", "variant"];

/** The relation after this one; after the last comes none. */
export function following(relation) {
  return RELATIONS[(RELATIONS.indexOf(relation) + 1) % RELATIONS.length];
}

export function named(relation) {
  const names = {
    same_carving: gettext("same carving"),
    same_character: gettext("same character on another block"),
    variant: gettext("variant form"),
  };
  return names[relation] ?? gettext("not given");
}

/** The relation that the next matches get, kept while the tab is open. */
export class Coming {
  constructor(name, store) {
    this.name = name;
    this.store = store;
    this.value = "";
    try {
      const kept = store.getItem(name);
      if (RELATIONS.includes(kept)) this.value = kept;
    } catch {
      // Without a store it lasts as long as the page does.
    }
  }

  turn() {
    this.value = following(this.value);
    try {
      this.store.setItem(this.name, this.value);
    } catch {
      // As above.
    }
  }
}
