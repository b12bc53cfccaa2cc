// The way through the review: which card is shown, what comes after it, and what is to be known of it.
import { printed } from "../keys/shortcuts.js";
import { leaveFocus, part, within } from "../lib/dom.js";
import { postJson } from "../lib/net.js";
import { fill, gettext, number } from "../lib/words.js";
import { CardActions } from "./answering/actions.js";
import { Answers } from "./answering/answers.js";
import { Delivery } from "./answering/delivery.js";
import { Mends } from "./answering/mends.js";
import { NextRelation } from "./answering/relation.js";
import { Remarks } from "./answering/remarks.js";
import { Several } from "./answering/several.js";
import { Assignment } from "./assignment/assignment.js";
import { BatchStates } from "./assignment/batch.js";
import { Tabs } from "./assignment/tabs.js";
import { Cards } from "./card/cards.js";
import { CarvingPages } from "./card/carvings.js";
import { History } from "./card/history.js";
import { CardPlace } from "./card/place.js";
import * as view from "./card/view.js";
import { patiently } from "./card/waiting.js";

/** @import { Finder } from "../finder/finder.js" */
/** @import { KeysDialog } from "../keys/dialog.js" */
/** @import { Card, Decision, Reason } from "../types.d.ts" */
/** @import { Viewer } from "../viewer/dialog.js" */
/** @import { Request } from "./assignment/assignment.js" */
/** @import { PreparedCard } from "./card/cards.js" */

/**
 * What the page carries.
 * @typedef {object} PageData
 * @property {{ ids: number[], states: string }} deck
 * @property {Card[]} cards
 * @property {number} current
 * @property {number} person
 * @property {string} order
 * @property {Reason[]} reasons
 */

const ASK_AGAIN = 20; // seconds until cards in other hands are asked for again

export class Review {
  /**
   * @param {PageData} data
   * @param {boolean} explicit whether its first card was asked for by the address
   * @param {{ finder: Finder, viewer: Viewer }} dialogs
   */
  constructor({ deck, cards, current, person, order, reasons }, explicit, { finder, viewer }) {
    this.page = within(document, "main.review");
    const { batch, cards: url = "", past = "" } = this.page.dataset;
    const name = `mocban-answers-${person}-${batch}`;
    this.finder = finder;
    this.viewer = viewer;
    this.reasons = reasons;
    this.batch = new BatchStates(deck);
    this.cards = new Cards(url, cards);
    this.delivery = new Delivery(this);
    this.answers = new Answers({
      name,
      batch: this.batch,
      changed: (state, detail) => this.delivery.heard(state, detail),
    });
    this.nextRelation = new NextRelation(`${name}-relation`, sessionStorage);
    this.several = new Several();
    this.carvings = new CarvingPages();
    this.mends = new Mends({
      name: `${name}-mends`,
      store: window.localStorage,
      answer: ({ id }) => this.answerTo(id),
      moved: () => this.actions.moved(),
    });
    this.actions = new CardActions(this);
    this.assignment = this.assign(new Tabs(`mocban-hands-${person}-${batch}`, window.localStorage), order);
    this.place = new CardPlace(this);
    this.history = new History({ url: past, reasons, open: (id) => this.visit(id) });
    this.remarks = this.remarking();
    /** @type {KeysDialog | null} */
    this.keysDialog = null;
    this.current = current;
    /** @type {PreparedCard | null} */
    this.shown = null;
    this.assigned = !explicit; // whether the card shown was assigned, not sought out
    this.turn = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.asking = undefined;
  }

  /**
   * @param {Tabs} tabs
   * @param {string} order
   */
  assign(tabs, order) {
    return new Assignment({
      ask: (/** @type {Request} */ what, body) => postJson(this.page.dataset[what] ?? "", body),
      keep: (card) => this.cards.keep(card),
      unsent: () => this.answers.unsent(),
      tabs,
      order,
    });
  }

  remarking() {
    return new Remarks({
      card: () => this.card,
      answered: () => Boolean(this.decision()),
      send: (card, remark) => this.answers.remark(card, remark),
      changed: () => this.mark(),
      refused: (words) => this.tell(words),
    });
  }

  start() {
    const { current, assignment } = this;
    this.delivery.start();
    assignment.lost = (ids) => this.lost(ids);
    if (this.assigned && assignment.tabs.others().includes(current)) this.goOn();
    else {
      assignment.take(current);
      if (!this.assigned) assignment.after = current;
      this.show(current);
      if (!this.assigned) assignment.reclaim(current);
    }
    assignment.keepUp();
    this.history.fetch();
  }

