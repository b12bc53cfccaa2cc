// Answers on their way: kept in the browser until the server has them, sent one after the other.
//
// Every change reads the store afresh, so that two pages of one person may share it: an answer that both
// send carries one key, and counts once.

const WAITS = [1, 2, 4, 8, 15]; // seconds between tries; the last one repeats

export class Outbox {
  /**
   * name: key in the store. send(entry): promise of the server's answer; rejects with a NetError.
   * told(state, detail): "saving", "saved" (detail: entry and answer), "waiting", "refused", "loggedout".
   */
  constructor({ name, store, send, told, waits = WAITS }) {
    this.name = name;
    this.store = store;
    this.send = send;
    this.told = told;
    this.waits = waits;
    this.memory = "[]"; // where the browser refuses to keep anything
    this.going = null;
    this.wake = null;
  }

  entries() {
    try {
      return JSON.parse(this.store.getItem(this.name) ?? "[]");
    } catch {
      return JSON.parse(this.memory);
    }
  }

  add(entry) {
    this.keep([...this.entries(), entry]);
    this.told("saving", {});
    this.hurry();
  }

  /** Send what is there, now. Harmless while sending. */
  hurry() {
    this.wake?.();
    this.going ??= this.go().finally(() => {
      this.going = null;
      if (this.entries().length) this.hurry();
    });
  }

  async go() {
    let tries = 0;
    for (let entry = this.entries()[0]; entry; entry = this.entries()[0]) {
      try {
        const answer = await this.send(entry);
        this.drop(entry);
        tries = 0;
        this.told("saved", { entry, answer });
      } catch (error) {
        if (error.kind === "refused") {
          this.drop(entry);
          this.told("refused", { entry, error });
          continue;
        }
        this.told(error.kind === "loggedout" ? "loggedout" : "waiting", { error });
        await this.pause(this.waits[Math.min(tries, this.waits.length - 1)] * 1000);
        tries += 1;
      }
    }
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

  drop(entry) {
    this.keep(this.entries().filter(({ key }) => key !== entry.key));
  }

  keep(entries) {
    const text = JSON.stringify(entries);
    try {
      this.store.setItem(this.name, text);
    } catch {
      this.memory = text;
      this.entries = () => JSON.parse(this.memory);
    }
  }
}
