// What can be done to the card shown: choose, mark several, say how they are related, answer, take back.
import { fill, gettext, ngettext, number } from "../../lib/words.js";
import * as face from "../card/view.js";
import { following, named } from "./relation.js";

export class Deeds {
  constructor(review) {
    this.review = review;
  }

  choose(rank) {
    const { review } = this;
    const suggestion = review.card?.suggestions[rank - 1];
    if (!suggestion) return;
    const { item, gone } = suggestion;
    if (gone) review.tell(fill(gettext("Candidate %(rank)s is gone from the gallery: choose another."), { rank }));
    else if (review.several.on) this.toggle(item.id);
    else this.answer({ verdict: "match", item: item.id, chosen: item });
  }

  /** The answer of the common case: all that is marked, else the first candidate. */
  accept() {
    const { review } = this;
    if (!review.several.on) {
      this.choose(1);
      return;
    }
    const answer = review.several.answer();
    if (!answer) {
      review.tell(gettext("Nothing is marked yet."));
      return;
    }
    const among = review.card.suggestions.find(({ item }) => item.id === answer.item);
    this.answer({ ...answer, chosen: among?.item ?? answer.found });
  }

  /** Begin to mark several matches, or give it up. */
  several() {
    const { review } = this;
    if (!review.card) return;
    if (review.several.on) review.several.stop();
    else review.several.start(review.decision());
    review.mark();
    face.say(review.several.on ? review.note() : gettext("Nothing is marked any more."));
  }

  toggle(item) {
    const { several, coming } = this.review;
    several.toggle(item, coming.value);
    this.review.mark();
    const count = several.marked.size;
    face.say(fill(ngettext("%(count)s marked", "%(count)s marked", count), { count: number(count) }));
  }

  /** The match is an item that was found by hand; it may be one of the five all the same. */
  take(item) {
    const { card, several, coming } = this.review;
    if (!card) return;
    const among = card.suggestions.some((suggestion) => suggestion.item.id === item.id);
    const found = among ? null : item;
    if (!several.on) {
      this.answer({ verdict: "match", item: item.id, found, chosen: item });
      return;
    }
    if (!several.marked.has(item.id)) several.toggle(item.id, coming.value, found);
    this.accept();
  }

  /** Turn the relation: of the one marked last, else of the match shown, else that of matches to come. */
  relate() {
    const { review } = this;
    if (!review.card) return;
    const before = review.decision();
    if (review.several.marked.size) face.say(named(review.several.turn()));
    else if (before?.verdict === "match") this.turn(before);
    else {
      review.coming.turn();
      face.say(named(review.coming.value));
    }
    review.mark();
  }

  turn(before) {
    const { answers, current } = this.review;
    const relation = following(before.relation ?? "");
    const last = answers.undos.at(-1);
    const again = last?.relating && last.query === current; // turning on is one deed to be undone
    this.give({ ...before, relation }, again ? null : { before, relating: true });
    face.say(named(relation));
  }

  answer({
    verdict,
    item = null,
    reason = "",
    relation = this.review.coming.value,
    also = [],
    found = null,
    chosen = found,
  }) {
    const { review } = this;
    const { card } = review;
    if (!card) return;
    if (card.settled) {
      review.tell(review.note());
      return;
    }
    const before = review.decision();
    const marking = review.several.on;
    const { flag, comment } = review.remarks.take();
    const decision = {
      verdict,
      item,
      reason,
      relation: verdict === "match" ? relation : "",
      also,
      found,
      flag,
      comment,
    };
    if (marking || !same(before, decision)) this.give(decision, { before }, chosen);
    review.answered(card, before);
    const words = {
      match: gettext("chosen"),
      none: gettext("none of them"),
      unsure: gettext("unsure"),
      skip: gettext("skipped"),
    };
    face.say(`${card.name}: ${words[verdict]}`);
  }

  /** Note an answer to the card shown, and put it on its way. */
  give(decision, undo, chosen = null) {
    const { card } = this.review;
    this.review.answers.give(card, decision, undo);
    this.review.post.stands(card, decision, chosen);
  }

  undo() {
    const { review } = this;
    const last = review.answers.undos.pop();
    if (!last) return;
    const card = review.cards.peek(last.query)?.card ?? last.card;
    review.answers.give(card, last.before ?? { verdict: "withdrawn" });
    review.post.stands(card, last.before);
    face.say(gettext("The last answer is taken back"));
    review.visit(card.id);
    if (!last.before) review.dealer.reclaim(card.id);
  }
}

/** Whether an answer says nothing new. */
function same(before, after) {
  if (!before || after.comment || after.flag !== Boolean(before.flag)) return false;
  if ((before.also ?? []).length || after.also.length) return false;
  return before.verdict === after.verdict && before.item === after.item && (before.reason ?? "") === after.reason;
}
