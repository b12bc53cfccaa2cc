// Sends files in several requests, in natural order, and tells how each of them fares.
import { csrf, inWords, judge, NetError, postJson } from "../lib/net.js";
import { pause, WAITS, waitAfter } from "../lib/retry.js";
import { fill, gettext } from "../lib/words.js";
import { byNaturalOrder } from "./order.js";

const MOST_FILES = 40;
const MOST_BYTES = 24 * 1024 * 1024;
const PATIENCE = [...WAITS, 30]; // seconds between tries; after the last one it is given up

/** @import { Found } from "./entries.js" */

/** @typedef {"waiting" | "sending" | "done" | "left_out" | "failed" | "cancelled"} State */
/** @typedef {Found & { state: State, loaded: number, reason: string }} Row loaded: bytes; reason: why, in words */
/** @typedef {{ name: string, shared?: boolean }} About what the server makes of the files */

/**
 * Split files into requests: at most 40 files or 24 MB each; a larger file goes alone.
 * @template {{ file: { size: number } }} R
 * @param {R[]} rows
 */
export function packed(rows) {
  /** @type {R[][]} */
  const groups = [];
  /** @type {R[]} */
  let group = [];
  let bytes = 0;
  for (const row of rows) {
    if (group.length && (group.length === MOST_FILES || bytes + row.file.size > MOST_BYTES)) {
      groups.push(group);
      group = [];
      bytes = 0;
    }
    group.push(row);
    bytes += row.file.size;
  }
  if (group.length) groups.push(group);
  return groups;
}

/** One upload. */
export class Sending {
  /**
   * @param {object} options
   * @param {string} options.create where the upload begins
   * @param {(row: Row | null) => void} options.changed called at every change of a row; with null when the whole did
   * @param {number[]} [options.waits] seconds between tries
   */
  constructor({ create, changed, waits = PATIENCE }) {
    this.create = create;
    this.changed = changed;
    this.waits = waits;
    /** @type {Row[]} */
    this.rows = [];
    /** @type {Set<XMLHttpRequest>} */
    this.asking = new Set();
    /** @type {Set<() => void>} */
    this.pauses = new Set(); // what ends each
    /** @type {{ files: string, close: string, page: string } | null} */
    this.urls = null; // of this upload, once it has begun
    this.stopped = false;
    this.trouble = "";
  }

  /**
   * Add files, each once.
   * @param {Found[]} files
   */
  add(files) {
    const known = new Set(this.rows.map(({ name, file }) => `${name} ${file.size}`));
    for (const { file, name } of files) {
      const mark = `${name} ${file.size}`;
      if (known.has(mark)) continue;
      known.add(mark);
      this.rows.push({ file, name, state: "waiting", loaded: 0, reason: "" });
    }
    this.rows.sort((one, other) => byNaturalOrder(one.name, other.name));
  }

  /**
   * Send all that waits. Returns the address of the page to go to.
   * @param {About} about
   */
  async run(about) {
    this.stopped = false;
    const urls = this.urls ?? (await this.persist(() => postJson(this.create, about)));
    this.urls = urls;
    const groups = packed(this.rows.filter((row) => row.state === "waiting"));
    // One after the other: the batch has its pictures in the order in which they arrive.
    for (let group = groups.shift(); group && !this.stopped; group = groups.shift()) {
      await this.group(group, urls.files);
    }
    if (this.stopped)
      this.mark(
        this.rows.filter((row) => row.state === "waiting"),
        "cancelled",
      );
    await this.persist(() => postJson(urls.close, {}), true);
    return urls.page;
  }

  again() {
    this.mark(
      this.rows.filter(({ state }) => state === "failed" || state === "cancelled"),
      "waiting",
    );
  }

  cancel() {
    this.stopped = true;
    for (const request of this.asking) request.abort();
    for (const end of this.pauses) end();
  }

  /** @param {State} state */
  count(state) {
    return this.rows.filter((row) => row.state === state).length;
  }

  /**
   * @param {Row[]} rows
   * @param {string} url
   */
  async group(rows, url) {
    this.mark(rows, "sending");
    try {
      const { results } = await this.persist(() => this.post(rows, url));
      rows.forEach((row, i) => {
        const left = results[i].kind === "left_out";
        row.loaded = row.file.size;
        this.mark([row], left ? "left_out" : "done", left ? results[i].reason : "");
      });
    } catch (error) {
      this.mark(rows, this.stopped ? "cancelled" : "failed", this.stopped ? "" : inWords(error));
      if (error instanceof NetError && error.kind === "loggedout") this.stopped = true;
    }
  }

  /**
   * Try until it works, or is refused, or has failed too often; a stop ends it, unless it is `last`.
   * @param {() => Promise<any>} attempt
   * @param {boolean} [last]
   */
  async persist(attempt, last = false) {
    for (let tries = 0; ; tries += 1) {
      try {
        const answer = await attempt();
        this.tell("");
        return answer;
      } catch (error) {
        if (!(error instanceof NetError) || !error.retryable || tries === this.waits.length) throw error;
        if (this.stopped && !last) throw error;
        const again = gettext("%(why)s; retrying in %(seconds)s s");
        this.tell(fill(again, { why: error.message, seconds: this.waits[tries] }));
        await this.pause(waitAfter(tries, this.waits));
        if (this.stopped && !last) throw error;
      }
    }
  }

  /** @param {number} milliseconds */
  async pause(milliseconds) {
    const { over, end } = pause(milliseconds);
    this.pauses.add(end);
    await over;
    this.pauses.delete(end);
  }

  /**
   * @param {Row[]} rows
   * @param {string} url
   */
  post(rows, url) {
    const body = new FormData();
    for (const { file, name } of rows) {
      body.append("names", name);
      body.append("files", file, file.name);
    }
    return new Promise((done, fail) => {
      const request = new XMLHttpRequest();
      this.asking.add(request);
      request.open("POST", url);
      request.setRequestHeader("X-CSRFToken", csrf());
      request.setRequestHeader("Accept", "application/json");
      request.responseType = "json";
      request.upload.onprogress = (event) => this.spread(rows, event.loaded / event.total);
      request.onload = () => {
        const elsewhere = new URL(request.responseURL).pathname !== new URL(url, location.href).pathname;
        try {
          done(judge(request.status, elsewhere, request.response));
        } catch (error) {
          fail(error);
        }
      };
      request.onerror = request.onabort = () => fail(new NetError("network", gettext("the server does not respond")));
      request.onloadend = () => this.asking.delete(request);
      request.send(body);
    });
  }

  /**
   * Bytes leave in the order of the files: share what has left out among them.
   * @param {Row[]} rows
   * @param {number} share
   */
  spread(rows, share) {
    let left = share * rows.reduce((sum, row) => sum + row.file.size, 0);
    for (const row of rows) {
      row.loaded = Math.min(row.file.size, Math.max(0, left));
      left -= row.file.size;
      this.changed(row);
    }
    this.changed(null);
  }

  /**
   * @param {Row[]} rows
   * @param {State} state
   * @param {string} [reason]
   */
  mark(rows, state, reason = "") {
    for (const row of rows) {
      row.state = state;
      row.reason = reason;
      if (state === "waiting" || state === "sending") row.loaded = 0;
      this.changed(row);
    }
    this.changed(null);
  }

  /** @param {string} trouble */
  tell(trouble) {
    if (this.trouble === trouble) return;
    this.trouble = trouble;
    this.changed(null);
  }
}
