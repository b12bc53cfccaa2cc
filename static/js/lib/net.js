// Talking to the server: JSON there and back, and what went wrong as one kind of error.
import { fill, gettext } from "./words.js";

/** kind: "network" (try again), "server" (try again), "refused" (do not), "loggedout". body: what was answered. */
export class NetError extends Error {
  constructor(kind, message, hint = "", code = "", body = null) {
    super(message);
    this.kind = kind;
    this.hint = hint;
    this.code = code;
    this.body = body;
  }

  get retryable() {
    return this.kind === "network" || this.kind === "server";
  }
}

/** The token as the browser has it now: a log-in in another tab changes it while this page stays open. */
export function csrf() {
  const kept = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
  return kept ? kept[1] : document.querySelector('meta[name="csrf-token"]').content;
}

export async function getJson(url, signal) {
  return read(() => fetch(url, { headers: { Accept: "application/json" }, signal }));
}

export async function postJson(url, body) {
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrf() };
  return read(() => fetch(url, { method: "POST", headers, body: JSON.stringify(body), keepalive: true }));
}

async function read(ask) {
  let response;
  try {
    response = await ask();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new NetError("network", gettext("the server does not answer"));
  }
  let body = null;
  try {
    body = await response.json();
  } catch {
    body = null;
  }
  return judge(response.status, response.redirected, body);
}

/** The body of an answer that is well; throws a NetError for any other. */
export function judge(status, redirected, body) {
  const stale = status === 403 && body?.code === "csrf"; // the page is older than the log-in
  if (status === 401 || redirected || stale) throw new NetError("loggedout", gettext("you are logged out"));
  if (status >= 500 || status === 429)
    throw new NetError("server", fill(gettext("the server has trouble (%(status)s)"), { status }));
  if (status >= 400) {
    const said = body?.error ?? fill(gettext("refused (%(status)s)"), { status });
    throw new NetError("refused", said, body?.hint ?? "", body?.code ?? `${status}`, body);
  }
  if (body === null) throw new NetError("server", gettext("the answer could not be read"));
  return body;
}
