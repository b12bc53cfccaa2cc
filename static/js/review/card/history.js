// The strip of what was answered last, of this session and earlier ones; each opens its card again.
import { getJson } from "../../lib/net.js";
import { fill, gettext } from "../../lib/words.js";
import { picture } from "./cards.js";

const MOST = 60;

const part = (id) => document.getElementById(id);

export class Past {
  /** url: where earlier answers are asked for. open(query): what a press on one does. */
  constructor({ url, open }) {
    this.url = url;
    this.list = part("past-list");
    this.list.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) open(Number(button.dataset.query));
    });
    this.list.addEventListener("keydown", (event) => this.key(event));
  }

  /** Ask for the answers of earlier sessions; what was answered here since stays in front. */
  async fetch() {
    let past;
    try {
      ({ past } = await getJson(this.url));
    } catch {
      return; // the strip then begins with this session
    }
    const here = new Set([...this.list.querySelectorAll("button")].map(({ dataset }) => Number(dataset.query)));
    for (const one of past) {
      if (!here.has(one.query)) this.list.append(this.row(one));
    }
    this.cut();
  }

  /** Put an answer in front; one without a verdict is taken away. */
  put({ query, image, name, decision, item }) {
    this.list.querySelector(`[data-query="${query}"]`)?.closest("li").remove();
    if (decision && decision.verdict !== "withdrawn")
      this.list.prepend(this.row({ query, image, name, ...decision, item }));
    this.cut();
  }

  cut() {
    while (this.list.children.length > MOST) this.list.lastElementChild.remove();
    part("past").classList.toggle("none", !this.list.children.length);
    this.rove(this.list.querySelector('button[tabindex="0"]') ?? this.list.querySelector("button"));
  }

  row({ query, image, name, verdict, reason, item }) {
    const row = part("past-row").content.firstElementChild.cloneNode(true);
    const button = row.querySelector("button");
    button.dataset.query = query;
    button.dataset.verdict = verdict;
    const said = worded({ verdict, reason, item });
    button.setAttribute("aria-label", fill(gettext("%(name)s: %(said)s"), { name, said }));
    button.title = `${name}: ${said}`;
    row.querySelector(".past-print").append(small(image));
    row.querySelector(".past-said").append(...sign({ verdict, item }));
    return row;
  }

  focus() {
    const newest = this.list.querySelector("button");
    this.rove(newest);
    newest?.focus();
    this.list.scrollLeft = 0;
  }

  /** One of them can be reached with Tab, the others from it with the arrows. */
  rove(button) {
    for (const one of this.list.querySelectorAll('button[tabindex="0"]')) one.tabIndex = -1;
    if (button) button.tabIndex = 0;
  }

  key(event) {
    const all = [...this.list.querySelectorAll("button")];
    const at = all.indexOf(event.target);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Escape") event.target.blur();
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (!all[to]) return;
    this.rove(all[to]);
    all[to].focus();
    all[to].scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}

function small(src) {
  const image = Object.assign(new Image(48, 48), { alt: "", loading: "lazy", decoding: "async", draggable: false });
  if (src) image.src = src;
  return image;
}

/** A verdict as a sign: the block's character where there is one. */
function sign({ verdict, item }) {
  if (verdict === "match" && item) {
    const glyph = picture(item.glyph ?? item.print, item.character, "glyph").image;
    glyph.alt = "";
    return [glyph];
  }
  return [{ none: "∅", unsure: "?", skip: "↷", match: "✓" }[verdict] ?? ""];
}

/** A verdict in words. */
export function worded({ verdict, reason, item }) {
  const reasons = {
    not_in_gallery: gettext("none, not in the gallery"),
    damaged: gettext("none, damaged"),
    bad_crop: gettext("none, bad crop"),
    not_in_unicode: gettext("none, not in Unicode"),
  };
  const words = {
    match: item ? [item.character, item.name].filter(Boolean).join(" ") : gettext("a match"),
    none: reasons[reason] ?? gettext("none of them"),
    unsure: gettext("unsure"),
    skip: gettext("skipped"),
    withdrawn: gettext("taken back"),
  };
  return words[verdict] ?? verdict;
}
