// What the browser keeps for a page. A browser may refuse to keep anything: then it lasts as long as the page.

/** @import { Store } from "../types.d.ts" */

/**
 * What was kept under this name; null where nothing was, or nothing that can be read.
 * @param {Pick<Store, "getItem">} store
 * @param {string} name
 * @returns {any}
 */
export function recall(store, name) {
  try {
    return JSON.parse(store.getItem(name) ?? "null");
  } catch {
    return null;
  }
}

/**
 * Keep a value as JSON. Returns whether the browser took it.
 * @param {Pick<Store, "setItem">} store
 * @param {string} name
 * @param {unknown} value
 */
export function keep(store, name, value) {
  try {
    store.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/**
 * Forget what was kept under this name.
 * @param {Pick<Store, "removeItem">} store
 * @param {string} name
 */
export function forget(store, name) {
  try {
    store.removeItem(name);
  } catch {
    // There was nothing to forget.
  }
}

/**
 * The names under which something is kept that begin with `prefix`.
 * @param {Pick<Store, "key" | "length">} store
 * @param {string} prefix
 */
export function namesOf(store, prefix) {
  try {
    const all = Array.from({ length: store.length }, (_, i) => store.key(i) ?? "");
    return all.filter((name) => name.startsWith(prefix));
  } catch {
    return [];
  }
}
