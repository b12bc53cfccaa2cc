// Cards, fetched before they are asked for, their pictures decoded so that they can be shown at once.
import { getJson } from "../../lib/net.js";
import { glyph, picture } from "../../lib/pictures.js";
import { fill, gettext } from "../../lib/words.js";

/** @import { Card, Suggestion } from "../../types.d.ts" */

/** @typedef {"thumbnail" | "print" | "glyph" | "exemplar"} PictureName */
/** @typedef {Record<PictureName, HTMLImageElement | null>} CandidatePictures */
/** @typedef {{ card: Card, main: HTMLImageElement, pictures: CandidatePictures[] }} PreparedCard with its pictures */

const MOST_KEPT = 60;

/**
 * A card with its pictures.
 * @param {Card} card
 * @returns {PreparedCard}
 */
export function withPictures(card) {
  const main = picture(card.image, fill(gettext("Print: %(name)s"), { name: card.name }));
  return { card, main, pictures: card.suggestions.map(candidatePictures) };
}

/** @param {Suggestion} suggestion */
function candidatePictures({ item, exemplar }) {
  return {
    thumbnail: picture(item.thumbnail, ""),
    print: picture(item.print, ""),
    exemplar: exemplar?.image ? picture(exemplar.image, "") : null,
    glyph: glyph(item),
  };
}

export class Cards {
  /**
   * @param {string} url where cards are fetched
   * @param {Card[]} first those that came with the page
   */
  constructor(url, first) {
    this.url = url;
    /** @type {Map<number, PreparedCard>} */
    this.kept = new Map();
    /** @type {Map<number, Promise<void>>} */
    this.asked = new Map();
    for (const card of first) this.keep(card);
  }

  /** @param {number} id */
  has(id) {
    return this.kept.has(id);
  }

  /** @param {number | null} id */
  peek(id) {
    return (id !== null && this.kept.get(id)) || null;
  }

  /**
   * The card, fetched where it is not there yet; null where it is gone from the batch.
   * @param {number} id
   */
  async get(id) {
    if (!this.kept.has(id)) await this.fetch([id]);
    const found = this.kept.get(id) ?? null;
    if (found) {
      this.kept.delete(id);
      this.kept.set(id, found); // the last looked at is the last to be let go
    }
    return found;
  }

  /**
   * Fetch those of the cards that are not there. Rejects with a NetError.
   * @param {number[]} ids
   */
  async fetch(ids) {
    const missing = ids.filter((id) => !this.kept.has(id));
    const fresh = missing.filter((id) => !this.asked.has(id));
    if (fresh.length) {
      const asking = this.request(fresh).finally(() => {
        for (const id of fresh) this.asked.delete(id);
      });
      for (const id of fresh) this.asked.set(id, asking);
    }
    await Promise.all(new Set(missing.map((id) => this.asked.get(id))));
  }

  /** @param {number[]} ids */
  async request(ids) {
    const { cards } = await getJson(`${this.url}?ids=${ids.join(",")}`);
    for (const card of cards) this.keep(card);
  }

  /** @param {number} id */
  drop(id) {
    this.kept.delete(id);
  }

  /** @param {Card} card */
  keep(card) {
    this.kept.set(card.id, withPictures(card));
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST_KEPT) this.kept.delete(oldest);
  }
}
