// The strip of the last answers, of this session and earlier ones; each opens its card again.
import { all, around, copyOf, part, within } from "../../lib/dom.js";
import { getJson } from "../../lib/net.js";
import { fill, gettext } from "../../lib/words.js";
import { drawnSign, worded } from "../answering/verdicts.js";

/** @import { Decision, Item, Reason, Verdict } from "../../types.d.ts" */

/** @typedef {{ query: number, image: string | null, name: string, item: Item | null }} AnsweredQuery */
/** @typedef {AnsweredQuery & { verdict: Verdict, reason?: string }} Entry */

const MOST = 60;

export class History {
  /**
   * @param {object} options
   * @param {string} options.url where earlier answers are asked for
   * @param {Reason[]} options.reasons
   * @param {(query: number) => void} options.open what a press on one does
   */
  constructor({ url, reasons, open }) {
    this.url = url;
    this.reasons = reasons;
    this.list = part("past-list");
    this.list.addEventListener("click", (event) => {
      const button = around(event, "button");
      if (button) open(Number(button.dataset.query));
    });
    this.list.addEventListener("keydown", (event) => this.key(event));
  }

  /** Ask for the answers of earlier sessions; what was answered here since stays in front. */
  async fetch() {
    /** @type {Entry[]} */
    let past;
    try {
      ({ past } = await getJson(this.url));
    } catch {
      return; // the strip then begins with this session
    }
    const here = new Set(this.buttons().map(({ dataset }) => Number(dataset.query)));
    for (const one of past) {
      if (!here.has(one.query)) this.list.append(this.row(one));
    }
    this.cut();
  }

  buttons() {
    return all("button", this.list);
  }

  /**
   * Put an answer in front; one that was taken back goes.
   * @param {AnsweredQuery} query
   * @param {Decision | null | undefined} decision
   */
  put(query, decision) {
    this.list.querySelector(`[data-query="${query.query}"]`)?.closest("li")?.remove();
    if (decision && decision.verdict !== "withdrawn") this.list.prepend(this.row({ ...decision, ...query }));
    this.cut();
  }

  cut() {
    while (this.list.children.length > MOST) this.list.lastElementChild?.remove();
    const buttons = this.buttons();
    part("past").classList.toggle("none", !buttons.length);
    this.rove(buttons.find((one) => one.tabIndex === 0) ?? buttons[0]);
  }

  /** @param {Entry} entry */
  row({ query, image, name, verdict, reason, item }) {
    const row = copyOf("past-row");
    const button = within(row, "button");
    Object.assign(button.dataset, { query, verdict });
    const said = worded({ verdict, reason, item }, this.reasons);
    button.setAttribute("aria-label", fill(gettext("%(name)s: %(said)s"), { name, said }));
    button.title = `${name}: ${said}`;
    within(row, ".past-print").append(small(image));
    within(row, ".past-said").append(drawnSign({ verdict, item }));
    return row;
  }

  /** Put the focus on the newest. */
  focus() {
    const [newest] = this.buttons();
    this.rove(newest);
    newest?.focus();
    this.list.scrollLeft = 0;
  }

  /**
   * One of them can be reached with Tab, the others from it with the arrows.
   * @param {HTMLElement | undefined} button
   */
  rove(button) {
    for (const one of this.buttons()) one.tabIndex = -1;
    if (button) button.tabIndex = 0;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const buttons = this.buttons();
    const at = buttons.findIndex((one) => one === event.target);
    /** @type {Record<string, number>} */
    const places = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: buttons.length - 1 };
    if (event.key === "Escape" && event.target instanceof HTMLElement) event.target.blur();
    if (!(event.key in places) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const next = buttons[places[event.key]];
    if (!next) return;
    this.rove(next);
    next.focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}

/** @param {string | null} src */
function small(src) {
  const image = Object.assign(new Image(48, 48), { alt: "", loading: "lazy", decoding: "async", draggable: false });
  if (src) image.src = src;
  return image;
}