  /** The card shown; null until there is one. */
  get card() {
    const ready = this.page.dataset.ready === "true" && !this.finished;
    return ready && this.shown?.card.id === this.current ? this.shown.card : null;
  }

  get finished() {
    return part("review-card").hidden;
  }

  /**
   * This person's answer to the card shown; null where there is none.
   * @returns {Decision | null}
   */
  decision() {
    return this.shown ? this.answers.of(this.shown.card) : null;
  }

  /**
   * This person's answer to a card that is at hand.
   * @param {number} id
   */
  answerTo(id) {
    const kept = this.cards.peek(id);
    return kept && this.answers.of(kept.card);
  }

  /**
   * Show a card: at once where it is there, else as soon as the network gives it.
   * @param {number} id
   */
  async show(id) {
    const turn = this.leave(id);
    this.current = id;
    this.assignment.shown(id);
    view.hideDone();
    this.address();
    const wanted = () => turn === this.turn;
    const kept = this.cards.peek(id);
    if (!kept) this.wait(gettext("Loading the picture …"));
    const away = gettext("The picture could not be loaded: no network. Retrying.");
    const found = kept ?? (await patiently(() => this.cards.get(id), wanted, away));
    if (!wanted()) return;
    if (!found) {
      view.showWaiting(gettext("This picture is no longer in the batch. Continue with → or ←."));
      return;
    }
    this.paint(found);
    this.assignment.fill().catch(() => {}); // asked for again when it is needed
  }

  /** @param {PreparedCard} found */
  paint(found) {
    const { card } = found;
    this.batch.stand(card.id);
    const place = this.batch.here + 1;
    const total = this.batch.length;
    this.shown = found;
    view.showWaiting("");
    view.showCard(found, place, total);
    Object.assign(this.page.dataset, { query: card.id, position: place, total, ready: true });
    part("review-previous", HTMLButtonElement).disabled = !this.batch.step(card.id, -1);
    part("review-next", HTMLButtonElement).disabled = !this.batch.step(card.id, 1);
    this.mark();
    this.page.dispatchEvent(new CustomEvent("mocban:card", { detail: { card } }));
  }

  /**
   * The card shown is left for another: what was begun on it is ended. Returns the new turn.
   * @param {number} id of the other
   */
  leave(id) {
    this.mends.flush();
    if (id !== this.current) {
      if (this.card && !this.decision()) this.assignment.back(this.current);
      this.remarks.flush();
    }
    this.several.stop();
    this.nextRelation.leaveCard();
    this.carvings.leaveCard();
    this.turn += 1;
    return this.turn;
  }

  /** @param {string} words */
  wait(words) {
    this.page.dataset.ready = "false";
    view.showWaiting(words);
  }

  address() {
    const order = this.assignment.order === "batch" ? "" : `&order=${this.assignment.order}`;
    history.replaceState(null, "", `?query=${this.current}${order}`);
  }

  /** Show what stands of the card: its answer, its marks, its flag, and what is to be known of it. */
  mark() {
    if (!this.shown) return;
    const { card } = this.shown;
    const decision = this.decision();
    view.showDecision(card, decision);
    if (this.several.on) view.showMarked(this.several.marked);
    const matched = decision?.verdict === "match";
    const [first] = card.suggestions;
    if (matched) view.showRelation(decision.relation ?? "", "this");
    else view.showRelation(this.nextRelation.of(first), this.nextRelation.source(first));
    for (const [id, on] of [
      ["several", this.several.on],
      ["flag", this.remarks.flagged()],
      ["comment", Boolean(this.remarks.text())],
    ]) {
      part(`${id}`).setAttribute("aria-pressed", `${on}`);
    }
    const comments = card.comments?.length ?? 0;
    part("comment-count").textContent = comments ? number(comments) : "";
    view.showNote(this.note());
  }

  /**
   * The key of an action as it is printed, which the person may have changed.
   * @param {string} id
   */
  keyOf(id) {
    const [key] = this.keysDialog?.shortcuts.keysOf(id) ?? [];
    return key ? printed(key) : "";
  }

