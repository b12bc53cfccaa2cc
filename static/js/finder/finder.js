// Looking for a block by hand: what is typed goes to the server as it stands, and what fits comes ranked.
// Without a text there is what comes after the five; "more like this" ranks by a block instead of the print.
import { hearKeys } from "../lib/dialogs.js";
import { getJson } from "../lib/net.js";
import { fill, gettext, number } from "../lib/words.js";
import { picture } from "../review/card/cards.js";
import { Radicals } from "./radicals.js";
import { glyph, others, row, told } from "./results.js";

export { glyph };

const PAUSE = 200; // milliseconds without a key before the gallery is asked
const AGAIN = 300; // milliseconds until a worker is looked for again that is still comparing
const NOTHING = {
  results: [],
  elsewhere: [],
  page: 1,
  pages: 1,
  total: 0,
  ranked: 0,
  first: 1,
  coming: false,
  silent: false,
};

const part = (id) => document.getElementById(id);

export class Finder {
  /** picked(item): what is called with the item that was chosen. */
  constructor({ picked }) {
    this.picked = picked;
    this.dialog = part("find");
    this.field = part("find-typed");
    this.list = part("find-list");
    this.results = [];
    this.active = -1;
    this.asked = null; // what the list shows, as "page like text"
    this.radicals = new Radicals({ picked: (text) => this.put(text) });
    this.field.addEventListener("input", (event) => this.typed(event));
    this.field.addEventListener("compositionend", () => this.later());
    hearKeys(this.dialog, (event) => this.key(event));
    this.dialog.addEventListener("close", () => this.left());
    this.dialog.addEventListener("click", (event) => this.clicked(event));
    const on = (id, act) => part(id).addEventListener("click", act);
    on("find-close", () => this.dialog.close());
    on("find-before", () => this.turn(-1));
    on("find-after", () => this.turn(1));
    on("find-choose", () => this.pick(this.active));
    on("find-like", () => this.more(this.results[this.active]?.item));
    on("find-unlike", () => this.more(null));
  }

  /** url: where the query's candidates are asked for. image: the query's picture. like: an item, for its likes. */
  open({ url, image, alt, like = null }) {
    this.url = url;
    this.field.value = "";
    part("find-query").replaceChildren(Object.assign(new Image(), { src: image, alt }));
    this.radicals.close();
    if (!this.dialog.open) this.dialog.showModal();
    this.field.focus();
    this.show(NOTHING, "");
    this.more(like);
  }

