// Where the picture stands on its page: the strip of its column, dimmed but for the box, with the neighbours' answers.
import { part } from "../../lib/dom.js";
import { CHARACTER_LANGUAGE } from "../../lib/han.js";
import { getJson, NetError } from "../../lib/net.js";
import { gettext } from "../../lib/words.js";
import { stripOf, tilesOf } from "./strip.js";

/** @import { Card, PagePlace, PageBox } from "../../types.d.ts" */
/** @import { Strip, Tile } from "./strip.js" */
/** @import { BoxDialog } from "../../pages/box_dialog.js" */
/** @import { Review } from "../review.js" */

const WORDS = 26; // css pixels beside the scan, for characters
const RENEWED = [300, 300, 400, 500, 700, 1000, 1500, 2500, 4000]; // milliseconds until a mended picture is asked for

export class CardPlace {
  /** @param {Review} review */
  constructor(review) {
    this.review = review;
    this.room = part("place");
    this.canvas = part("place-canvas", HTMLCanvasElement);
    /** @type {PagePlace | null} */
    this.place = null;
    /** @type {BoxDialog | null} */
    this.dialog = null;
    this.turn = 0;
    review.page.addEventListener("mocban:card", () => this.follow());
  }

  /** Whether the pictures of this batch were cut from pages. */
  get isOn() {
    return !this.room.hidden;
  }

  async follow() {
    const { card } = this.review;
    if (!this.isOn || !card) return;
    this.turn += 1;
    const { turn } = this;
    if (this.room.dataset.query !== `${card.id}`) this.clear();
    try {
      const place = await getJson(`/queries/${card.id}/place/`);
      if (turn === this.turn) this.show(card, place);
    } catch (error) {
      if (!(error instanceof NetError)) throw error; // a picture that was uploaded by itself stands on no page
    }
  }

  clear() {
    this.place = null;
    this.room.dataset.query = "";
    this.canvas.getContext("2d")?.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /**
   * @param {Pick<Card, "id">} card
   * @param {PagePlace} place
   */
  async show(card, place) {
    this.place = place;
    this.room.dataset.query = `${card.id}`;
    part("place-open", HTMLAnchorElement).href = place.address;
    const ratio = globalThis.devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    Object.assign(this.canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    const strip = stripOf(place, width - WORDS, height);
    const { turn } = this;
    const tiles = await Promise.all(tilesOf(place, strip, ratio).map(loaded));
    const context = this.canvas.getContext("2d");
    if (turn !== this.turn || !context || !strip) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    paint(context, place, strip, tiles, width);
  }

  /** Open the page at this box. */
  openPage() {
    if (this.place) location.assign(this.place.address);
    else this.missing();
  }

  missing() {
    this.review.tell(gettext("This picture was not cut from a page."));
  }

  /** Mend the box of the picture without leaving its card. */
  async mend() {
    const { card } = this.review;
    if (!this.place || !card) {
      this.missing();
      return;
    }
    const { BoxDialog } = await import("../../pages/box_dialog.js");
    this.dialog ??= new BoxDialog((query) => this.renew(query));
    await this.dialog.open(this.place, card.id);
  }

  /**
   * The box was mended: take the card anew once its picture is another one and has its suggestions.
   * @param {number} query
   */
  async renew(query) {
    const before = this.review.cards.peek(query)?.card.image;
    for (const wait of RENEWED) {
      await new Promise((done) => setTimeout(done, wait));
      const fresh = await this.fresh(query);
      if (!fresh || fresh.image === before) continue;
      this.review.cards.keep(fresh);
      const kept = this.review.cards.peek(query);
      if (kept && this.review.current === query) this.review.paint(kept);
      return;
    }
  }

  /**
   * @param {number} query
   * @returns {Promise<Card | null>}
   */
  async fresh(query) {
    try {
      const { cards } = await getJson(`${this.review.page.dataset.cards}?ids=${query}`);
      return cards[0] ?? null;
    } catch (error) {
      if (!(error instanceof NetError)) throw error;
      return null;
    }
  }
}

/**
 * A tile with its picture; null where it cannot be loaded.
 * @param {Tile} tile
 * @returns {Promise<{ tile: Tile, image: HTMLImageElement } | null>}
 */
async function loaded(tile) {
  const image = new Image();
  image.src = tile.url;
  try {
    await image.decode();
  } catch {
    return null;
  }
  return { tile, image };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {PagePlace} place
 * @param {Strip} strip
 * @param {({ tile: Tile, image: HTMLImageElement } | null)[]} tiles
 * @param {number} width
 */
function paint(context, place, strip, tiles, width) {
  for (const one of tiles) {
    if (one) context.drawImage(one.image, one.tile.x, one.tile.y, one.tile.w, one.tile.h);
  }
  const style = getComputedStyle(context.canvas);
  const here = place.boxes.find(({ id }) => id === place.box);
  if (!here) return;
  const { x, y, w, h } = strip.placed(here);
  context.fillStyle = style.backgroundColor;
  context.globalAlpha = 0.6;
  context.beginPath();
  context.rect(0, 0, strip.width, strip.height);
  context.rect(x, y, w, h);
  context.fill("evenodd");
  context.globalAlpha = 1;
  context.strokeStyle = style.getPropertyValue("--place-line");
  context.lineWidth = 2;
  context.strokeRect(x, y, w, h);
  context.clearRect(strip.width, 0, width - strip.width, strip.height);
  context.fillStyle = style.color;
  context.font = "20px serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.canvas.lang = CHARACTER_LANGUAGE;
  for (const box of place.boxes) write(context, box, strip, width);
}

/**
 * What a neighbour was answered, level with it.
 * @param {CanvasRenderingContext2D} context
 * @param {PageBox} box
 * @param {Strip} strip
 * @param {number} width
 */
function write(context, box, strip, width) {
  const { y, h } = strip.placed(box);
  const word = box.character || box.proposal;
  if (word) context.fillText(word, (strip.width + width) / 2, y + h / 2);
}
