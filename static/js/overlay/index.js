// The overlay: a candidate's print laid over the query, in the query's own place on the card.
//
// It hears of each card by the page's "mocban:card", has every candidate registered at once, and answers
// through the card's own buttons.
import { all, onClick, part, within } from "../lib/dom.js";
import { keep, recall } from "../lib/store.js";
import { fill, gettext, number } from "../lib/words.js";
import { OverlayClient } from "./client.js";
import { Hints } from "./hints.js";
import { listen } from "./keys.js";
import { Mender, mendingKeys } from "./mender.js";
import { Painter } from "./paint.js";
import { Places } from "./places.js";

/** @import { Shortcuts } from "../keys/shortcuts.js" */
/** @import { ShownCard, Suggestion } from "../types.d.ts" */
/** @import { Printed } from "./hints.js" */
/** @import { Mode } from "./paint.js" */
/** @import { By, Mends, PicturedCard, Place } from "./places.js" */

/** @type {Mode[]} */
const MODES = ["blink", "fade", "difference", "edge"];
const BLINK = 650; // milliseconds that each picture is seen
const STEP = 0.1; // of fading, for a key
const STORE = "mocban-overlay";

export class Overlay {
  /**
   * @param {(card: ShownCard) => ShownCard | null} coming the card that is likely to come after this one
   * @param {Mends | null} mends null on a page where no block can be moved
   */
  constructor(coming, mends) {
    this.coming = coming;
    this.panel = part("overlay");
    this.canvas = part("overlay-canvas", HTMLCanvasElement);
    this.opener = part("overlay-open", HTMLButtonElement);
    this.fade = part("overlay-fade", HTMLInputElement);
    this.words = part("overlay-said");
    this.tile = part("query-image");
    this.client = new OverlayClient(this.panel.dataset.worker ?? "");
    this.painter = new Painter(this.canvas);
    this.places = new Places(this.client, mends);
    this.mender = mends && new Mender(this, mends);
    this.hints = new Hints(this.client, this.places, () => this.paint());
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    /** @type {ShownCard | null} */
    this.shown = null;
    /** @type {(Place & { printInk: Uint8Array, queryInk: Uint8Array, query: number }) | null} */
    this.scene = null;
    this.rank = 1;
    this.turn = true; // whether the print, not the query, is seen when blinking
    this.asked = 0;
    this.changed = 0;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.timer = undefined;
    const { mode, hints } = recall(localStorage, STORE) ?? {};
    /** @type {Mode} */
    this.mode = MODES.includes(mode) ? mode : "blink";
    this.hints.wanted = hints !== false;
  }

  /** Returns what is to be done when its key is pressed. */
  start() {
    this.opener.addEventListener("click", () => this.toggle());
    this.fade.addEventListener("input", () => this.paint());
    onClick("overlay-close", () => this.close());
    onClick("overlay-differ", () => this.hint());
    part("overlay-mend").hidden = !this.mender;
    onClick("overlay-mend", () => this.mend());
    for (const button of this.buttons("mode")) {
      button.addEventListener("click", () => this.pick(/** @type {Mode} */ (button.dataset.mode)));
    }
    for (const button of this.buttons("rank")) {
      button.addEventListener("click", () => this.lay(Number(button.dataset.rank)));
    }
    const shown = (/** @type {any} */ { detail }) => this.card(detail.card);
    part("page").addEventListener("mocban:card", shown);
    new ResizeObserver(() => this.paint()).observe(this.canvas);
    return listen(this);
  }

  /**
   * @param {"mode" | "rank"} of
   * @returns {HTMLButtonElement[]}
   */
  buttons(of) {
    return all(`button[data-${of}]`, this.panel);
  }

  /**
   * Whether the key is a candidate's number.
   * @param {string} key
   */
  isNumbered(key) {
    return this.buttons("rank").some(({ dataset }) => dataset.rank === key);
  }

  /**
   * Another card is shown.
   * @param {ShownCard} card
   */
  card(card) {
    this.shown = card;
    this.rank = printsOf(card)[0]?.rank ?? 1;
    this.hints.clear();
    this.opener.disabled = !card.image || !printsOf(card).length;
    const ahead = () => {
      if (this.shown !== card) return;
      this.prepare(card);
      const coming = this.coming(card);
      if (coming) this.prepare(coming);
    };
    if (this.isOpen) this.lay(this.rank);
    if (card.glance) this.glance(card);
    // Registering waits until the card is painted: its key press comes first.
    if (this.isOpen) ahead();
    else if ("requestIdleCallback" in window) requestIdleCallback(ahead, { timeout: 500 });
    else setTimeout(ahead);
  }

