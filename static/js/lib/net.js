// Talking to the server: JSON there and back, and what went wrong as one kind of error.
import { fill, gettext } from "./words.js";

/** @typedef {"network" | "server" | "refused" | "loggedout"} Kind */

export class NetError extends Error {
  /**
   * @param {Kind} kind "network" and "server": try again; "refused" and "loggedout": do not
   * @param {string} message
   * @param {string} [hint] what to do about it
   * @param {string} [code]
   * @param {any} [body] what was answered
   */
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

/**
 * What went wrong, and what to do about it, in one line.
 * @param {unknown} error
 */
export function inWords(error) {
  if (error instanceof NetError) return [error.message, error.hint].filter(Boolean).join("; ");
  return error instanceof Error ? error.message : String(error);
}

/** The token as the browser has it now: a log-in in another tab changes it while this page stays open. */
export function csrf() {
  const kept = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
  if (kept) return kept[1];
  return document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";
}

/**
 * What the server answers. Rejects with a NetError, or with the signal's AbortError.
 * @param {string} url
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function getJson(url, signal) {
  return read(() => fetch(url, { headers: { Accept: "application/json" }, signal }));
}

/**
 * Send JSON; what the server answers. Rejects with a NetError.
 * @param {string} url
 * @param {unknown} body
 * @returns {Promise<any>}
 */
export async function postJson(url, body) {
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrf() };
  return read(() => fetch(url, { method: "POST", headers, body: JSON.stringify(body), keepalive: true }));
}

/** @param {() => Promise<Response>} ask */
async function read(ask) {
  let response;
  try {
    response = await ask();
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new NetError("network", gettext("the server does not respond"));
  }
  let body = null;
  try {
    body = await response.json();
  } catch {
    body = null;
  }
  return judge(response.status, response.redirected, body);
}

/**
 * Whether a request was given up by the page itself.
 * @param {unknown} error
 */
export function isAbort(error) {
  return error instanceof Error && error.name === "AbortError";
}

/**
 * The body of an answer that is well. Throws a NetError for any other.
 * @param {number} status
 * @param {boolean} redirected
 * @param {any} body
 */
export function judge(status, redirected, body) {
  const stale = status === 403 && body?.code === "csrf"; // the page is older than the log-in
  if (status === 401 || redirected || stale) throw new NetError("loggedout", gettext("you are logged out"));
  if (status >= 500 || status === 429)
    throw new NetError("server", fill(gettext("the server has a problem (%(status)s)"), { status }));
  if (status >= 400) {
    const message = body?.error ?? fill(gettext("rejected (%(status)s)"), { status });
    throw new NetError("refused", message, body?.hint ?? "", body?.code ?? `${status}`, body);
  }
  if (body === null) throw new NetError("server", gettext("the response could not be read"));
  return body;
}