  /** What is to be known of the card shown, in words. */
  note() {
    const card = this.shown?.card;
    if (!card) return "";
    if (this.several.on)
      return fill(
        gettext("Multiple: mark matches by their keys, change the relation with %(relation)s, answer with %(answer)s."),
        { relation: this.keyOf("relation"), answer: this.keyOf("accept") },
      );
    if (card.settled) return gettext("A reviewer has settled this picture. It takes no more answers.");
    if (card.sent_back && !this.answers.has(card.id)) {
      const { who, text } = card.sent_back;
      return fill(gettext("%(who)s sent this back: %(text)s"), { who, text: text || gettext("look at it again") });
    }
    if (card.others?.length) return view.othersInWords(card.others);
    if (card.answered && !card.decision && !this.decision()) {
      return gettext("Somebody else has answered this picture. Your answer would replace theirs.");
    }
    if (!card.suggestions.length) return gettext("No suggestions from the gallery.");
    if (card.further) return view.furtherInWords(card.further, this.keyOf("carvings"));
    const gone = gettext("A suggested block was deleted from the gallery. It cannot be chosen.");
    return card.suggestions.some((one) => one.gone) ? gone : "";
  }

  /**
   * The card has its answer: go on. One that was sought out, and was open, leads on from its own place.
   * @param {Card} card
   * @param {Decision | null} before
   */
  answered(card, before) {
    const { assignment } = this;
    const jumped = !this.assigned && !before && !card.answered && assignment.order === "batch";
    if (jumped && assignment.after !== card.id) assignment.restart({ after: card.id, skipped: assignment.skipped });
    assignment.done(card.id);
    this.goOn(card.id);
  }

  /**
   * Show the next card that is assigned; where none is left, say so.
   * @param {number | null} [from] the card that was answered
   */
  async goOn(from = null) {
    /** @type {number | null} */
    let next = this.upcoming(from);
    if (next === null) {
      this.turn += 1;
      const { turn } = this;
      const wanted = () => turn === this.turn;
      if (!this.finished) this.wait(gettext("Loading the next picture …"));
      const away = gettext("The next picture could not be loaded: no network. Retrying.");
      next = await patiently(() => this.assignment.next(), wanted, away);
      if (!wanted()) return;
    }
    if (next === null) {
      this.finish();
      return;
    }
    this.assigned = true;
    this.show(next);
  }

  /**
   * The next card in hand; in the batch's order the first one after `from`.
   * @param {number | null} from
   */
  upcoming(from) {
    const { queue, order } = this.assignment;
    const place = from === null ? -1 : this.batch.place(from);
    const after = order === "batch" ? queue.find((id) => this.batch.place(id) > place) : undefined;
    return after ?? this.assignment.ready();
  }

  finish() {
    this.turn += 1;
    this.page.dataset.ready = "true";
    view.showWaiting("");
    const { elsewhere } = this.assignment;
    view.showDone({ skipped: this.batch.count("s"), left: this.batch.length - this.batch.count("a"), elsewhere });
    clearTimeout(this.asking);
    if (elsewhere) this.asking = setTimeout(() => this.finished && this.goOn(), ASK_AGAIN * 1000);
  }

  /** The second round: what was skipped. */
  again() {
    this.assignment.restart({ skipped: true });
    this.goOn();
  }

  /** Show the next five carvings of the character in the places of the five. */
  async turnCarvings() {
    const card = this.cards.peek(this.current)?.card;
    if (!this.card || !card?.further || this.several.on) return;
    const { turn } = this;
    try {
      const found = await this.carvings.next(card);
      if (found && turn === this.turn) this.paint(found);
    } catch {
      this.tell(gettext("The other carvings could not be loaded. Try again."));
    }
  }

  chooseOrder() {
    part("review-order").focus();
  }

  /**
   * Go on in another order from now on.
   * @param {string} order
   */
  reorder(order) {
    const open = this.card && !this.decision();
    this.assignment.restart({ order });
    if (open) this.assignment.letGo(this.current);
    this.goOn();
  }

  /**
   * Open a card that was not assigned: an earlier one, or a neighbour.
   * @param {number} id
   */
  visit(id) {
    this.assigned = this.assignment.queue.includes(id);
    leaveFocus();
    return this.show(id);
  }

  /** @param {number} by */
  move(by) {
    const next = this.finished ? this.current : this.batch.step(this.current, by);
    if (!next) return;
    this.visit(next);
    const ahead = [1, 2, 3].map((steps) => this.batch.step(next, steps * by)).filter((id) => id !== null);
    this.cards.fetch(ahead).catch(() => {});
  }

  /**
   * Cards that others have by now are let go; the one shown stays, and that is said.
   * @param {number[]} ids
   */
  lost(ids) {
    const open = ids.includes(this.current) && this.card && !this.decision();
    if (open) this.tell(gettext("Somebody else is looking at this picture too."));
  }

  /** @param {string} words */
  tell(words) {
    view.showNote(words);
    view.say(words);
  }
}
