// Where the first two candidates differ, when either might be the one: rings on the query and on their prints.
import { all, within } from "../lib/dom.js";
import { fill, gettext, ngettext, number } from "../lib/words.js";
import { inverse } from "./fields.js";
import { context2d, rings } from "./paint.js";

/** @import { ShownCard, Suggestion } from "../types.d.ts" */
/** @import { OverlayClient } from "./client.js" */
/** @import { Place } from "./differences.js" */
/** @import { Places } from "./places.js" */

const CLOSE = 0.35; // of the first one's confidence, from which on the second is a rival

/** @typedef {Suggestion & { item: { print: string } }} Printed a suggestion whose print can be laid over */

export class Hints {
  /**
   * @param {OverlayClient} client
   * @param {Places} laid where suggestions lie
   * @param {() => void} changed called when there is something else to be seen
   */
  constructor(client, laid, changed) {
    this.client = client;
    this.laid = laid;
    this.changed = changed;
    this.wanted = true;
    /** @type {Place[]} */
    this.places = [];
    /** @type {Printed[]} */
    this.rivals = [];
    /** @type {number[][]} */
    this.maps = [];
  }

  clear() {
    Object.assign(this, { places: [], rivals: [], maps: [] });
    this.erase();
  }

  erase() {
    for (const drawn of all(".overlay-rings")) drawn.remove();
  }

  /**
   * Find the places for a card's suggestions.
   * @param {ShownCard & { image: string }} card
   * @param {Printed[]} suggestions
   */
  async show(card, suggestions) {
    const rivals = [...suggestions].sort((a, b) => a.rank - b.rank).slice(0, 2);
    if (card.blind || !areClose(rivals)) {
      this.clear();
      return;
    }
    const prints = rivals.map(({ item }) => item.print);
    const found = await Promise.all(rivals.map((one) => this.laid.of(card, one)));
    const maps = found.map(({ matrix }) => matrix);
    const places = await this.client.differ(card.image, prints, maps);
    this.clear();
    Object.assign(this, { places, rivals, maps });
    this.draw();
  }

  get visible() {
    return this.wanted ? this.places : [];
  }

  /** Rings on the two candidates' own prints. */
  draw() {
    this.erase();
    if (!this.visible.length) return;
    this.rivals.forEach(({ rank }, i) => {
      const tile = within(document, `.candidate[data-rank="${rank}"] .candidate-print`);
      tile.append(ringed(this.places, inverse(this.maps[i]), tile.clientWidth));
    });
  }

  words() {
    if (!this.visible.length) return "";
    const [first, second] = this.rivals.map(({ rank }) => rank);
    const count = this.places.length;
    const text = ngettext(
      "%(first)s and %(second)s differ in %(count)s place",
      "%(first)s and %(second)s differ in %(count)s places",
      count,
    );
    const likes = [0, 1].map((which) => this.places.filter(({ like }) => like === which).length);
    const whole = fill(text, { first, second, count: number(count) });
    if (likes[0] === likes[1] || (likes[0] && likes[1])) return whole;
    return `${whole}: ${fill(gettext("there the picture is like %(rank)s"), { rank: likes[0] ? first : second })}`;
  }
}

/**
 * Whether the first two suggestions are close. Where confidences are hidden, nothing is told by them.
 * @param {Pick<Suggestion, "confidence">[]} suggestions
 */
export function areClose([first, second]) {
  if (!first || !second || first.confidence === null || second.confidence === null) return false;
  return second.confidence >= CLOSE * first.confidence;
}

/**
 * @param {Place[]} places
 * @param {number[]} map
 * @param {number} wide
 */
function ringed(places, map, wide) {
  const side = Math.max(64, Math.round(wide * Math.min(2, window.devicePixelRatio)));
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { className: "overlay-rings", width: side, height: side });
  canvas.setAttribute("aria-hidden", "true");
  const [a, b, c, d, e, f] = map;
  const half = side / 2;
  const frame = [a * half, b * half, c * half, d * half, e * half + half, f * half + half];
  rings(context2d(canvas), frame, places, side);
  return canvas;
}
