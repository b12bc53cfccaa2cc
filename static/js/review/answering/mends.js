// Where this person put blocks by hand: kept in the browser until the card is answered, then with the answer.
import { keep, recall } from "../../lib/store.js";

/** @import { Decision, Fit, ShownCard, Store } from "../../types.d.ts" */

const PAUSE = 500; // milliseconds without a move after which an answer is sent anew
const MOST = 100;

export class Mends {
  /**
   * @param {object} options
   * @param {string} options.name what they are called in the store
   * @param {Pick<Store, "getItem" | "setItem">} options.store
   * @param {(card: Pick<ShownCard, "id">) => Decision | null | undefined} options.answer what the person answered
   * @param {() => void} options.moved called when the answer's block has come to rest elsewhere
   */
  constructor({ name, store, answer, moved }) {
    this.name = name;
    this.store = store;
    this.answer = answer;
    this.moved = moved;
    /** @type {Map<string, Fit | null>} */
    this.kept = new Map(recall(store, name) ?? []);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /**
   * Where the person put this item on the card's picture; null where it lies as the search laid it.
   * @param {Pick<ShownCard, "id">} card
   * @param {number | null | undefined} item
   * @returns {Fit | null}
   */
  of(card, item) {
    const kept = this.kept.get(nameOf(card, item));
    return kept === undefined ? placeIn(this.answer(card), item) : kept;
  }

  /**
   * The person moved an item.
   * @param {Pick<ShownCard, "id">} card
   * @param {number} item
   * @param {Fit | null} fit
   */
  put(card, item, fit) {
    const name = nameOf(card, item);
    this.kept.delete(name);
    this.kept.set(name, fit);
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST) this.kept.delete(oldest);
    this.remember();
    clearTimeout(this.timer);
    if (matchIn(this.answer(card), item)) this.timer = setTimeout(() => this.flush(), PAUSE);
  }

  /** What waits is sent now. */
  flush() {
    clearTimeout(this.timer);
    if (this.timer) this.moved();
    this.timer = undefined;
  }

  /**
   * The card's answer has its places from now on.
   * @param {Pick<ShownCard, "id">} card
   */
  answered(card) {
    for (const name of [...this.kept.keys()]) {
      if (name.startsWith(`${card.id}:`)) this.kept.delete(name);
    }
    this.remember();
  }

  /**
   * An answer is taken back: where its blocks were put by hand waits for the next one.
   * @param {Pick<ShownCard, "id">} card
   * @param {Decision | null | undefined} answer
   */
  keepOf(card, answer) {
    if (answer?.verdict !== "match") return;
    for (const { item, fit } of [answer, ...(answer.also ?? [])]) {
      if (fit?.by === "person") this.kept.set(nameOf(card, item), fit);
    }
    this.remember();
  }

  remember() {
    keep(this.store, this.name, [...this.kept]);
  }
}

/**
 * @param {Pick<ShownCard, "id">} card
 * @param {number | null | undefined} item
 */
function nameOf(card, item) {
  return `${card.id}:${item}`;
}

/**
 * The match with this item in an answer.
 * @param {Decision | null | undefined} answer
 * @param {number | null | undefined} item
 */
function matchIn(answer, item) {
  if (answer?.verdict !== "match") return undefined;
  return [answer, ...(answer.also ?? [])].find((one) => one.item === item);
}

/**
 * @param {Decision | null | undefined} answer
 * @param {number | null | undefined} item
 */
function placeIn(answer, item) {
  const fit = matchIn(answer, item)?.fit;
  return fit?.by === "person" ? fit : null;
}
