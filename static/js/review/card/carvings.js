// The other carvings of a character: five at a time in the places of the five, each laid over the print at a glance.
import { getJson } from "../../lib/net.js";
import { withPictures } from "./cards.js";

/** @import { Card, Suggestion } from "../../types.d.ts" */
/** @import { PreparedCard } from "./cards.js" */

const A_PAGE = 5;

export class CarvingPages {
  constructor() {
    /** @type {Card | null} */
    this.card = null; // as it came, with the first five
    /** @type {Suggestion[]} */
    this.all = [];
    this.page = 0;
  }

  /** Whether other carvings than the five are shown. */
  get isBeyond() {
    return this.page > 0;
  }

  leaveCard() {
    Object.assign(this, { card: null, all: [], page: 0 });
  }

  /**
   * The card with its next five carvings; after the last come the first. Null where there are no others.
   * @param {Card} card as it came
   * @returns {Promise<PreparedCard | null>}
   */
  async next(card) {
    if (this.card !== card) {
      const { suggestions } = await getJson(card.carvings);
      Object.assign(this, { card, all: [...card.suggestions, ...suggestions], page: 0 });
    }
    const pages = Math.ceil(this.all.length / A_PAGE);
    if (pages < 2) return null;
    this.page = (this.page + 1) % pages;
    const some = this.all.slice(A_PAGE * this.page, A_PAGE * (this.page + 1));
    return withPictures({ ...card, suggestions: some.map((one, i) => ({ ...one, rank: i + 1 })), glance: true });
  }
}
