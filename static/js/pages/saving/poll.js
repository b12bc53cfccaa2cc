// What jobs and other people change on the page: asked for often while something is to come, and now and then else.
import { getJson, NetError } from "../../lib/net.js";

/** @import { PageChanges, PageState } from "../../types.d.ts" */
/** @import { PageModel } from "./page_model.js" */

const SOON = 500; // milliseconds, while suggestions or jobs are awaited
const LATER = 2000; // while something is awaited that takes its time
const IDLE = 5000;
const AWAITED = 20_000; // milliseconds after an edit in which something is to come soon

export class Poll {
  /**
   * @param {PageModel} model
   * @param {string} doors
   * @param {object} listeners
   * @param {(waiting: number) => void} listeners.said how much is being worked on
   * @param {(state: PageState) => void} listeners.read how the page itself stands
   */
  constructor(model, doors, { said, read }) {
    this.read = read;
    this.model = model;
    this.doors = doors;
    this.said = said;
    this.jobs = 0;
    this.until = -Infinity;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.stopped = new AbortController();
    const { signal } = this.stopped;
    document.addEventListener("visibilitychange", () => !document.hidden && this.soon(), { signal });
  }

  stop() {
    this.stopped.abort();
    clearTimeout(this.timer);
  }

  /** Something is about to come: ask again soon. */
  soon() {
    this.until = performance.now() + AWAITED;
    this.plan(SOON);
  }

  /** @param {number} [milliseconds] */
  plan(milliseconds) {
    clearTimeout(this.timer);
    if (this.stopped.signal.aborted) return;
    this.timer = setTimeout(() => this.ask(), milliseconds ?? this.pause());
  }

  pause() {
    if (!this.jobs) return IDLE;
    return performance.now() < this.until ? SOON : LATER;
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
    const answer = await getJson(`${this.doors}changes/?since=${this.model.version}&seen=${this.model.seen}`);
    this.jobs = answer.jobs?.waiting ?? 0;
    this.read(answer.state ?? "ready");
    this.said(this.jobs);
    this.model.take(answer);
  }
}
