// Edits on their way to the server: one after the other, each alone. What cannot be sent waits and is kept.
import { isAbort, NetError, postJson } from "../../lib/net.js";
import { waitAfter } from "../../lib/retry.js";
import { forget, keep, recall } from "../../lib/store.js";

/** @import { PageChanges, Store } from "../../types.d.ts" */
/** @import { PageModel, Pending } from "./page_model.js" */

/** @typedef {"saved" | "sending" | "waiting" | "loggedout"} SaveState */

export class Sender {
  /**
   * @param {object} options
   * @param {PageModel} options.model
   * @param {string} options.doors the address of the page, with its last slash
   * @param {Pick<Store, "getItem" | "setItem" | "removeItem">} options.store the browser's
   * @param {(state: SaveState, count: number) => void} options.said
   * @param {(error: NetError, entry: Pending) => Promise<"mine" | "theirs">} options.refused what to do about an edit
   *   that the server does not take: "mine" sends it once more, over what there is by now
   * @param {() => void} [options.sent]
   * @param {(url: string, body: unknown) => Promise<PageChanges | { job: string }>} [options.post]
   * @param {(milliseconds: number) => Promise<void>} [options.sleep]
   */
  constructor({ model, doors, store, said, refused, sent = () => {}, post = postJson, sleep = rest }) {
    this.model = model;
    this.doors = doors;
    this.store = store;
    this.said = said;
    this.refused = refused;
    this.sent = sent;
    this.post = post;
    this.sleep = sleep;
    this.busy = false;
    this.name = `mocban-edits-${doors}`;
  }

  /** Edits that an earlier visit could not send are done again. Returns how many. */
  takeUp() {
    const kept = recall(this.store, this.name);
    const entries = Array.isArray(kept) ? kept : [];
    for (const entry of entries) this.model.pending.push({ ...entry, step: null, makes: null });
    this.model.lastId = Math.min(0, ...entries.flatMap((entry) => entry.made));
    if (entries.length) this.model.rebuild(new Map());
    this.send();
    return entries.length;
  }

  /** Send what waits, unless that is being done. */
  async send() {
    this.keep();
    if (this.busy) return;
    this.busy = true;
    let tries = 0;
    while (this.model.pending.length) {
      const entry = this.model.pending[0];
      this.said(tries ? "waiting" : "sending", this.model.pending.length);
      try {
        this.model.confirmed(await this.answerTo(entry));
        tries = 0;
        this.sent();
      } catch (error) {
        if (!(error instanceof NetError) || isAbort(error)) throw error;
        tries = await this.failed(error, entry, tries);
      }
      this.keep();
    }
    this.busy = false;
    this.said("saved", 0);
  }

  /**
   * What the server says. It is not asked to take back what has changed nothing.
   * @param {Pending} entry
   */
  async answerTo(entry) {
    if (entry.step?.edit === null) return { version: this.model.version, boxes: [], removed: [] };
    return this.post(`${this.doors}${entry.door}/`, bodyOf(entry));
  }

  /**
   * @param {NetError} error
   * @param {Pending} entry
   * @param {number} tries
   */
  async failed(error, entry, tries) {
    if (error.kind === "refused") {
      const choice = await this.refused(error, entry);
      const { version = 0, boxes = [], removed = [] } = error.body ?? {};
      if (boxes.length || removed.length) this.model.take({ version: 0, boxes, removed });
      if (choice === "theirs") this.model.dropped();
      else Object.assign(entry, { version: Math.max(this.model.version, version), insists: true });
      return 0;
    }
    this.said(error.kind === "loggedout" ? "loggedout" : "waiting", this.model.pending.length);
    await this.sleep(waitAfter(tries));
    return tries + 1;
  }

  keep() {
    const entries = this.model.pending.filter(({ step, door }) => door === "edits" && !step);
    if (entries.length) keep(this.store, this.name, entries);
    else forget(this.store, this.name);
  }
}

/** @param {Pending} entry */
function bodyOf({ door, key, version, operations, boxes, step, insists }) {
  if (door === "edits") return { key, version, operations };
  if (door === "snap") return { key, version, boxes };
  return { ...(step?.edit ? { edit: step.edit } : {}), ...(insists ? { version } : {}) };
}

/** @param {number} milliseconds */
const rest = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
