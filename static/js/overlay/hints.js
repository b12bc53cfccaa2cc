// Where the first two candidates differ, when either might be the one: rings on the query and on their prints.
import { fill, gettext, ngettext, number } from "../lib/words.js";
import { inverse } from "./fields.js";
import { rings } from "./paint.js";

const CLOSE = 0.35; // of the first one's confidence, from which on the second is a rival

export class Hints {
  /** changed(): called when there is something else to be seen. */
  constructor(desk, changed) {
    this.desk = desk;
    this.changed = changed;
    this.wanted = true;
    this.clear();
  }

  clear() {
    this.places = [];
    this.rivals = [];
    this.maps = [];
    for (const drawn of document.querySelectorAll(".overlay-rings")) drawn.remove();
  }

  /** Whether two suggestions are close. Where confidences are hidden, nothing is told by them. */
  static close([first, second]) {
    if (!first || !second || first.confidence === null || second.confidence === null) return false;
    return second.confidence >= CLOSE * first.confidence;
  }

  /** Find the places for a card's suggestions. */
  async show(card, suggestions) {
    const [first, second] = [...suggestions].sort((a, b) => a.rank - b.rank);
    if (card.blind || !Hints.close([first, second])) {
      this.clear();
      return;
    }
    const rivals = [first, second];
    const prints = rivals.map(({ item }) => item.print);
    const found = await Promise.all(prints.map((print) => this.desk.register(card.image, print)));
    const maps = found.map(({ matrix }) => matrix);
    const places = await this.desk.differ(card.image, prints, maps);
    this.clear();
    Object.assign(this, { places, rivals, maps });
    this.draw();
  }

  get visible() {
    return this.wanted ? this.places : [];
  }

  /** Rings on the two candidates' own prints. */
  draw() {
    for (const drawn of document.querySelectorAll(".overlay-rings")) drawn.remove();
    if (!this.visible.length) return;
    this.rivals.forEach(({ rank }, i) => {
      const tile = document.querySelector(`.candidate[data-rank="${rank}"] .candidate-print`);
      if (tile) tile.append(ringed(this.places, inverse(this.maps[i]), tile.clientWidth));
    });
  }

  words() {
    if (!this.visible.length) return "";
    const [first, second] = this.rivals.map(({ rank }) => rank);
    const count = this.places.length;
    const said = ngettext(
      "%(first)s and %(second)s differ in %(count)s place",
      "%(first)s and %(second)s differ in %(count)s places",
      count,
    );
    const likes = [0, 1].map((which) => this.places.filter(({ like }) => like === which).length);
    const whole = fill(said, { first, second, count: number(count) });
    if (likes[0] === likes[1] || (likes[0] && likes[1])) return whole;
    return `${whole}: ${fill(gettext("the picture is like %(rank)s there"), { rank: likes[0] ? first : second })}`;
  }
}

function ringed(places, map, wide) {
  const side = Math.max(64, Math.round(wide * Math.min(2, window.devicePixelRatio)));
  const canvas = Object.assign(document.createElement("canvas"), {
    className: "overlay-rings",
    width: side,
    height: side,
  });
  canvas.setAttribute("aria-hidden", "true");
  const [a, b, c, d, e, f] = map;
  const half = side / 2;
  rings(
    canvas.getContext("2d"),
    [a * half, b * half, c * half, d * half, e * half + half, f * half + half],
    places,
    side,
  );
  return canvas;
}
