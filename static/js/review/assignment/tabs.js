// Which cards this person's other tabs have in hand, so that each tab is assigned cards of its own.
import { forget, keep, namesOf, recall } from "../../lib/store.js";

/** @import { Store } from "../../types.d.ts" */

const STALE = 150; // seconds after which a tab that notes nothing more is gone

export class Tabs {
  /**
   * @param {string} name what the tabs' notes in the store begin with
   * @param {Store} store
   * @param {() => number} [now] milliseconds
   */
  constructor(name, store, now = Date.now) {
    this.prefix = `${name}:`;
    this.own = `${this.prefix}${Math.random().toString(36).slice(2)}`;
    this.store = store;
    this.now = now;
  }

  /**
   * Note what this tab has in hand. Without a store each tab is on its own; the server still counts an answer once.
   * @param {number[]} ids
   */
  note(ids) {
    keep(this.store, this.own, { ids, at: this.now() });
  }

  leave() {
    forget(this.store, this.own);
  }

  /** Ids of the cards that other tabs have in hand. */
  others() {
    const others = namesOf(this.store, this.prefix).filter((name) => name !== this.own);
    return others.flatMap((name) => this.idsOf(name));
  }

  /**
   * @param {string} name
   * @returns {number[]}
   */
  idsOf(name) {
    const { ids = [], at = -Infinity } = recall(this.store, name) ?? {};
    if (this.now() - at < STALE * 1000) return ids;
    forget(this.store, name);
    return [];
  }
}
