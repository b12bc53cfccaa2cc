// The overlay: a candidate's print laid over the query, in the query's own place on the card.
//
// It hears of each card by the page's "mocban:card", has every candidate registered at once, and answers
// through the card's own buttons.
import { fill, gettext, number } from "../lib/words.js";
import { Desk } from "./client.js";
import { Hints } from "./hints.js";
import { listen } from "./keys.js";
import { Painter } from "./paint.js";

export const MODES = ["blink", "fade", "difference", "edge"];
const BLINK = 650; // milliseconds that each picture is seen
const STEP = 0.1; // of fading, for a key
const STORE = "mocban-overlay";

export class Overlay {
  /** coming(card): the card that is likely to come after this one, where it is known. */
  constructor(coming) {
    this.coming = coming;
    const part = (id) => document.getElementById(id);
    this.panel = part("overlay");
    this.canvas = part("overlay-canvas");
    this.opener = part("overlay-open");
    this.fade = part("overlay-fade");
    this.said = part("overlay-said");
    this.desk = new Desk(this.panel.dataset.worker);
    this.painter = new Painter(this.canvas);
    this.hints = new Hints(this.desk, () => this.paint());
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.rank = 1;
    this.turn = true; // whether the print, not the query, is seen when blinking
    this.asked = 0;
    this.recall();
  }

  /** Returns what is to be done when its key is pressed. */
  start() {
    this.opener.addEventListener("click", () => this.toggle());
    document.getElementById("overlay-close").addEventListener("click", () => this.close());
    this.fade.addEventListener("input", () => this.paint());
    document.getElementById("overlay-differ").addEventListener("click", () => this.hint());
    for (const button of this.buttons("mode")) button.addEventListener("click", () => this.pick(button.dataset.mode));
    for (const button of this.buttons("rank"))
      button.addEventListener("click", () => this.lay(Number(button.dataset.rank)));
    document.getElementById("page").addEventListener("mocban:card", ({ detail }) => this.card(detail.card));
    new ResizeObserver(() => this.paint()).observe(this.canvas);
    return listen(this);
  }

  buttons(of) {
    return [...this.panel.querySelectorAll(`button[data-${of}]`)];
  }

  /** Whether the key is a candidate's number. */
  numbered(key) {
    return this.buttons("rank").some(({ dataset }) => dataset.rank === key);
  }

  /** Another card is shown. */
  card(card) {
    this.shown = card;
    this.rank = this.prints(card)[0]?.rank ?? 1;
    this.hints.clear();
    this.opener.disabled = !card.image || !this.prints(card).length;
    const ahead = () => {
      if (this.shown !== card) return;
      this.prepare(card);
      const coming = this.coming(card);
      if (coming) this.prepare(coming);
    };
    if (this.isOpen) this.lay(this.rank);
    // Registering waits until the card is painted: its key press comes first.
    if (this.isOpen) ahead();
    else (window.requestIdleCallback ?? setTimeout)(ahead, { timeout: 500 });
  }

  prints(card) {
    return card.suggestions.filter(({ item, gone }) => item?.print && !gone);
  }

  prepare(card) {
    if (!card.image) return;
    for (const { item } of this.prints(card)) this.desk.register(card.image, item.print).catch(() => {});
  }

  get isOpen() {
    return !this.panel.hidden;
  }

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  open(rank = this.focused()) {
    if (!this.shown || this.opener.disabled) return;
    this.panel.hidden = false;
    this.canvas.hidden = false;
    this.opener.setAttribute("aria-expanded", "true");
    this.blink(!this.still);
    this.lay(rank);
  }

  close() {
    const within = this.panel.contains(document.activeElement);
    this.panel.hidden = true;
    this.canvas.hidden = true;
    this.opener.setAttribute("aria-expanded", "false");
    this.asked += 1;
    this.blink(false);
    this.hints.clear();
    document.getElementById("query-image").classList.remove("covered");
    if (within) this.opener.focus();
  }

  /** The candidate in focus; else the one that was laid over last. */
  focused() {
    const rank = Number(document.activeElement?.closest(".candidate")?.dataset.rank ?? this.rank);
    return this.prints(this.shown ?? { suggestions: [] }).some((one) => one.rank === rank) ? rank : this.rank;
  }

