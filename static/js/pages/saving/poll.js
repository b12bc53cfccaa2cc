// What jobs and other people change on the page: asked for often while something is to come, and now and then else.
import { getJson, NetError } from "../../lib/net.js";

/** @import { PageChanges } from "../../types.d.ts" */
/** @import { PageModel } from "./page_model.js" */

const SOON = 500; // milliseconds, while suggestions or jobs are awaited
const IDLE = 5000;
const AWAITED = 20_000; // milliseconds after an edit in which something is to come

export class Poll {
  /**
   * @param {PageModel} model
   * @param {string} doors
   * @param {(waiting: number) => void} said how many jobs wait
   */
  constructor(model, doors, said) {
    this.model = model;
    this.doors = doors;
    this.said = said;
    this.jobs = 0;
    this.until = -Infinity;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    document.addEventListener("visibilitychange", () => !document.hidden && this.soon());
  }

  /** Something is about to come: ask again soon. */
  soon() {
    this.until = performance.now() + AWAITED;
    this.plan(SOON);
  }

  /** @param {number} [milliseconds] */
  plan(milliseconds) {
    const awaited = this.jobs > 0 || (performance.now() < this.until && this.waiting());
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), milliseconds ?? (awaited ? SOON : IDLE));
  }

  /** Whether a box has no suggestions yet. */
  waiting() {
    for (const { state } of this.model.base.values()) if (state === "waiting") return true;
    return false;
  }

  async ask() {
    if (!document.hidden) {
      try {
        await this.fetch();
      } catch (error) {
        if (!(error instanceof NetError)) throw error; // asked again by itself
      }
    }
    this.plan();
  }

  async fetch() {
    /** @type {PageChanges} */
    const answer = await getJson(`${this.doors}changes/?since=${this.model.version}`);
    this.jobs = answer.jobs?.waiting ?? 0;
    this.said(this.jobs);
    this.model.take(answer);
  }
}
