// Looking for a block by hand: what is typed goes to the server as it stands, and what fits comes ranked.
// Without a text there is what comes after the five; "more like this" ranks by a block instead of the print.
import { composing, meant, takenByInputMethod } from "../keys/presses.js";
import { hearKeys } from "../lib/dialogs.js";
import { around, leaveFocus, onClick, part, setText } from "../lib/dom.js";
import { getJson, inWords, isAbort } from "../lib/net.js";
import { picture, put } from "../lib/pictures.js";
import { fill, gettext, number } from "../lib/words.js";
import { Radicals } from "./radicals.js";
import { NOTHING, row, showOtherForms, summary } from "./results.js";

/** @import { Item } from "../types.d.ts" */
/** @import { Found, Result } from "./results.js" */

const PAUSE = 200; // milliseconds without a key before the gallery is asked
const AGAIN = 300; // milliseconds until a worker is looked for again that is still comparing

export class Finder {
  /** @param {{ picked: (item: Item) => void }} options what is called with the item that was chosen */
  constructor({ picked }) {
    this.picked = picked;
    this.dialog = part("find", HTMLDialogElement);
    this.field = part("find-typed", HTMLInputElement);
    this.list = part("find-list");
    this.url = "";
    /** @type {Result[]} */
    this.results = [];
    this.page = 1;
    this.pages = 1;
    this.active = -1;
    /** @type {Item | null} */
    this.like = null;
    /** @type {string | null} */
    this.listed = null; // what the list shows, as "page like text"
    /** @type {AbortController | undefined} */
    this.asking = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.radicals = new Radicals({ picked: (text) => this.type(text) });
    this.listen();
  }

  listen() {
    this.field.addEventListener("input", (event) => this.typed(/** @type {InputEvent} */ (event)));
    this.field.addEventListener("compositionend", () => this.later());
    hearKeys(this.dialog, (event) => this.key(event));
    this.dialog.addEventListener("close", () => this.left());
    this.dialog.addEventListener("click", (event) => this.clicked(event));
    onClick("find-close", () => this.dialog.close());
    onClick("find-before", () => this.turn(-1));
    onClick("find-after", () => this.turn(1));
    onClick("find-choose", () => this.pick(this.active));
    onClick("find-like", () => this.more(this.marked()));
    onClick("find-unlike", () => this.more(null));
  }

  /**
   * Open the dialog.
   * @param {object} options
   * @param {string} options.url where the query's candidates are asked for
   * @param {string | null} options.image the query's picture
   * @param {string} options.alt
   * @param {Item | null} [options.like] an item, for what is like it
   */
  open({ url, image, alt, like = null }) {
    this.url = url;
    this.field.value = "";
    put(part("find-query"), picture(image, alt));
    this.radicals.close();
    if (!this.dialog.open) this.dialog.showModal();
    this.field.focus();
    this.show(NOTHING, "");
    this.more(like);
  }

