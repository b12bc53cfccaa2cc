// Asks the worker, and remembers what it said. Where the browser starts no worker, the page works itself.

const KEPT = 400; // answers remembered

export class Desk {
  /** url: the worker's script. */
  constructor(url) {
    this.url = url;
    this.answers = new Map();
    this.waiting = new Map();
    this.number = 0;
  }

  /** The print's place on the query: { matrix, score, kind }. Rejects where a picture cannot be had. */
  register(query, print) {
    return this.once({ do: "register", query, print });
  }

  differ(query, prints, maps) {
    return this.once({ do: "differ", query, prints, maps });
  }

  /** Ink of a picture: (256 * 256) of 0 … 255. */
  ink(url) {
    return this.once({ do: "ink", url });
  }

  once(asked) {
    const name = JSON.stringify(asked);
    if (!this.answers.has(name)) {
      const answer = this.ask(asked);
      answer.catch(() => this.answers.delete(name));
      this.answers.set(name, answer);
      if (this.answers.size > KEPT) this.answers.delete(this.answers.keys().next().value);
    }
    return this.answers.get(name);
  }

  async ask(asked) {
    this.start();
    if (!this.worker) return (await import("./tasks.js")).carryOut(asked);
    this.number += 1;
    const { number } = this;
    return new Promise((done, failed) => {
      this.waiting.set(number, { asked, done, failed });
      this.worker.postMessage({ number, ...asked });
    });
  }

  start() {
    if (this.worker !== undefined) return;
    this.worker = null;
    if (typeof OffscreenCanvas !== "function") return;
    this.worker = new Worker(this.url, { type: "module" });
    this.worker.addEventListener("message", ({ data: { number, answer, error } }) => {
      const { done, failed } = this.waiting.get(number);
      this.waiting.delete(number);
      if (error === undefined) done(answer);
      else failed(new Error(error));
    });
    this.worker.addEventListener("error", () => this.alone());
  }

  /** The worker cannot be had: do what it was asked here. */
  alone() {
    this.worker = null;
    for (const { asked, done, failed } of this.waiting.values()) this.ask(asked).then(done, failed);
    this.waiting.clear();
  }
}
