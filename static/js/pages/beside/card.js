// The card of the box chosen, beside the page: its five suggestions, which are answered without leaving the page.
import { all, part, setText, within } from "../../lib/dom.js";
import { getJson, NetError } from "../../lib/net.js";
import { glyph, picture, put } from "../../lib/pictures.js";
import { gettext, percent } from "../../lib/words.js";
import { proposedFor } from "../../review/answering/relation.js";
import { stateInWords } from "./text.js";
import { doubtsInWords, placeInWords } from "./words.js";

/** @import { PageAnswers } from "./answers.js" */
/** @import { PageView } from "../page_view.js" */
/** @import { Card, PageBox, Suggestion } from "../../types.d.ts" */

const PAUSE = 120; // milliseconds: who walks on at once looks at no card
const FEW = 40; // cards that are kept

export class PageCard {
  /**
   * @param {PageView} view
   * @param {PageAnswers} answers
   * @param {{ cards: string, face?: boolean }} place where cards are fetched; whether boxes are a face's
   */
  constructor(view, answers, { cards, face = false }) {
    this.view = view;
    this.answers = answers;
    this.cards = cards;
    this.face = face;
    /** @type {Map<string, Card>} by address and state of the box */
    this.kept = new Map();
    /** @type {Card | null} */
    this.card = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    view.choosers.push(() => this.follow());
    answers.refused = (query) => this.forget(query);
    for (const button of this.buttons) button.addEventListener("click", () => this.choose(Number(button.dataset.rank)));
    this.follow();
  }

  /** @returns {HTMLButtonElement[]} */
  get buttons() {
    return all("#page-card-five button");
  }

  /** Show what is known of the box at once, and its suggestions as soon as they are there. */
  follow() {
    const { one, chosen } = this.view;
    part("page-card").dataset.box = `${one?.id ?? ""}`;
    part("page-card-none").hidden = Boolean(one);
    part("page-card-box").hidden = !one;
    setText(part("page-card-none"), noneInWords(chosen.size));
    clearTimeout(this.timer);
    if (!one) {
      this.card = null;
      return;
    }
    this.describe(one);
    const kept = this.kept.get(keyOf(one)) ?? null;
    this.show(kept);
    if (!kept && queryOf(one)) this.timer = setTimeout(() => this.fetch(one), PAUSE);
  }

  /**
   * Look at a card anew, which has changed since it was fetched.
   * @param {number} query
   */
  forget(query) {
    for (const [key, { id }] of this.kept) if (id === query) this.kept.delete(key);
    if (this.view.one && queryOf(this.view.one) === `${query}`) this.follow();
  }

  /** @param {PageBox} box */
  describe(box) {
    const { ordered, lights } = this.view;
    setText(part("page-card-place"), placeInWords(box, ordered));
    const state = part("page-card-state");
    setText(state, stateInWords(box, this.face));
    state.className = `state page-state ${box.state}`;
    const doubts = doubtsInWords(lights.get(box.id) ?? []);
    const moved = box.moved ? gettext("The box was moved far after it was answered: look again.") : "";
    setText(part("page-card-note"), [moved, doubts].filter(Boolean).join(" "));
    const link = part("page-card-open", HTMLAnchorElement);
    link.hidden = !box.card;
    link.href = box.card ?? "";
  }

  /** @param {PageBox} box */
  async fetch(box) {
    let found;
    try {
      found = await getJson(`${this.cards}?ids=${queryOf(box)}`);
    } catch (error) {
      if (!(error instanceof NetError)) throw error;
      return; // the box can still be mended, and its card be opened
    }
    const [card] = found.cards;
    if (!card) return;
    this.kept.set(keyOf(box), card);
    const [oldest] = this.kept.keys();
    if (this.kept.size > FEW) this.kept.delete(oldest);
    if (this.view.one && keyOf(this.view.one) === keyOf(box)) this.show(card);
  }

  /** @param {Card | null} card */
  show(card) {
    this.card = card;
    put(part("page-card-print"), card?.image ? picture(card.image, card.name) : null);
    this.buttons.forEach((button, i) => showSuggestion(button, card?.suggestions[i], card));
  }

  /**
   * Answer with a suggestion, and go on to the next open box.
   * @param {number} rank
   */
  choose(rank) {
    const suggestion = this.card?.suggestions[rank - 1];
    if (!this.card || !suggestion || suggestion.gone || this.card.settled) return;
    const { item } = suggestion;
    this.answer({ verdict: "match", item: item.id, relation: proposedFor(suggestion) }, item.character);
  }

  none() {
    if (this.card && !this.card.settled) this.answer({ verdict: "none" }, "");
  }

  /**
   * @param {import("../../types.d.ts").Decision} decision
   * @param {string} character
   */
  answer(decision, character) {
    const { one } = this.view;
    if (!one || !this.card || queryOf(one) !== `${this.card.id}`) return; // the card of the box before
    this.answers.give(this.card, decision, one, character);
    this.view.jumpToOpen(1);
  }
}

/** @param {PageBox} box */
function keyOf({ card, state, character, suggested, x, y, w, h }) {
  return `${card} ${state} ${character} ${suggested} ${[x, y, w, h]}`;
}

/**
 * The query whose card it is; "" where there is none yet.
 * @param {PageBox} box
 */
function queryOf({ card }) {
  return card ? (new URL(card, location.href).searchParams.get("query") ?? "") : "";
}

/**
 * @param {HTMLButtonElement} button
 * @param {Suggestion | undefined} suggestion
 * @param {Card | null} card
 */
function showSuggestion(button, suggestion, card) {
  button.disabled = !suggestion || suggestion.gone || Boolean(card?.settled);
  const item = suggestion?.item;
  put(within(button, ".page-five-block"), item?.thumbnail ? picture(item.thumbnail, "") : null);
  put(within(button, ".page-five-glyph"), item ? glyph(item) : null);
  const sure = suggestion?.confidence ?? null;
  setText(within(button, ".page-five-sure"), sure === null ? "" : percent(sure));
  const decision = card?.decision;
  const chosen = Boolean(item && decision?.verdict === "match" && decision.item === item.id);
  button.setAttribute("aria-pressed", `${chosen}`);
  button.title = item?.name ?? "";
}

/** @param {number} count */
function noneInWords(count) {
  return count
    ? gettext("Several boxes are chosen. Keys act on all of them.")
    : gettext("No box is chosen. Press an arrow key, or click a character.");
}
