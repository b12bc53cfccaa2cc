// The way through the review: which card is shown, what comes after it, and what is to be known of it.
import { postJson } from "../lib/net.js";
import { fill, gettext, number } from "../lib/words.js";
import { Deeds } from "./answering/actions.js";
import { Answers } from "./answering/answers.js";
import { Post } from "./answering/delivery.js";
import { Coming } from "./answering/relation.js";
import { Remarks } from "./answering/remarks.js";
import { Several } from "./answering/several.js";
import { Dealer } from "./assignment/assignment.js";
import { Deck } from "./assignment/batch.js";
import { Tabs } from "./assignment/tabs.js";
import { Cards } from "./card/cards.js";
import { Past } from "./card/history.js";
import * as face from "./card/view.js";
import { patiently } from "./card/waiting.js";

const ASK_AGAIN = 20; // seconds until cards in other hands are asked for again

export const page = document.querySelector("main.review");
const part = (id) => document.getElementById(id);

export class Review {
  /** told: as the page has it. explicit: whether its first card was asked for by the address. */
  constructor({ deck, cards, current, person, order }, explicit) {
    const name = `mocban-answers-${person}-${page.dataset.batch}`;
    this.deck = new Deck(deck);
    this.cards = new Cards(page.dataset.cards, cards);
    this.post = new Post(this);
    this.answers = new Answers({ name, deck: this.deck, told: (state, detail) => this.post.heard(state, detail) });
    this.coming = new Coming(`${name}-relation`, sessionStorage);
    this.several = new Several();
    this.deeds = new Deeds(this);
    this.dealer = new Dealer({
      ask: (what, body) => postJson(page.dataset[what], body),
      keep: (card) => this.cards.keep(card),
      away: () => this.answers.away(),
      tabs: new Tabs(`mocban-hands-${person}-${page.dataset.batch}`, window.localStorage),
      order,
    });
    this.past = new Past({ url: page.dataset.past, open: (id) => this.visit(id) });
    this.remarks = new Remarks({
      card: () => this.card,
      answered: () => Boolean(this.decision()),
      send: (card, remark) => this.answers.remark(card, remark),
      changed: () => this.mark(),
      told: (words) => this.tell(words),
    });
    this.current = current;
    this.dealt = !explicit; // whether the card shown was dealt, not sought out
    this.turn = 0;
  }

  start() {
    const { current, dealer } = this;
    this.post.start();
    dealer.lost = (ids) => this.lost(ids);
    if (this.dealt && dealer.tabs.others().includes(current)) this.goOn();
    else {
      dealer.take(current);
      if (!this.dealt) dealer.after = current;
      this.show(current);
      if (!this.dealt) dealer.reclaim(current);
    }
    dealer.keepUp();
    this.past.fetch();
  }

  /** The card shown; null until there is one. */
  get card() {
    return this.shown?.card.id === this.current && page.dataset.ready === "true" && !this.finished
      ? this.shown.card
      : null;
  }

  get finished() {
    return part("review-card").hidden;
  }

  /** What this person said of the card shown; null where nothing. */
  decision() {
    return this.shown ? this.answers.of(this.shown.card) : null;
  }

  /** Show a card: at once where it is there, else as soon as the network gives it. */
  async show(id) {
    const turn = this.leave(id);
    this.current = id;
    this.dealer.shown(id);
    face.hideDone();
    this.address();
    const wanted = () => turn === this.turn;
    const kept = this.cards.has(id);
    if (!kept) this.wait(gettext("Fetching the picture …"));
    const away = gettext("The picture cannot be fetched: the network is away. Trying again.");
    const found = kept ? this.cards.peek(id) : await patiently(() => this.cards.get(id), wanted, away);
    if (!wanted()) return;
    if (!found) {
      face.showWaiting(gettext("This picture is not in the batch any more. Go on with → or ←."));
      return;
    }
    this.paint(found);
    this.dealer.fill().catch(() => {}); // asked for again when it is needed
  }

  paint(found) {
    const { card } = found;
    this.deck.stand(card.id);
    const place = this.deck.here + 1;
    this.shown = found;
    face.showWaiting("");
    face.showCard(found, place, this.deck.length);
    page.dataset.query = card.id;
    page.dataset.position = place;
    page.dataset.total = this.deck.length;
    page.dataset.ready = "true";
    part("review-previous").disabled = !this.deck.step(card.id, -1);
    part("review-next").disabled = !this.deck.step(card.id, 1);
    this.mark();
    page.dispatchEvent(new CustomEvent("mocban:card", { detail: { card } }));
  }

  /** The card shown is left for another: what was begun on it is ended. Returns the new turn. */
  leave(id) {
    if (id !== this.current) {
      if (this.card && !this.decision()) this.dealer.back(this.current);
      this.remarks.flush();
    }
    this.several.stop();
    this.turn += 1;
    return this.turn;
  }

  wait(said) {
    page.dataset.ready = "false";
    face.showWaiting(said);
  }

