// Cards assigned by the server: leased to this person, fetched ahead, given back when the page is left.

/** @import { Card } from "../../types.d.ts" */
/** @import { Tabs } from "./tabs.js" */

/** @typedef {"deal" | "hold" | "release"} Request what the server is asked for; the names of its addresses */

const AHEAD = 8; // cards in hand besides the one shown
const LOW = 5; // so few in hand, and more are asked for
const MOST_NAMED = 200; // ids that the server takes at once
const RENEW = 40; // seconds between two renewals; a lease lasts two minutes

export class Assignment {
  /**
   * @param {object} options
   * @param {(what: Request, body: object) => Promise<any>} options.ask
   * @param {(card: Card) => void} options.keep what is done with a card that came
   * @param {() => number[]} options.unsent ids whose answers are not at the server yet
   * @param {Tabs} options.tabs this person's other tabs
   * @param {string} [options.order]
   */
  constructor({ ask, keep, unsent, tabs, order = "batch" }) {
    this.ask = ask;
    this.keep = keep;
    this.unsent = unsent;
    this.tabs = tabs;
    this.order = order;
    /** @type {number[]} */
    this.queue = [];
    /** @type {Set<number>} */
    this.leased = new Set();
    /** @type {number | null} */
    this.left = null; // how many there are for this person; null before the first assignment
    this.skipped = false;
    /** @type {Set<number>} */
    this.passed = new Set(); // skipped again in the round of the skipped ones
    /** @type {number | null} */
    this.after = null;
    /** @type {Promise<void> | null} */
    this.asking = null;
    this.round = 0;
    /** @type {(ids: number[]) => void} */
    this.lost = () => {};
  }

  /**
   * Take a card that came with the page, or was opened by its address, into hand.
   * @param {number} id
   */
  take(id) {
    this.leased.add(id);
    this.shown(id);
    this.note();
  }

  /** The next card, where one is in hand. */
  ready() {
    return this.queue[0] ?? null;
  }

  /** The next card; null when there is none. Rejects with a NetError. */
  async next() {
    if (!this.queue.length) await this.fill(1);
    return this.ready();
  }

  /**
   * See that enough cards are in hand. Rejects with a NetError.
   * @param {number} [low] how many are enough
   */
  async fill(low = LOW) {
    if (this.queue.length >= low) return;
    this.asking ??= this.request().finally(() => {
      this.asking = null;
    });
    await this.asking;
  }

  async request() {
    const round = this.round;
    const { cards, left } = await this.ask("deal", this.wish());
    if (round !== this.round) {
      this.release(cards.map((/** @type {Card} */ { id }) => id)); // asked for in an order that is no longer wanted
      return;
    }
    this.left = left;
    this.receive(cards);
  }

  /** What is asked for: cards that are neither here nor answered. */
  wish() {
    const here = new Set([...this.leased, ...this.unsent(), ...this.tabs.others(), ...this.passed]);
    const wish = { order: this.order, count: AHEAD - this.queue.length, have: [...here].slice(0, MOST_NAMED) };
    const after = this.after !== null && this.order === "batch" ? { after: this.after } : {};
    return { ...wish, ...after, ...(this.skipped ? { skipped: true } : {}) };
  }

  /** @param {Card[]} cards */
  receive(cards) {
    // What was answered while this was on its way is not wanted back.
    const done = new Set([...this.unsent(), ...this.passed]);
    for (const card of cards) {
      if (this.leased.has(card.id) || done.has(card.id)) continue;
      this.keep(card);
      this.leased.add(card.id);
      this.queue.push(card.id);
    }
    this.note();
  }

  /** How many wait for this person that others, or other tabs, have in hand. */
  get elsewhere() {
    return (this.left ?? 0) + this.tabs.others().length;
  }

  /**
   * This card is shown or answered: it is not to come again.
   * @param {number} id
   */
  shown(id) {
    this.queue = this.queue.filter((one) => one !== id);
  }

  /**
   * This card was left without an answer: it comes next again, if it was assigned.
   * @param {number} id
   */
  back(id) {
    if (this.leased.has(id) && !this.queue.includes(id)) this.queue.unshift(id);
  }

  /**
   * The card is out of hand. In the round of the skipped ones it does not come a second time.
   * @param {number} id
   */
  done(id) {
    if (this.skipped) this.passed.add(id);
    this.shown(id);
    this.leased.delete(id);
    this.note();
  }

  /**
   * A card that is open again, or was opened by its address: take it into hand where nobody has it.
   * @param {number} id
   */
  reclaim(id) {
    this.take(id);
    this.renew();
  }

  /** @param {number} id */
  letGo(id) {
    this.done(id);
    this.release([id]);
  }

  /**
   * Give back what is not shown, and ask anew: in another order, from another place, or for what was skipped.
   * @param {{ order?: string, after?: number | null, skipped?: boolean }} [wish]
   */
  restart({ order = this.order, after = null, skipped = false } = {}) {
    this.round += 1;
    this.asking = null;
    Object.assign(this, { order, after, skipped });
    this.passed.clear();
    const unseen = this.queue;
    this.queue = [];
    for (const id of unseen) this.leased.delete(id);
    this.note();
    this.release(unseen);
  }

  /** @param {number[]} ids */
  release(ids) {
    if (ids.length) this.ask("release", { ids }).catch(() => {}); // the lease runs out by itself
  }

  /** Renew the leases; cards that somebody else has by now are let go. */
  async renew() {
    if (!this.leased.size) return;
    this.note();
    /** @type {number[]} */
    let lost;
    try {
      ({ lost } = await this.ask("hold", { ids: [...this.leased] }));
    } catch {
      return; // the next renewal will do
    }
    for (const id of lost) this.done(id);
    if (lost.length) this.lost(lost);
  }

  /** Renew the leases for as long as the page is open. */
  keepUp() {
    setInterval(() => this.renew(), RENEW * 1000);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.renew());
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("pageshow", (event) => event.persisted && this.renew());
  }

  leave() {
    this.tabs.leave();
    this.release([...this.leased]);
  }

  /** Tell the other tabs what this one has. */
  note() {
    this.tabs.note([...this.leased]);
  }
}
