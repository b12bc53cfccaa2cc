// One's own keys: they follow the account, so that they are there on every computer.
//
// What cannot be sent just now is kept in the browser until it can. Earlier versions kept keys in the browser
// alone: those are taken over by the account, once, where it has none of its own.
import { postJson } from "../lib/net.js";
import { forget, keep, recall } from "../lib/store.js";

/** @import { Store } from "../types.d.ts" */
/** @typedef {Record<string, string[]>} Bindings keys by the name of their action */

export class OwnKeys {
  /**
   * @param {object} options
   * @param {string} options.page whose keys they are, as the account names it: "review", "adjudication"
   * @param {string} options.url where the account takes them
   * @param {Bindings | null} options.account what it has; null where nothing was ever kept there
   * @param {Pick<Store, "getItem" | "setItem" | "removeItem">} options.store the browser's
   * @param {string} options.name what they are called there
   * @param {(url: string, body: unknown) => Promise<unknown>} [options.send]
   */
  constructor({ page, url, account, store, name, send = postJson }) {
    this.page = page;
    this.url = url;
    this.account = account;
    this.store = store;
    this.name = name;
    this.unsent = `${name}-unsent`;
    this.send = send;
  }

  /**
   * The keys of a page, from what it carries.
   * @param {"review" | "adjudication" | "pages"} page
   * @param {{ person: number, keys: { url: string, own: Bindings | null } }} data own: the account's, of this page
   */
  static ofPage(page, { person, keys: { url, own } }) {
    const names = {
      review: `mocban-keys-${person}`,
      adjudication: `mocban-second-keys-${person}`,
      pages: `mocban-page-keys-${person}`,
    };
    const name = names[page];
    return new OwnKeys({ page, url, account: own, store: window.localStorage, name });
  }

  /** @returns {Bindings} */
  load() {
    const unsent = readable(recall(this.store, this.unsent));
    const older = readable(recall(this.store, this.name));
    const found = unsent ?? (this.account ? readable(this.account) : older);
    if (found && (unsent || !this.account)) this.save(found);
    else forget(this.store, this.name);
    return found ?? {};
  }

  /** @param {Bindings} own */
  async save(own) {
    keep(this.store, this.unsent, own);
    try {
      await this.send(this.url, { page: this.page, keys: own });
    } catch {
      return; // it is sent when a page is opened next
    }
    forget(this.store, this.name);
    if (JSON.stringify(recall(this.store, this.unsent)) === JSON.stringify(own)) forget(this.store, this.unsent);
  }
}

/**
 * What was kept, where it is keys by their actions; null for anything else.
 * @param {unknown} kept
 * @returns {Bindings | null}
 */
function readable(kept) {
  if (typeof kept !== "object" || kept === null) return null;
  const keys = Object.entries(kept).filter(
    ([, one]) => Array.isArray(one) && one.every((key) => typeof key === "string"),
  );
  return Array.isArray(kept) ? null : Object.fromEntries(keys);
}
