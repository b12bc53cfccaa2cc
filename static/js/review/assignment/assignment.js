// Cards dealt by the server: leased to this person, fetched ahead, given back when the page is left.

const AHEAD = 8; // cards in hand besides the one shown
const LOW = 5; // so few in hand, and more are asked for
const MOST_NAMED = 200; // ids that the server takes at once
const HOLD = 40; // seconds between two signs of life; the server waits for two minutes

export class Dealer {
  /**
   * ask(what, body): promise of the server's answer to "deal", "hold" or "release". keep(card): what is
   * done with a card that came. away(): ids whose answers are not at the server yet. tabs: the other tabs.
   */
  constructor({ ask, keep, away, tabs, order = "batch" }) {
    Object.assign(this, { ask, keep, away, tabs, order });
    this.queue = [];
    this.held = new Set();
    this.left = null; // how many there are for this person; null before the first deal
    this.skipped = false;
    this.passed = new Set(); // skipped again in the round of the skipped ones
    this.after = null;
    this.asking = null;
    this.round = 0;
    this.lost = () => {};
  }

  /** Take a card that came with the page, or was opened by its address, into hand. */
  take(id) {
    this.held.add(id);
    this.queue = this.queue.filter((one) => one !== id);
    this.say();
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

  /** See that enough cards are in hand. Rejects with a NetError. */
  async fill(low = LOW) {
    if (this.queue.length >= low) return;
    this.asking ??= this.deal().finally(() => (this.asking = null));
    await this.asking;
  }

  async deal() {
    const round = this.round;
    const have = [...new Set([...this.held, ...this.away(), ...this.tabs.others(), ...this.passed])].slice(
      0,
      MOST_NAMED,
    );
    const body = { order: this.order, count: AHEAD - this.queue.length, have };
    if (this.after !== null && this.order === "batch") body.after = this.after;
    if (this.skipped) body.skipped = true;
    const { cards, left } = await this.ask("deal", body);
    const ids = cards.map(({ id }) => id);
    if (round !== this.round) {
      this.give(ids); // asked for in an order that is no longer wanted
      return;
    }
    this.left = left;
    // What was answered while this was on its way is not wanted back.
    const done = new Set([...this.away(), ...this.passed]);
    const fresh = cards.filter(({ id }) => !this.held.has(id) && !done.has(id));
    for (const card of fresh) {
      this.keep(card);
      this.held.add(card.id);
      this.queue.push(card.id);
    }
    this.say();
  }

  /** How many wait for this person that others, or other tabs, have in hand. */
  get elsewhere() {
    return (this.left ?? 0) + this.tabs.others().length;
  }

  /** This card is shown or answered: it is not to come again. */
  shown(id) {
    this.queue = this.queue.filter((one) => one !== id);
  }

  /** This card was left without an answer: it comes next again, if it was dealt. */
  back(id) {
    if (this.held.has(id) && !this.queue.includes(id)) this.queue.unshift(id);
  }

  /** The card is out of hand. In the round of the skipped ones it does not come a second time. */
  done(id) {
    if (this.skipped) this.passed.add(id);
    this.shown(id);
    this.held.delete(id);
    this.say();
  }

  /** A card that is open again, or was opened by its address: take it into hand where nobody has it. */
  reclaim(id) {
    this.take(id);
    this.hold();
  }

  letGo(id) {
    this.done(id);
    this.give([id]);
  }

  /** Give back what is not shown, and deal anew: in another order, from another place, or what was skipped. */
  anew({ order = this.order, after = null, skipped = false } = {}) {
    this.round += 1;
    this.asking = null;
    Object.assign(this, { order, after, skipped });
    this.passed.clear();
    const unseen = this.queue;
    this.queue = [];
    for (const id of unseen) this.held.delete(id);
    this.say();
    this.give(unseen);
  }

  give(ids) {
    if (ids.length) this.ask("release", { ids }).catch(() => {}); // the lease runs out by itself
  }

  /** Keep the leases; cards that somebody else has by now are let go. */
  async hold() {
    if (!this.held.size) return;
    this.say();
    let lost;
    try {
      ({ lost } = await this.ask("hold", { ids: [...this.held] }));
    } catch {
      return; // the next sign of life will do
    }
    for (const id of lost) this.done(id);
    if (lost.length) this.lost(lost);
  }

  keepUp() {
    setInterval(() => this.hold(), HOLD * 1000);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.hold());
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("pageshow", (event) => event.persisted && this.hold());
  }

  leave() {
    this.tabs.leave();
    this.give([...this.held]);
  }

  say() {
    this.tabs.say([...this.held]);
  }
}
