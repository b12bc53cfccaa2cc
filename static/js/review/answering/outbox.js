// Answers on their way: kept in the browser until the server has them, sent one after the other.
//
// Each is kept under a name of its own, so that two pages of one person cannot write over each other's; an
// answer that both send carries one key, and counts once. What the server refuses stays here, marked, until
// the person has decided what becomes of it.

const WAITS = [1, 2, 4, 8, 15]; // seconds between tries; the last one repeats

export class Outbox {
  /**
   * name: what the entries' names in the store begin with. send(entry): promise of the server's answer;
   * rejects with a NetError. told(state, detail): "saving", "saved" (detail: entry and answer), "waiting",
   * "refused" (detail: entry and error), "loggedout".
   */
  constructor({ name, store, send, told, waits = WAITS }) {
    this.prefix = `${name}:`;
    this.store = store;
    this.send = send;
    this.told = told;
    this.waits = waits;
    this.memory = new Map(); // what the browser refuses to keep
    this.going = null;
    this.wake = null;
    this.adopt(name);
  }

  /** Everything that is not at the server, in the order in which it was given. */
  entries() {
    const found = [...this.memory.values()];
    for (const key of this.keys()) {
      const entry = this.read(key);
      if (entry && !this.memory.has(entry.key)) found.push(entry);
    }
    return found.sort((a, b) => a.at - b.at);
  }

  /** Those that are still to be sent. */
  waiting() {
    return this.entries().filter(({ refused }) => !refused);
  }

  /** Those that the server refused: refused is { code, message, hint, card }. */
  refused() {
    return this.entries().filter(({ refused }) => refused);
  }

  add(entry) {
    this.keep({ ...entry, at: this.now() });
    this.told("saving", {});
    this.hurry();
  }

  /** Send a refused one again, changed as the person decided. Its key stays: it counts once. */
  again(entry, body) {
    this.keep({ ...entry, body, refused: undefined });
    this.told("saving", {});
    this.hurry();
  }

  drop({ key }) {
    this.memory.delete(key);
    try {
      this.store.removeItem(this.prefix + key);
    } catch {
      // It was in memory alone.
    }
  }

  /** Send what is there, now. Harmless while sending. */
  hurry() {
    this.wake?.();
    this.going ??= this.go().finally(() => {
      this.going = null;
      if (this.waiting().length) this.hurry();
    });
  }

  async go() {
    let tries = 0;
    for (let entry = this.waiting()[0]; entry; entry = this.waiting()[0]) {
      try {
        const answer = await this.send(entry);
        this.drop(entry);
        tries = 0;
        this.told("saved", { entry, answer });
      } catch (error) {
        if (error.kind === "refused") {
          this.refuse(entry, error);
          continue;
        }
        this.told(error.kind === "loggedout" ? "loggedout" : "waiting", { error });
        await this.pause(this.waits[Math.min(tries, this.waits.length - 1)] * 1000);
        tries += 1;
      }
    }
  }

  refuse(entry, { code, message, hint, body }) {
    const marked = { ...entry, refused: { code, message, hint, card: body?.card ?? null } };
    this.keep(marked);
    this.told("refused", { entry: marked });
  }

  pause(milliseconds) {
    return new Promise((done) => {
      const timer = setTimeout(done, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        this.wake = null;
        done();
      };
    });
  }

  /** A moment that is later than every one before: two answers of one millisecond keep their order. */
  now() {
    this.last = Math.max(Date.now(), (this.last ?? 0) + 0.001);
    return this.last;
  }

  keep(entry) {
    try {
      this.store.setItem(this.prefix + entry.key, JSON.stringify(entry));
      this.memory.delete(entry.key);
    } catch {
      this.memory.set(entry.key, entry);
    }
  }

  keys() {
    try {
      const all = Array.from({ length: this.store.length }, (_, i) => this.store.key(i));
      return all.filter((key) => key.startsWith(this.prefix));
    } catch {
      return [];
    }
  }

  read(key) {
    try {
      return JSON.parse(this.store.getItem(key));
    } catch {
      return null;
    }
  }

  /** Take over what an older page kept as one list. */
  adopt(name) {
    try {
      for (const entry of JSON.parse(this.store.getItem(name) ?? "[]")) this.keep({ ...entry, at: this.now() });
      this.store.removeItem(name);
    } catch {
      // There is none.
    }
  }
}