  /** Lay the candidate of this rank over the query. */
  async lay(rank) {
    const { shown } = this;
    const found = this.prints(shown).find((one) => one.rank === rank);
    if (!found || !shown.image) {
      this.close();
      return;
    }
    this.asked += 1;
    const { asked } = this;
    this.rank = rank;
    this.changed = performance.now();
    this.panel.dataset.ready = "false";
    this.mark();
    try {
      const [place, printInk, queryInk] = await Promise.all([
        this.desk.register(shown.image, found.item.print),
        this.desk.ink(found.item.print),
        this.desk.ink(shown.image),
      ]);
      if (asked !== this.asked) return;
      this.scene = { ...place, printInk, queryInk, query: shown.id };
      await this.hints.show(shown, this.prints(shown));
    } catch {
      if (asked === this.asked)
        this.said.textContent = gettext("One of the pictures cannot be fetched. Close this and try again.");
      return;
    }
    if (asked !== this.asked) return;
    this.tell(rank, this.scene.score);
    this.panel.dataset.ready = "true";
    this.paint();
  }

  /** The neighbour among the candidates that can be laid over. */
  step(by) {
    const ranks = this.prints(this.shown).map(({ rank }) => rank);
    const at = ranks.indexOf(this.rank);
    this.lay(ranks[(at + by + ranks.length) % ranks.length]);
  }

  /** Answer with the candidate that is laid over. */
  choose() {
    document.querySelector(`.candidate[data-rank="${this.rank}"] .candidate-choose`).click();
  }

  pick(mode) {
    this.mode = mode;
    this.keep();
    this.blink(!this.still);
    this.mark();
    this.paint();
  }

  next() {
    this.pick(MODES[(MODES.indexOf(this.mode) + 1) % MODES.length]);
  }

  hint() {
    this.hints.wanted = !this.hints.wanted;
    this.keep();
    this.mark();
    this.hints.draw();
    this.paint();
  }

  slide(by) {
    if (this.mode !== "fade") this.pick("fade");
    this.fade.value = Number(this.fade.value) + 100 * by * STEP;
    this.paint();
  }

  /** Blink by itself, or stand still. */
  blink(going) {
    clearInterval(this.timer);
    this.going = going && this.isOpen && this.mode === "blink";
    if (this.going) this.timer = setInterval(() => this.flip(), BLINK);
  }

  flip() {
    this.turn = !this.turn;
    this.paint();
  }

  /** Stop blinking, and show the other picture at each further press. */
  hold() {
    if (this.mode !== "blink") this.pick("blink");
    this.blink(false);
    this.flip();
  }

  paint() {
    if (!this.isOpen || this.scene?.query !== this.shown?.id || this.panel.dataset.ready !== "true") return;
    const image = document.querySelector("#query-image img");
    if (!image?.naturalWidth) return;
    document.getElementById("query-image").classList.add("covered");
    const { mode, turn } = this;
    this.painter.paint({ ...this.scene, image, mode, turn, mix: this.fade.value / 100, places: this.hints.visible });
    Object.assign(this.canvas.dataset, { turn: turn ? "print" : "query", painted: mode });
  }

  mark() {
    const { panel } = this;
    Object.assign(panel.dataset, { mode: this.mode, rank: this.rank });
    const ranks = new Set(this.prints(this.shown ?? { suggestions: [] }).map(({ rank }) => String(rank)));
    for (const button of this.buttons("mode")) button.setAttribute("aria-pressed", button.dataset.mode === this.mode);
    for (const button of this.buttons("rank")) {
      button.setAttribute("aria-pressed", Number(button.dataset.rank) === this.rank);
      button.disabled = !ranks.has(button.dataset.rank);
    }
    document.getElementById("overlay-differ").setAttribute("aria-pressed", this.hints.wanted);
    for (const row of panel.querySelectorAll("[data-of]")) row.hidden = row.dataset.of !== this.mode;
  }

  tell(rank, score) {
    const { kind } = this.scene;
    Object.assign(this.panel.dataset, { score: score.toFixed(3), kind });
    const said = fill(gettext("%(rank)s: strokes meet %(share)s %"), { rank, share: number(Math.round(100 * score)) });
    this.said.textContent = [said, this.hints.words()].filter(Boolean).join(" · ");
  }

  recall() {
    let kept = {};
    try {
      kept = JSON.parse(localStorage.getItem(STORE) ?? "{}");
    } catch {
      // What cannot be read is as if it had never been kept.
    }
    this.mode = MODES.includes(kept?.mode) ? kept.mode : "blink";
    this.hints.wanted = kept?.hints !== false;
  }

  keep() {
    try {
      localStorage.setItem(STORE, JSON.stringify({ mode: this.mode, hints: this.hints.wanted }));
    } catch {
      // Without a store it lasts as long as the page does.
    }
  }
}

/** Put the overlay on a page, its key among the others. coming: as the overlay's. */
export function mountOverlay(shortcuts, coming) {
  const overlay = new Overlay(coming);
  const pressed = overlay.start();
  shortcuts.add({
    id: "overlay",
    keys: ["o"],
    label: gettext("lay a candidate over the picture, and take it away; held down, only for that long"),
    act: pressed,
  });
}