  typed(event) {
    if (!event.isComposing) this.later();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(1), PAUSE);
  }

  /** Put a text into the field, as if it had been typed. */
  put(text) {
    this.field.value = text;
    this.field.focus();
    this.ask(1);
  }

  /** Rank by this item from now on; by the print where it is null. */
  more(item) {
    if (item === undefined) return;
    this.like = item;
    part("find-title").textContent = item ? gettext("Blocks like this one") : gettext("Find the block in the gallery");
    part("find-asker").hidden = !item;
    part("find-asker-tile").replaceChildren(...(item ? [picture(item.print, item.name).image] : []));
    part("find-asker-words").textContent = item ? [item.codepoint, item.name].filter(Boolean).join(" ") : "";
    if (item) this.field.value = "";
    if (!item && this.dialog.contains(document.activeElement)) this.field.focus();
    this.asked = null;
    this.ask(1);
  }

  turn(by) {
    const page = (this.page ?? 1) + by;
    if (page >= 1 && page <= (this.pages ?? 1)) this.ask(page);
  }

  /** Ask for a page of what fits the typed text. An answer that comes too late is dropped. */
  async ask(page) {
    clearTimeout(this.timer);
    const typed = this.field.value;
    const asked = this.name(page);
    if (asked === this.asked) return;
    this.asked = asked;
    this.asking?.abort();
    this.asking = new AbortController();
    this.dialog.dataset.state = "asking";
    try {
      const like = this.like ? `&like=${this.like.id}` : "";
      const address = `${this.url}?q=${encodeURIComponent(typed)}&page=${page}${like}`;
      this.show(await getJson(address, this.asking.signal), typed.trim());
    } catch (error) {
      if (error.name === "AbortError") return;
      this.asked = null; // so that Enter asks again
      this.show(NOTHING, "", error.message);
    }
  }

  name(page) {
    return `${page} ${this.like?.id ?? ""} ${this.field.value}`;
  }

  show(found, typed, said = told(found, typed, Boolean(this.like))) {
    const stays = this.results.map(({ item }) => item.id).join() === found.results.map(({ item }) => item.id).join();
    this.results = found.results;
    this.page = found.page;
    this.pages = found.pages;
    if (!stays || !found.results.length) {
      this.list.replaceChildren(...found.results.map((result, i) => row(result, i, typed ? null : found.first + i)));
      this.list.scrollTop = 0;
      this.mark(found.results.length ? 0 : -1);
    }
    part("find-said").textContent = said;
    part("find-elsewhere").replaceChildren(...others(found.elsewhere, (text) => this.put(text)));
    part("find-elsewhere").hidden = !found.elsewhere.length;
    this.showPages(found);
    this.dialog.dataset.state = "shown";
    this.dialog.dataset.order = found.silent ? "silent" : found.coming ? "coming" : "whole";
    if (found.coming) this.timer = setTimeout(() => this.again(found.page), AGAIN);
  }

  /** A worker is still at it: look whether it is done. */
  again(page) {
    if (this.asked !== this.name(page)) return;
    this.asked = null;
    this.ask(page);
  }

  showPages({ page, pages, results }) {
    part("find-pages").hidden = !results.length;
    part("find-page").textContent = fill(gettext("Page %(page)s of %(pages)s"), {
      page: number(page),
      pages: number(pages),
    });
    part("find-before").disabled = page <= 1;
    part("find-after").disabled = page >= pages;
  }

  mark(active) {
    this.active = active;
    [...this.list.children].forEach((element, i) => element.setAttribute("aria-selected", i === active));
    const marked = this.list.children[active];
    marked?.scrollIntoView({ block: "nearest" });
    for (const element of [this.field, this.list]) element.setAttribute("aria-activedescendant", marked?.id ?? "");
    this.field.setAttribute("aria-expanded", this.results.length > 0);
    this.list.tabIndex = this.results.length ? 0 : -1;
  }

  key(event) {
    // While an input method composes, its keys are its own: Enter ends the composing, digits choose a word.
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = this.acts(event.target)[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** What keys do. Letters are commands in the list alone: in the field they are text. */
  acts(target) {
    if (part("find-radicals").contains(target)) return {};
    const pages = { PageDown: () => this.turn(1), PageUp: () => this.turn(-1) };
    if (target === this.field) {
      return {
        ...pages,
        Enter: () => this.enter(),
        ArrowDown: () => this.enterList(1),
        ArrowUp: () => this.enterList(-1),
      };
    }
    if (target !== this.list) return pages;
    return {
      ...pages,
      ArrowDown: () => this.step(1),
      ArrowUp: () => (this.active > 0 ? this.step(-1) : this.field.focus()),
      Home: () => this.step(-Infinity),
      End: () => this.step(Infinity),
      Enter: () => this.pick(this.active),
      l: () => this.more(this.results[this.active]?.item),
      n: () => this.turn(1),
      p: () => this.turn(-1),
      f: () => this.field.focus(),
      "/": () => this.field.focus(),
      Backspace: () => (this.like ? this.more(null) : this.field.focus()),
    };
  }

  enterList(by) {
    if (!this.results.length) return;
    this.list.focus();
    this.step(by);
  }

  step(by) {
    this.mark(Math.max(0, Math.min(this.results.length - 1, this.active + by)));
  }

  /** Choose what is marked; where the list is not yet that of the text, ask first. */
  enter() {
    const fresh = this.asked === this.name(this.page) && this.dialog.dataset.state === "shown";
    // With nothing typed, Enter would choose what nobody has looked for.
    if (fresh && this.field.value.trim()) this.pick(this.active);
    else if (fresh) this.enterList(0);
    else this.ask(1);
  }

  clicked(event) {
    if (event.target === this.dialog) {
      this.dialog.close(); // the veil around it
      return;
    }
    const place = event.target.closest("[data-place]")?.dataset.place;
    if (place === undefined) return;
    this.list.focus();
    this.mark(Number(place));
    if (event.detail === 2) this.pick(this.active);
  }

  pick(place) {
    const item = this.results[place]?.item;
    if (!item) return;
    this.dialog.close();
    document.activeElement?.blur();
    this.picked(item);
  }

  left() {
    clearTimeout(this.timer);
    this.asking?.abort();
    // Else the next key would still go to the field that is gone.
    if (this.dialog.contains(document.activeElement)) document.activeElement.blur();
  }
}
