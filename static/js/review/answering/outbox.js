// Answers on their way: kept in the browser until the server has them, sent one after the other.
//
// Each is kept under a name of its own, so that two pages of one person cannot write over each other's; an
// answer that both send carries one key, and counts once. What the server refuses stays here, marked, until
// the person has decided what becomes of it.
import { NetError } from "../../lib/net.js";
import { pause, WAITS, waitAfter } from "../../lib/retry.js";
import { forget, keep, namesOf, recall } from "../../lib/store.js";

/** @import { Card, Item, Store } from "../../types.d.ts" */

/** @typedef {{ code: string, message: string, hint: string, card: Card | null }} Refusal */
/**
 * @typedef {object} Entry
 * @property {string} key by which it counts once
 * @property {number} query
 * @property {string} url
 * @property {any} body what is sent
 * @property {"remark"} [kind] a comment or a flag alone; an answer where there is none
 * @property {Item | null} [found] the item that was found by hand
 * @property {Refusal} [refused]
 * @property {number} [at] when it was given
 */
/** @typedef {"saving" | "saved" | "waiting" | "refused" | "loggedout"} State */
/** @typedef {{ entry?: Entry, answer?: any, error?: unknown }} Detail "saved": entry and answer; "refused": entry */

export class Outbox {
  /**
   * @param {object} options
   * @param {string} options.name what the entries' names in the store begin with
   * @param {Store} options.store
   * @param {(entry: Entry) => Promise<any>} options.send rejects with a NetError
   * @param {(state: State, detail: Detail) => void} options.changed called at every change
   * @param {number[]} [options.waits] seconds between tries
   */
  constructor({ name, store, send, changed, waits = WAITS }) {
    this.prefix = `${name}:`;
    this.store = store;
    this.send = send;
    this.changed = changed;
    this.waits = waits;
    /** @type {Map<string, Entry>} */
    this.memory = new Map(); // what the browser refuses to keep
    /** @type {Promise<void> | null} */
    this.going = null;
    /** @type {(() => void) | null} */
    this.wake = null;
    this.last = 0;
    this.adopt(name);
  }

  /** Everything that is not at the server, in the order in which it was given. */
  entries() {
    const found = [...this.memory.values()];
    for (const name of namesOf(this.store, this.prefix)) {
      const entry = recall(this.store, name);
      if (entry && !this.memory.has(entry.key)) found.push(entry);
    }
    return found.sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  }

  /** Those that are still to be sent. */
  waiting() {
    return this.entries().filter(({ refused }) => !refused);
  }

  /** Those that the server refused. */
  refused() {
    return /** @type {(Entry & { refused: Refusal })[]} */ (this.entries().filter(({ refused }) => refused));
  }

  /** @param {Entry} entry */
  add(entry) {
    this.keep({ ...entry, at: this.now() });
    this.changed("saving", {});
    this.hurry();
  }

  /**
   * Send a refused one again, changed as the person decided. Its key stays: it counts once.
   * @param {Entry} entry
   * @param {object} body
   */
  again(entry, body) {
    this.keep({ ...entry, body, refused: undefined });
    this.changed("saving", {});
    this.hurry();
  }

  /** @param {Pick<Entry, "key">} entry */
  drop({ key }) {
    this.memory.delete(key);
    forget(this.store, this.prefix + key);
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
        this.changed("saved", { entry, answer });
      } catch (error) {
        if (error instanceof NetError && error.kind === "refused") {
          this.refuse(entry, error);
          continue;
        }
        const loggedOut = error instanceof NetError && error.kind === "loggedout";
        this.changed(loggedOut ? "loggedout" : "waiting", { error });
        await this.pause(waitAfter(tries, this.waits));
        tries += 1;
      }
    }
  }

  /**
   * @param {Entry} entry
   * @param {NetError} error
   */
  refuse(entry, { code, message, hint, body }) {
    const marked = { ...entry, refused: { code, message, hint, card: body?.card ?? null } };
    this.keep(marked);
    this.changed("refused", { entry: marked });
  }

  /** @param {number} milliseconds */
  async pause(milliseconds) {
    const { over, end } = pause(milliseconds);
    this.wake = end;
    await over;
    this.wake = null;
  }

  /** A moment that is later than every one before: two answers of one millisecond keep their order. */
  now() {
    this.last = Math.max(Date.now(), this.last + 0.001);
    return this.last;
  }

  /** @param {Entry} entry */
  keep(entry) {
    if (keep(this.store, this.prefix + entry.key, entry)) this.memory.delete(entry.key);
    else this.memory.set(entry.key, entry);
  }

  /**
   * Take over what an older page kept as one list.
   * @param {string} name
   */
  adopt(name) {
    const older = recall(this.store, name);
    if (!Array.isArray(older)) return;
    for (const entry of older) this.keep({ ...entry, at: this.now() });
    forget(this.store, name);
  }
}
