// What can be done to the card shown: choose, mark several, say how they are related, answer, take back.
import { fill, gettext, ngettext, number } from "../../lib/words.js";
import * as view from "../card/view.js";
import { following, named } from "./relation.js";

/** @import { Decision, Item, Verdict } from "../../types.d.ts" */
/** @import { Review } from "../review.js" */
/** @import { Undo } from "./answers.js" */

export class CardActions {
  /** @param {Review} review */
  constructor(review) {
    this.review = review;
  }

  /**
   * The candidate of this rank matches, or is marked.
   * @param {number} rank
   */
  choose(rank) {
    const { review } = this;
    const suggestion = review.card?.suggestions[rank - 1];
    if (!suggestion) return;
    const { item, gone } = suggestion;
    if (gone) review.tell(fill(gettext("Suggestion %(rank)s was deleted from the gallery. Choose another."), { rank }));
    else if (review.several.on) this.toggle(item.id);
    else this.answer({ verdict: "match", item: item.id, found: review.carvings.isBeyond ? item : null }, item);
  }

  /** The answer of the common case: all that is marked, else the first candidate, but on a blind card nothing. */
  accept() {
    const { review } = this;
    if (!review.several.on) {
      if (review.card?.blind) review.tell(gettext("These blocks are in no order: choose one by its number."));
      else this.choose(1);
      return;
    }
    const answer = review.several.answer();
    if (!answer) {
      review.tell(gettext("Nothing is marked yet."));
      return;
    }
    const among = review.card?.suggestions.find(({ item }) => item.id === answer.item);
    this.answer(answer, among?.item ?? answer.found);
  }

  /** Begin to mark several matches, or give it up. */
  several() {
    const { review } = this;
    if (!review.card) return;
    if (review.several.on) review.several.stop();
    else review.several.start(review.decision());
    review.mark();
    view.say(review.several.on ? review.note() : gettext("Nothing is marked now."));
  }

  /** Give up marking several matches, where they are being marked. */
  leaveSeveral() {
    if (this.review.several.on) this.several();
  }

  /**
   * The relation that a match with this item gets.
   * @param {number | null | undefined} item
   */
  relationOf(item) {
    const { card, nextRelation } = this.review;
    return nextRelation.of(card?.suggestions.find((one) => one.item.id === item));
  }

  /** @param {number} item */
  toggle(item) {
    const { several } = this.review;
    const beyond = this.review.carvings.isBeyond;
    const found = beyond && this.review.card?.suggestions.find((one) => one.item.id === item)?.item;
    several.toggle(item, this.relationOf(item), found || null);
    this.review.mark();
    const count = several.marked.size;
    view.say(fill(ngettext("%(count)s marked", "%(count)s marked", count), { count: number(count) }));
  }

  /**
   * The match is an item that was found by hand; it may be one of the five all the same.
   * @param {Item} item
   */
  take(item) {
    const { card, several } = this.review;
    if (!card) return;
    const among = card.suggestions.some((suggestion) => suggestion.item.id === item.id);
    const found = among ? null : item;
    if (!several.on) {
      this.answer({ verdict: "match", item: item.id, found }, item);
      return;
    }
    if (!several.marked.has(item.id)) several.toggle(item.id, this.relationOf(item.id), found);
    this.accept();
  }

  /** Turn the relation: of the one marked last, else of the match shown, else that of matches to come. */
  relate() {
    const { review } = this;
    if (!review.card) return;
    const before = review.decision();
    const marked = review.several.turn();
    if (marked !== null) view.say(named(marked));
    else if (before?.verdict === "match") this.turn(before);
    else {
      const [first] = review.card.suggestions;
      review.nextRelation.turn(first);
      view.say(named(review.nextRelation.of(first)));
    }
    review.mark();
  }

  /** @param {Decision} before */
  turn(before) {
    const { answers, current } = this.review;
    const relation = following(before.relation ?? "");
    const last = answers.undos.at(-1);
    const again = last?.relating && last.query === current; // turning on is one answer to be undone
    this.give({ ...before, relation }, again ? null : { before, relating: true });
    view.say(named(relation));
  }

  /** The block of the match shown lies elsewhere now: that is one answer to be undone, however often it is moved. */
  moved() {
    const { answers, current, card } = this.review;
    const before = this.review.decision();
    if (!card || card.settled || before?.verdict !== "match") return;
    const last = answers.undos.at(-1);
    const again = last?.moving && last.query === current;
    this.give(this.laid(before), again ? null : { before, moving: true });
  }

  /**
   * The answer, each match where the person put it.
   * @param {Decision} decision
   * @returns {Decision}
   */
  laid(decision) {
    const { card, mends } = this.review;
    if (!card || decision.verdict !== "match") return decision;
    const also = (decision.also ?? []).map((one) => ({ ...one, fit: mends.of(card, one.item) }));
    return { ...decision, fit: mends.of(card, decision.item), also };
  }

  /**
   * Answer the card shown, and go on.
   * @param {Decision} given its flag and its comment are the ones that wait for it
   * @param {Item | null} [chosen] the match, where it is at hand
   */
  answer({ verdict, item = null, reason = "", relation, also = [], found = null }, chosen = found) {
    const { review } = this;
    const { card } = review;
    if (!card) return;
    if (card.settled) {
      review.tell(review.note());
      return;
    }
    const before = review.decision();
    const marking = review.several.on;
    const matched = verdict === "match" ? (relation ?? this.relationOf(item)) : "";
    const decision = this.laid({ verdict, item, reason, relation: matched, also, found, ...review.remarks.take() });
    if (marking || !same(before, decision)) this.give(decision, { before }, chosen);
    review.answered(card, before);
    view.say(`${card.name}: ${answerWords(verdict)}`);
  }

  /**
   * Note an answer to the card shown, and put it on its way.
   * @param {Decision} decision
   * @param {Undo | null} undo
   * @param {Item | null} [chosen]
   */
  give(decision, undo, chosen = null) {
    const { card, answers, delivery } = this.review;
    if (!card) return;
    answers.give(card, decision, undo);
    this.review.mends.answered(card);
    delivery.stands(card, decision, chosen);
  }

  undo() {
    const { review } = this;
    const last = review.answers.undos.pop();
    if (!last) return;
    const card = review.cards.peek(last.query)?.card ?? last.card;
    if (!last.before) review.mends.keepOf(card, review.answers.given.get(card.id) ?? review.answerTo(card.id));
    review.answers.give(card, last.before ?? { verdict: "withdrawn" });
    review.delivery.stands(card, last.before);
    view.say(gettext("The last answer was undone"));
    review.visit(card.id);
    if (!last.before) review.assignment.reclaim(card.id);
  }
}

/** @param {Verdict} verdict */
function answerWords(verdict) {
  const words = {
    match: gettext("chosen"),
    none: gettext("none of them"),
    unsure: gettext("unsure"),
    skip: gettext("skipped"),
    withdrawn: gettext("undone"),
  };
  return words[verdict];
}

/**
 * Whether an answer says nothing new. A comment always does, and so do several matches.
 * @param {Decision | null} before
 * @param {Decision} after
 */
function same(before, after) {
  if (!before || after.comment || before.also?.length || after.also?.length) return false;
  const { also: _also, comment: _comment, fit: _fit, found: _found, relation: _relation, ...compared } = after;
  const known = /** @type {Record<string, unknown>} */ ({ ...before });
  return Object.entries(compared).every(([field, value]) => (known[field] || null) === (value || null));
}
