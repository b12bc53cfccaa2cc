// Cards, fetched before they are asked for, their pictures decoded so that they can be shown at once.
import { getJson } from "../../lib/net.js";
import { fill, gettext } from "../../lib/words.js";

const MOST_KEPT = 60;

export function picture(src, alt, className = "") {
  const image = new Image();
  image.alt = alt;
  image.draggable = false;
  if (className) image.className = className;
  if (!src) {
    image.hidden = true;
    return { image, seen: Promise.resolve() };
  }
  image.addEventListener("error", () => image.classList.add("missing"), { once: true });
  image.src = src;
  return { image, seen: image.decode().catch(() => {}) };
}

/** The card with its pictures made; `seen` is done when all of them can be painted. */
function prepared(card) {
  const main = picture(card.image, fill(gettext("Print: %(name)s"), { name: card.name }));
  const pictures = card.suggestions.map(({ item, exemplar }) => {
    const glyph = item.glyph ?? item.print;
    return {
      thumbnail: picture(item.thumbnail, ""),
      print: picture(item.print, ""),
      exemplar: exemplar?.image ? picture(exemplar.image, "") : null,
      glyph: item.character ? picture(glyph, item.character, item.glyph ? "glyph" : "glyph stand-in") : null,
    };
  });
  const all = [main, ...pictures.flatMap(({ thumbnail, print, glyph }) => [thumbnail, print, glyph])];
  return { card, main, pictures, seen: Promise.all(all.map((one) => one?.seen)) };
}

export class Cards {
  constructor(url, first) {
    this.url = url;
    this.kept = new Map();
    this.asked = new Map();
    first.forEach((card) => this.keep(card));
  }

  has(id) {
    return this.kept.has(id);
  }

  peek(id) {
    return this.kept.get(id) ?? null;
  }

  /** The card, fetched where it is not there yet; null where it is gone from the batch. */
  async get(id) {
    if (!this.kept.has(id)) await this.fetch([id]);
    const found = this.kept.get(id) ?? null;
    if (found) {
      this.kept.delete(id);
      this.kept.set(id, found); // the last looked at is the last to be let go
    }
    return found;
  }

  /** Fetch those of the cards that are not there. Rejects with a NetError. */
  async fetch(ids) {
    const missing = ids.filter((id) => !this.kept.has(id));
    const fresh = missing.filter((id) => !this.asked.has(id));
    if (fresh.length) {
      const asking = getJson(`${this.url}?ids=${fresh.join(",")}`)
        .then(({ cards }) => cards.forEach((card) => this.keep(card)))
        .finally(() => fresh.forEach((id) => this.asked.delete(id)));
      fresh.forEach((id) => this.asked.set(id, asking));
    }
    await Promise.all(new Set(missing.map((id) => this.asked.get(id))));
  }

  drop(id) {
    this.kept.delete(id);
  }

  keep(card) {
    this.kept.set(card.id, prepared(card));
    if (this.kept.size > MOST_KEPT) this.kept.delete(this.kept.keys().next().value);
  }
}