  address() {
    const order = this.dealer.order === "batch" ? "" : `&order=${this.dealer.order}`;
    history.replaceState(null, "", `?query=${this.current}${order}`);
  }

  /** Show what stands of the card: its answer, its marks, its flag, and what is to be known of it. */
  mark() {
    if (!this.shown) return;
    const { card } = this.shown;
    const decision = this.decision();
    face.showDecision(card, decision);
    if (this.several.on) face.showMarked(this.several.marked);
    const matched = decision?.verdict === "match";
    face.showRelation(matched ? (decision.relation ?? "") : this.coming.value, matched);
    part("several").setAttribute("aria-pressed", this.several.on);
    part("flag").setAttribute("aria-pressed", this.remarks.flagged());
    part("comment").setAttribute("aria-pressed", Boolean(this.remarks.text()));
    const comments = card.comments?.length ?? 0;
    part("comment-count").textContent = comments ? number(comments) : "";
    face.showNote(this.note());
  }

  /** What is to be known of the card shown, in words. */
  note() {
    const { card } = this.shown;
    if (this.several.on)
      return gettext("Several: mark matches with 1 to 5, R turns a relation, Enter gives the answer.");
    if (card.settled) return gettext("A reviewer has settled this one. It takes no more answers.");
    if (card.sent_back && !this.answers.has(card.id)) {
      const { who, text } = card.sent_back;
      return fill(gettext("%(who)s sent this back: %(text)s"), { who, text: text || gettext("look at it again") });
    }
    if (card.others?.length) return face.others(card.others);
    if (card.answered && !card.decision && !this.decision()) {
      return gettext("Somebody else has answered this one. An answer of yours would be the newest.");
    }
    if (!card.suggestions.length) return gettext("The gallery had nothing to suggest.");
    if (card.suggestions.some(({ gone }) => gone))
      return gettext("A suggested block was deleted from the gallery. It cannot be chosen.");
    return "";
  }

  /** The card has its answer: go on. One that was sought out, and was open, leads on from its own place. */
  answered(card, before) {
    const { dealer } = this;
    const jumped = !this.dealt && !before && !card.answered && dealer.order === "batch";
    if (jumped && dealer.after !== card.id) dealer.anew({ after: card.id, skipped: dealer.skipped });
    dealer.done(card.id);
    this.goOn(card.id);
  }

  /** Show the next card that is dealt; where none is left, say so. */
  async goOn(from = null) {
    let next = this.upcoming(from);
    if (next === null) {
      this.turn += 1;
      const { turn } = this;
      const wanted = () => turn === this.turn;
      if (!this.finished) this.wait(gettext("Fetching the next picture …"));
      const away = gettext("The next picture cannot be fetched: the network is away. Trying again.");
      next = await patiently(() => this.dealer.next(), wanted, away);
      if (!wanted()) return;
    }
    if (next === null) {
      this.finish();
      return;
    }
    this.dealt = true;
    this.show(next);
  }

  /** The next card in hand; in the batch's order the first one after `from`. */
  upcoming(from) {
    const { queue, order } = this.dealer;
    const place = from === null ? -1 : this.deck.place(from);
    const after = order === "batch" ? queue.find((id) => this.deck.place(id) > place) : undefined;
    return after ?? this.dealer.ready();
  }

  finish() {
    this.turn += 1;
    page.dataset.ready = "true";
    face.showWaiting("");
    const held = this.dealer.elsewhere;
    face.showDone({ skipped: this.deck.count("s"), left: this.deck.length - this.deck.count("a"), held });
    clearTimeout(this.asking);
    if (held) this.asking = setTimeout(() => this.finished && this.goOn(), ASK_AGAIN * 1000);
  }

  /** The second round: what was skipped. */
  again() {
    this.dealer.anew({ skipped: true });
    this.goOn();
  }

  /** Deal in another order from now on. */
  reorder(order) {
    const open = this.card && !this.decision();
    this.dealer.anew({ order });
    if (open) this.dealer.letGo(this.current);
    this.goOn();
  }

  /** Open a card that was not dealt: an earlier one, or a neighbour. */
  visit(id) {
    this.dealt = this.dealer.queue.includes(id);
    document.activeElement?.blur();
    return this.show(id);
  }

  move(by) {
    const next = this.finished ? this.current : this.deck.step(this.current, by);
    if (!next) return;
    this.visit(next);
    const ahead = [1, 2, 3].map((steps) => this.deck.step(next, steps * by)).filter(Boolean);
    this.cards.fetch(ahead).catch(() => {});
  }

  /** Cards that others hold by now are let go; the one shown stays, and that is said. */
  lost(ids) {
    const open = ids.includes(this.current) && this.card && !this.decision();
    if (open) this.tell(gettext("Somebody else has this picture in hand too."));
  }

  tell(words) {
    face.showNote(words);
    face.say(words);
  }

  /** Rank of the candidate in focus; 1 where none is. */
  focused() {
    return Number(document.activeElement?.closest(".candidate")?.dataset.rank ?? 1);
  }
}
