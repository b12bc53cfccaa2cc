// Sends files in several requests, two at a time, and tells how each of them fares.
import { csrf, judge, NetError, postJson } from "../lib/net.js";
import { fill, gettext } from "../lib/words.js";

const MOST_FILES = 40;
const MOST_BYTES = 24 * 1024 * 1024;
const LANES = 2;
const WAITS = [1, 2, 4, 8, 15, 30]; // seconds between tries

/** Split files into requests: at most 40 files or 24 MB each; a larger file goes alone. */
export function packed(rows) {
  const groups = [];
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

/**
 * One upload. A row is { file, name, state, loaded, said }; state is waiting, sending, done, left_out,
 * failed or cancelled. `changed(row)` is called at every change, `changed(null)` when the whole did.
 */
export class Sending {
  constructor({ create, changed, waits = WAITS }) {
    this.create = create;
    this.changed = changed;
    this.waits = waits;
    this.rows = [];
    this.asking = new Set();
    this.stopped = false;
    this.trouble = "";
  }

  add(files) {
    const known = new Set(this.rows.map(({ name, file }) => `${name} ${file.size}`));
    for (const { file, name } of files) {
      const mark = `${name} ${file.size}`;
      if (known.has(mark)) continue;
      known.add(mark);
      this.rows.push({ file, name, state: "waiting", loaded: 0, said: "" });
    }
  }

  /** Send all that waits. Returns the address of the page to go to, or null where nothing arrived. */
  async run(about) {
    this.stopped = false;
    this.urls ??= await this.persist(() => postJson(this.create, about));
    const groups = packed(this.rows.filter((row) => row.state === "waiting"));
    const lane = async () => {
      while (groups.length && !this.stopped) await this.group(groups.shift());
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    if (this.stopped)
      this.mark(
        this.rows.filter((row) => row.state === "waiting"),
        "cancelled",
      );
    await this.persist(() => postJson(this.urls.close, {}), true);
    return this.urls.page;
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
    this.wake?.();
  }

  count(state) {
    return this.rows.filter((row) => row.state === state).length;
  }

  async group(rows) {
    this.mark(rows, "sending");
    try {
      const { results } = await this.persist(() => this.post(rows));
      rows.forEach((row, i) => {
        const left = results[i].kind === "left_out";
        row.loaded = row.file.size;
        this.mark([row], left ? "left_out" : "done", left ? results[i].reason : "");
      });
    } catch (error) {
      const said = [error.message, error.hint].filter(Boolean).join("; ");
      this.mark(rows, this.stopped ? "cancelled" : "failed", this.stopped ? "" : said);
      if (error.kind === "loggedout") this.stopped = true;
    }
  }

  /** Try until it works, or is refused, or has failed too often; a stop ends it, unless it is `last`. */
  async persist(attempt, last = false) {
    for (let tries = 0; ; tries += 1) {
      try {
        const answer = await attempt();
        this.tell("");
        return answer;
      } catch (error) {
        if (!(error instanceof NetError) || !error.retryable || tries === this.waits.length) throw error;
        if (this.stopped && !last) throw error;
        const said = gettext("%(why)s; trying again in %(seconds)s s");
        this.tell(fill(said, { why: error.message, seconds: this.waits[tries] }));
        await this.pause(this.waits[tries] * 1000);
        if (this.stopped && !last) throw error;
      }
    }
  }

  pause(milliseconds) {
    return new Promise((done) => {
      const timer = setTimeout(done, milliseconds);
      const before = this.wake;
      this.wake = () => {
        clearTimeout(timer);
        before?.();
        done();
      };
    });
  }

  post(rows) {
    const body = new FormData();
    for (const { file, name } of rows) {
      body.append("names", name);
      body.append("files", file, file.name);
    }
    return new Promise((done, fail) => {
      const request = new XMLHttpRequest();
      this.asking.add(request);
      request.open("POST", this.urls.files);
      request.setRequestHeader("X-CSRFToken", csrf());
      request.setRequestHeader("Accept", "application/json");
      request.responseType = "json";
      request.upload.onprogress = (event) => this.spread(rows, event.loaded / event.total);
      request.onload = () => {
        const elsewhere = new URL(request.responseURL).pathname !== new URL(this.urls.files, location.href).pathname;
        try {
          done(judge(request.status, elsewhere, request.response));
        } catch (error) {
          fail(error);
        }
      };
      request.onerror = request.onabort = () => fail(new NetError("network", gettext("the server does not answer")));
      request.onloadend = () => this.asking.delete(request);
      request.send(body);
    });
  }

  /** Bytes leave in the order of the files: share what has left out among them. */
  spread(rows, share) {
    let left = share * rows.reduce((sum, row) => sum + row.file.size, 0);
    for (const row of rows) {
      row.loaded = Math.min(row.file.size, Math.max(0, left));
      left -= row.file.size;
      this.changed(row);
    }
    this.changed(null);
  }

  mark(rows, state, said = "") {
    for (const row of rows) {
      row.state = state;
      row.said = said;
      if (state === "waiting" || state === "sending") row.loaded = 0;
      this.changed(row);
    }
    this.changed(null);
  }

  tell(trouble) {
    if (this.trouble === trouble) return;
    this.trouble = trouble;
    this.changed(null);
  }
}
