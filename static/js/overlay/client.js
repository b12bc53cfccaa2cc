// Asks the worker, and remembers its answers. Where the browser starts no worker, the page works itself.

/** @import { Place } from "./differences.js" */
/** @import { Measured, Registration } from "./register.js" */
/** @import { Task } from "./tasks.js" */

const KEPT = 400; // answers remembered

/** @typedef {{ task: Task, done: (answer: any) => void, failed: (error: unknown) => void }} Waiting */

export class OverlayClient {
  /** @param {string} url the worker's script */
  constructor(url) {
    this.url = url;
    /** @type {Map<string, Promise<any>>} */
    this.answers = new Map();
    /** @type {Map<number, Waiting>} */
    this.waiting = new Map();
    this.number = 0;
    /** @type {Worker | null | undefined} */
    this.worker = undefined; // not started yet; null where there is none to be had
  }

  /**
   * The print's place on the query. Rejects where a picture cannot be had.
   * @param {string} query address of a picture, as all of them
   * @param {string} print
   * @returns {Promise<Registration>}
   */
  register(query, print) {
    return this.once({ do: "register", query, print });
  }

  /**
   * How the print meets the query in a place that is known. Rejects where a picture cannot be had.
   * @param {string} query
   * @param {string} print
   * @param {number[]} matrix
   * @returns {Promise<Measured>}
   */
  measure(query, print, matrix) {
    return this.once({ do: "measure", query, print, matrix });
  }

  /**
   * Where two prints differ, in the query's frame.
   * @param {string} query
   * @param {string[]} prints
   * @param {number[][]} maps
   * @returns {Promise<Place[]>}
   */
  differ(query, prints, maps) {
    return this.once({ do: "differ", query, prints, maps });
  }

  /**
   * Ink of a picture: (256 * 256) of 0 … 255.
   * @param {string} url
   * @returns {Promise<Uint8Array>}
   */
  ink(url) {
    return this.once({ do: "ink", url });
  }

  /**
   * @param {Task} task
   * @returns {Promise<any>}
   */
  once(task) {
    const name = JSON.stringify(task);
    const known = this.answers.get(name);
    if (known) return known;
    const answer = this.ask(task);
    answer.catch(() => this.answers.delete(name));
    this.answers.set(name, answer);
    const [oldest] = this.answers.keys();
    if (this.answers.size > KEPT) this.answers.delete(oldest);
    return answer;
  }

  /**
   * @param {Task} task
   * @returns {Promise<any>}
   */
  async ask(task) {
    const worker = this.start();
    if (!worker) return (await import("./tasks.js")).carryOut(task);
    this.number += 1;
    const { number } = this;
    return new Promise((done, failed) => {
      this.waiting.set(number, { task, done, failed });
      worker.postMessage({ number, ...task });
    });
  }

  start() {
    if (this.worker !== undefined) return this.worker;
    this.worker = null;
    if (typeof OffscreenCanvas !== "function") return null;
    this.worker = new Worker(this.url, { type: "module" });
    this.worker.addEventListener("message", ({ data }) => this.answered(data));
    this.worker.addEventListener("error", () => this.alone());
    return this.worker;
  }

  /** @param {{ number: number, answer?: unknown, error?: string }} data */
  answered({ number, answer, error }) {
    const waiting = this.waiting.get(number);
    this.waiting.delete(number);
    if (error === undefined) waiting?.done(answer);
    else waiting?.failed(new Error(error));
  }

  /** The worker cannot be had: do what it was asked here. */
  alone() {
    this.worker = null;
    for (const { task, done, failed } of this.waiting.values()) this.ask(task).then(done, failed);
    this.waiting.clear();
  }
}