  /** @param {InputEvent} event */
  typed(event) {
    if (!event.isComposing) this.later();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(1), PAUSE);
  }

  /**
   * Put a text into the field, as if it had been typed.
   * @param {string} text
   */
  type(text) {
    this.field.value = text;
    this.field.focus();
    this.ask(1);
  }

  /** The item that is marked in the list. */
  marked() {
    return this.results[this.active]?.item;
  }

  /**
   * Rank by this item from now on; by the print where it is null.
   * @param {Item | null | undefined} item undefined: leave it as it is
   */
  more(item) {
    if (item === undefined) return;
    this.like = item;
    part("find-title").textContent = item ? gettext("Blocks like this one") : gettext("Find the block in the gallery");
    part("find-asker").hidden = !item;
    put(part("find-asker-tile"), item && picture(item.print, item.name));
    setText(part("find-asker-words"), item ? [item.codepoint, item.name].filter(Boolean).join(" ") : "");
    if (item) this.field.value = "";
    if (!item && this.dialog.contains(document.activeElement)) this.field.focus();
    this.listed = null;
    this.ask(1);
  }

  /** @param {number} by */
  turn(by) {
    const page = this.page + by;
    if (page >= 1 && page <= this.pages) this.ask(page);
  }

  /**
   * Ask for a page of what fits the typed text. An answer that comes too late is dropped.
   * @param {number} page
   */
  async ask(page) {
    clearTimeout(this.timer);
    const typed = this.field.value;
    const wanted = this.name(page);
    if (wanted === this.listed) return;
    this.listed = wanted;
    this.asking?.abort();
    this.asking = new AbortController();
    this.dialog.dataset.state = "asking";
    try {
      const like = this.like ? `&like=${this.like.id}` : "";
      const address = `${this.url}?q=${encodeURIComponent(typed)}&page=${page}${like}`;
      this.show(await getJson(address, this.asking.signal), typed.trim());
    } catch (error) {
      if (isAbort(error)) return;
      this.listed = null; // so that Enter asks again
      this.show(NOTHING, "", inWords(error));
    }
  }

  /** @param {number} page */
  name(page) {
    return `${page} ${this.like?.id ?? ""} ${this.field.value}`;
  }

  /**
   * @param {Found} found
   * @param {string} typed
   * @param {string} [words] what is said above the list
   */
  show(found, typed, words = summary(found, typed, Boolean(this.like))) {
    /** @param {Result[]} results */
    const ids = (results) => results.map(({ item }) => item.id).join();
    const stays = ids(this.results) === ids(found.results);
    Object.assign(this, { results: found.results, page: found.page, pages: found.pages });
    if (!stays || !found.results.length) {
      this.list.replaceChildren(...found.results.map((result, i) => row(result, i, typed ? null : found.first + i)));
      this.list.scrollTop = 0;
      this.mark(found.results.length ? 0 : -1);
    }
    part("find-said").textContent = words;
    showOtherForms(found.elsewhere, (text) => this.type(text));
    this.showPages(found);
    this.dialog.dataset.state = "shown";
    this.dialog.dataset.order = found.silent ? "silent" : found.coming ? "coming" : "whole";
    if (found.coming) this.timer = setTimeout(() => this.again(found.page), AGAIN);
  }

  /**
   * A worker is still at it: look whether it is done.
   * @param {number} page
   */
  again(page) {
    if (this.listed !== this.name(page)) return;
    this.listed = null;
    this.ask(page);
  }

  /** @param {Found} found */
  showPages({ page, pages, results }) {
    part("find-pages").hidden = !results.length;
    part("find-page").textContent = fill(gettext("Page %(page)s of %(pages)s"), {
      page: number(page),
      pages: number(pages),
    });
    part("find-before", HTMLButtonElement).disabled = page <= 1;
    part("find-after", HTMLButtonElement).disabled = page >= pages;
  }

  /** @param {number} active the place in the list */
  mark(active) {
    this.active = active;
    [...this.list.children].forEach((element, i) => element.setAttribute("aria-selected", `${i === active}`));
    const marked = this.list.children[active];
    marked?.scrollIntoView({ block: "nearest" });
    for (const element of [this.field, this.list]) element.setAttribute("aria-activedescendant", marked?.id ?? "");
    this.field.setAttribute("aria-expanded", `${this.results.length > 0}`);
    this.list.tabIndex = this.results.length ? 0 : -1;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    // While an input method composes, its keys are its own: Enter ends the composing, digits choose a word.
    if (event.target === this.field ? composing(event) : takenByInputMethod(event)) return;
    const act = meant(event, this.acts(/** @type {Element} */ (event.target)));
    if (!act) return;
    event.preventDefault();
    act();
  }

  /**
   * What keys do. Letters are commands in the list alone: in the field they are text.
   * @param {Element} target
   * @returns {Record<string, () => unknown>}
   */
  acts(target) {
    if (part("find-radicals").contains(target)) return {};
    const pages = { pagedown: () => this.turn(1), pageup: () => this.turn(-1) };
    if (target === this.field) {
      return {
        ...pages,
        enter: () => this.enter(),
        arrowdown: () => this.enterList(1),
        arrowup: () => this.enterList(-1),
      };
    }
    return target === this.list ? { ...pages, ...this.listActs() } : pages;
  }

  /** @returns {Record<string, () => unknown>} */
  listActs() {
    return {
      arrowdown: () => this.step(1),
      arrowup: () => (this.active > 0 ? this.step(-1) : this.field.focus()),
      home: () => this.step(-Infinity),
      end: () => this.step(Infinity),
      enter: () => this.pick(this.active),
      l: () => this.more(this.marked()),
      n: () => this.turn(1),
      p: () => this.turn(-1),
      f: () => this.field.focus(),
      "/": () => this.field.focus(),
      backspace: () => (this.like ? this.more(null) : this.field.focus()),
    };
  }

  /** @param {number} by */
  enterList(by) {
    if (!this.results.length) return;
    this.list.focus();
    this.step(by);
  }

  /** @param {number} by */
  step(by) {
    this.mark(Math.max(0, Math.min(this.results.length - 1, this.active + by)));
  }

  /** Choose what is marked; where the list is not yet that of the text, ask first. */
  enter() {
    const fresh = this.listed === this.name(this.page) && this.dialog.dataset.state === "shown";
    // With nothing typed, Enter would choose what nobody has looked for.
    if (fresh && this.field.value.trim()) this.pick(this.active);
    else if (fresh) this.enterList(0);
    else this.ask(1);
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    if (event.target === this.dialog) {
      this.dialog.close(); // the veil around it
      return;
    }
    const place = around(event, "[data-place]")?.dataset.place;
    if (place === undefined) return;
    this.list.focus();
    this.mark(Number(place));
    if (event.detail === 2) this.pick(this.active);
  }

  /** @param {number} place in the list */
  pick(place) {
    const item = this.results[place]?.item;
    if (!item) return;
    this.dialog.close();
    leaveFocus();
    this.picked(item);
  }

  left() {
    clearTimeout(this.timer);
    this.asking?.abort();
    // Else the next key would still go to the field that is gone.
    if (this.dialog.contains(document.activeElement)) leaveFocus();
  }
}
