// Which cards this person's other tabs hold, so that each tab is dealt cards of its own.

const STALE = 150; // seconds after which a tab that says nothing more is gone

export class Tabs {
  /** name: what the tabs' notes in the store begin with. */
  constructor(name, store, now = Date.now) {
    this.prefix = `${name}:`;
    this.own = `${this.prefix}${Math.random().toString(36).slice(2)}`;
    this.store = store;
    this.now = now;
  }

  /** Note what this tab holds. */
  say(ids) {
    this.quietly(() => this.store.setItem(this.own, JSON.stringify({ ids, at: this.now() })));
  }

  leave() {
    this.quietly(() => this.store.removeItem(this.own));
  }

  /** Ids of the cards that other tabs hold. */
  others() {
    const found = [];
    this.quietly(() => {
      for (const key of Array.from({ length: this.store.length }, (_, i) => this.store.key(i))) {
        if (key.startsWith(this.prefix) && key !== this.own) found.push(...this.held(key));
      }
    });
    return found;
  }

  held(key) {
    const { ids, at } = JSON.parse(this.store.getItem(key) ?? "{}");
    if (this.now() - at < STALE * 1000) return ids;
    this.store.removeItem(key);
    return [];
  }

  quietly(act) {
    try {
      act();
    } catch {
      // Without a store each tab is on its own; the server still counts an answer once.
    }
  }
}
