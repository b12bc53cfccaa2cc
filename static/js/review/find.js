// Looking for a block by hand: what is typed goes to the server as it stands, and what fits comes ranked.
import { getJson } from "../lib/net.js";
import { fill, gettext, ngettext, number } from "../lib/words.js";
import { picture } from "./cards.js";

const PAUSE = 200; // milliseconds without a key before the gallery is asked

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
    this.asked = null; // what the list shows, as "page text"
    this.field.addEventListener("input", (event) => this.typed(event));
    this.field.addEventListener("compositionend", () => this.later());
    this.dialog.addEventListener("keydown", (event) => this.key(event));
    this.dialog.addEventListener("close", () => this.left());
    this.dialog.addEventListener("click", (event) => this.clicked(event));
    part("find-close").addEventListener("click", () => this.dialog.close());
    part("find-before").addEventListener("click", () => this.turn(-1));
    part("find-after").addEventListener("click", () => this.turn(1));
  }

  /** url: where the query's candidates are asked for. image: the query's picture. */
  open({ url, image, alt }) {
    this.url = url;
    part("find-query").replaceChildren(Object.assign(new Image(), { src: image, alt }));
    if (!this.dialog.open) this.dialog.showModal();
    this.field.select();
    this.field.focus();
    this.asked = null;
    this.ask(1);
  }

  typed(event) {
    if (!event.isComposing) this.later();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(1), PAUSE);
  }

  turn(by) {
    const page = (this.page ?? 1) + by;
    if (page >= 1 && page <= (this.pages ?? 1)) this.ask(page);
  }

  /** Ask for a page of what fits the typed text. An answer that comes too late is dropped. */
  async ask(page) {
    clearTimeout(this.timer);
    const typed = this.field.value;
    const asked = `${page} ${typed}`;
    if (asked === this.asked) return;
    this.asked = asked;
    this.asking?.abort();
    this.asking = new AbortController();
    if (!typed.trim()) {
      this.show({ results: [], page: 1, pages: 1, total: 0, ranked: 0 }, "");
      return;
    }
    this.dialog.dataset.state = "asking";
    try {
      const found = await getJson(`${this.url}?q=${encodeURIComponent(typed)}&page=${page}`, this.asking.signal);
      this.show(found, told(found));
    } catch (error) {
      if (error.name === "AbortError") return;
      this.asked = null; // so that Enter asks again
      this.show({ results: [], page: 1, pages: 1, total: 0, ranked: 0 }, error.message);
    }
  }

  show({ results, page, pages }, said) {
    this.results = results;
    this.page = page;
    this.pages = pages;
    this.list.replaceChildren(...results.map((result, i) => row(result, i)));
    this.list.scrollTop = 0;
    this.mark(results.length ? 0 : -1);
    part("find-said").textContent = said;
    part("find-pages").hidden = pages < 2;
    part("find-page").textContent = fill(gettext("Page %(page)s of %(pages)s"), { page: number(page), pages: number(pages) });
    part("find-before").disabled = page <= 1;
    part("find-after").disabled = page >= pages;
    this.dialog.dataset.state = "shown";
  }

  mark(active) {
    this.active = active;
    [...this.list.children].forEach((element, i) => element.setAttribute("aria-selected", i === active));
    this.list.children[active]?.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", this.list.children[active]?.id ?? "");
    this.field.setAttribute("aria-expanded", this.results.length > 0);
  }

  key(event) {
    // While an input method composes, its keys are its own: Enter ends the composing, digits choose a word.
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.results.length - 1;
    const acts = {
      ArrowDown: () => this.mark(Math.min(last, this.active + 1)),
      ArrowUp: () => this.mark(Math.max(Math.min(0, last), this.active - 1)),
      PageDown: () => this.turn(1),
      PageUp: () => this.turn(-1),
    };
    if (event.target === this.field) acts.Enter = () => this.enter();
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  }

  /** Choose what is marked; where the list is not yet that of the text, ask first. */
  enter() {
    const fresh = this.asked === `${this.page} ${this.field.value}` && this.dialog.dataset.state === "shown";
    if (fresh && this.results[this.active]) this.pick(this.active);
    else if (!fresh) this.ask(1);
  }

  clicked(event) {
    if (event.target === this.dialog) {
      this.dialog.close(); // the veil around it
      return;
    }
    const element = event.target.closest("[data-place]");
    if (element && event.detail < 2) this.pick(Number(element.dataset.place));
  }

  pick(place) {
    const { item } = this.results[place];
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

function told({ total, ranked }) {
  if (!total) return gettext("No block of the gallery fits this.");
  if (ranked < total) {
    const text = gettext("%(total)s blocks fit; the first %(ranked)s are here. Type more to have fewer.");
    return fill(text, { total: number(total), ranked: number(ranked) });
  }
  const text = ngettext("%(total)s block fits, the most alike first.", "%(total)s blocks fit, the most alike first.", total);
  return fill(text, { total: number(total) });
}

function row({ item, distance }, place) {
  const element = part("find-row").content.firstElementChild.cloneNode(true);
  const put = (name, image) => element.querySelector(name).replaceChildren(...(image ? [image] : []));
  const text = (name, words) => (element.querySelector(name).textContent = words);
  element.id = `find-row-${place}`;
  element.dataset.place = place;
  element.dataset.item = item.id;
  put(".find-thumb", picture(item.thumbnail, "").image);
  put(".find-print", picture(item.print, "").image);
  put(".find-glyph", glyph(item));
  text(".find-code", item.codepoint || gettext("not known"));
  text(".find-name", item.name);
  text(".find-far", distance === null ? "" : number(distance, 3));
  return element;
}

/** The item's character as a picture; what no font has is shown by its print. */
export function glyph(item) {
  if (!item.character) return null;
  return picture(item.glyph ?? item.print, item.character, item.glyph ? "glyph" : "glyph stand-in").image;
}