  /**
   * Lay each suggestion over the picture, small, in the place of its print.
   * @param {ShownCard} card
   */
  async glance(card) {
    const { image } = card;
    if (!image) return;
    for (const one of printsOf(card)) {
      const scene = await this.sceneOf({ ...card, image }, one).catch(() => null);
      if (this.shown !== card) return;
      const canvas = Object.assign(document.createElement("canvas"), { className: "overlay-glance" });
      within(document, `.candidate[data-rank="${one.rank}"] .candidate-print`).append(canvas);
      if (scene) new Painter(canvas).glance(scene);
    }
  }

  /** @param {ShownCard} card */
  prepare(card) {
    const { image } = card;
    if (!image) return;
    for (const one of printsOf(card)) this.places.of({ ...card, image }, one).catch(() => {});
  }

  get isOpen() {
    return !this.panel.hidden;
  }

  /** Whether the block that was asked for is the one that is seen. */
  get isReady() {
    return this.isOpen && this.panel.dataset.ready === "true";
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
    const inside = this.panel.contains(document.activeElement);
    this.mender?.turn(false);
    this.panel.hidden = true;
    this.canvas.hidden = true;
    this.opener.setAttribute("aria-expanded", "false");
    this.asked += 1;
    this.blink(false);
    this.hints.clear();
    this.tile.classList.remove("covered");
    if (inside) this.opener.focus();
  }

  /** The candidate in focus; else the one that was laid over last. */
  focused() {
    const candidate = /** @type {HTMLElement | null | undefined} */ (document.activeElement?.closest(".candidate"));
    const rank = Number(candidate?.dataset.rank ?? this.rank);
    return printsOf(this.shown).some((one) => one.rank === rank) ? rank : this.rank;
  }

  /**
   * Lay the candidate of this rank over the query.
   * @param {number} rank
   */
  async lay(rank) {
    const { shown } = this;
    const found = printsOf(shown).find((one) => one.rank === rank);
    if (!found || !shown?.image) {
      this.close();
      return;
    }
    const card = { ...shown, image: shown.image };
    this.asked += 1;
    const { asked } = this;
    this.rank = rank;
    this.mender?.begin(card, found);
    this.changed = performance.now();
    this.panel.dataset.ready = "false";
    this.mark();
    try {
      const scene = await this.sceneOf(card, found);
      if (asked !== this.asked) return;
      this.scene = { ...scene, query: shown.id };
      await this.hints.show(card, printsOf(shown));
    } catch {
      if (asked === this.asked)
        this.words.textContent = gettext("One of the pictures could not be loaded. Close this and try again.");
      return;
    }
    if (asked !== this.asked) return;
    this.tell(rank, this.scene);
    this.panel.dataset.ready = "true";
    this.paint();
  }

  /**
   * @param {PicturedCard} card
   * @param {Printed} found
   */
  async sceneOf(card, found) {
    const inks = Promise.all([this.client.ink(found.item.print), this.client.ink(card.image)]);
    const place = await this.places.of(card, found);
    const [printInk, queryInk] = await inks;
    return { ...place, printInk, queryInk };
  }

  /**
   * Where the block lies now.
   * @returns {Place}
   */
  place() {
    const { matrix, score, kind, by, fit } = /** @type {Place} */ (this.scene);
    return { matrix, score, kind, by, fit };
  }

  /**
   * The block that is laid over lies here now.
   * @param {Place} place
   */
  stand(place) {
    if (!this.scene) return;
    this.scene = { ...this.scene, ...place };
    this.tell(this.rank, this.scene);
    this.paint();
  }

  /** Begin or end to move the block that is laid over; without one, the first is laid over. */
  mend() {
    const { mender } = this;
    if (!mender) return;
    if (!this.isOpen) this.open();
    if (this.isOpen) mender.turn(!mender.on);
  }

  /** Show both pictures, and do not blink, so that it is seen what a move does. */
  holdStill() {
    if (this.mode === "blink") this.pick("difference");
  }

  /**
   * Lay the neighbour over, among the candidates that can be.
   * @param {number} by
   */
  step(by) {
    const ranks = printsOf(this.shown).map(({ rank }) => rank);
    const at = ranks.indexOf(this.rank);
    this.lay(ranks[(at + by + ranks.length) % ranks.length]);
  }

  /** Answer with the candidate that is laid over. */
  choose() {
    within(document, `.candidate[data-rank="${this.rank}"] .candidate-choose`).click();
  }

  /** @param {Mode} mode */
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

  /** @param {number} by in steps */
  slide(by) {
    if (this.mode !== "fade") this.pick("fade");
    this.fade.value = `${Number(this.fade.value) + 100 * by * STEP}`;
    this.paint();
  }

  /**
   * Blink by itself, or stand still.
   * @param {boolean} going
   */
  blink(going) {
    clearInterval(this.timer);
    if (going && this.isOpen && this.mode === "blink") this.timer = setInterval(() => this.flip(), BLINK);
  }

  flip() {
    this.turn = !this.turn;
    this.paint();
  }

  /** Stop blinking, and show the other picture at each further press. */
  standStill() {
    if (this.mode !== "blink") this.pick("blink");
    this.blink(false);
    this.flip();
  }

  paint() {
    const { scene, mode, turn } = this;
    if (!this.isOpen || !scene || scene.query !== this.shown?.id || this.panel.dataset.ready !== "true") return;
    const image = this.tile.querySelector("img");
    if (!image?.naturalWidth) return;
    this.tile.classList.add("covered");
    this.painter.paint({ ...scene, image, mode, turn, mix: Number(this.fade.value) / 100, places: this.hints.visible });
    Object.assign(this.canvas.dataset, { turn: turn ? "print" : "query", painted: mode });
  }

  mark() {
    Object.assign(this.panel.dataset, { mode: this.mode, rank: this.rank });
    const ranks = printsOf(this.shown).map(({ rank }) => rank);
    for (const button of this.buttons("mode")) press(button, button.dataset.mode === this.mode);
    for (const button of this.buttons("rank")) {
      press(button, Number(button.dataset.rank) === this.rank);
      button.disabled = !ranks.includes(Number(button.dataset.rank));
    }
    press(part("overlay-differ"), this.hints.wanted);
    for (const row of all("[data-of]", this.panel)) row.hidden = row.dataset.of !== this.mode;
  }

  /**
   * @param {number} rank
   * @param {Place} place
   */
  tell(rank, { score, kind, by, matrix }) {
    const place = matrix.map((one) => one.toFixed(4)).join(" ");
    Object.assign(this.panel.dataset, { score: score.toFixed(3), kind, by, place });
    const share = number(Math.round(100 * score));
    const meet = fill(gettext("%(rank)s: %(share)s % overlap"), { rank, share });
    this.words.textContent = [meet, laidWords(by), this.hints.words()].filter(Boolean).join(" · ");
  }

  /** Without a store it lasts as long as the page does. */
  keep() {
    keep(localStorage, STORE, { mode: this.mode, hints: this.hints.wanted });
  }
}

/**
 * Who laid a block over.
 * @param {By} by
 */
function laidWords(by) {
  return {
    worker: gettext("placed by the search"),
    person: gettext("placed by hand"),
    browser: gettext("placed by this browser"),
  }[by];
}

/**
 * The suggestions that can be laid over.
 * @param {{ suggestions: Suggestion[] } | null} card
 */
function printsOf(card) {
  const all = card?.suggestions ?? [];
  return /** @type {Printed[]} */ (all.filter(({ item, gone }) => item?.print && !gone));
}

/**
 * @param {Element} button
 * @param {boolean} on
 */
function press(button, on) {
  button.setAttribute("aria-pressed", `${on}`);
}

/**
 * Put the overlay on a page, its keys among the others.
 * @param {Shortcuts} shortcuts
 * @param {(card: ShownCard) => ShownCard | null} coming as the overlay's
 * @param {Mends | null} [mends] as the overlay's
 */
export function mountOverlay(shortcuts, coming, mends = null) {
  const overlay = new Overlay(coming, mends);
  shortcuts.add({
    id: "overlay",
    keys: ["o"],
    label: gettext("show or hide the overlay; hold the key to show it only while you press it"),
    act: overlay.start(),
  });
  if (!mends) return;
  shortcuts.add({
    id: "mend",
    keys: ["j"],
    label: gettext("move the overlaid block by hand"),
    act: () => overlay.mend(),
  });
  for (const action of mendingKeys()) shortcuts.add(action);
}
