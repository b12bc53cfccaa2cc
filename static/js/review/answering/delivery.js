// How the answers fare on their way, as the person sees it: the bar, the history, and the words on saving.
import { part } from "../../lib/dom.js";
import { fill, gettext, ngettext, number } from "../../lib/words.js";
import * as view from "../card/view.js";
import { decisionOf } from "./answers.js";
import { Refusals } from "./refusals.js";

/** @import { Card, Decision, Item } from "../../types.d.ts" */
/** @import { Review } from "../review.js" */
/** @import { AnsweredCard } from "./answers.js" */
/** @import { Detail, Entry, State } from "./outbox.js" */

export class Delivery {
  /** @param {Review} review */
  constructor(review) {
    this.review = review;
    /** @type {Refusals | null} */
    this.refusals = null;
  }

  start() {
    const { answers, reasons } = this.review;
    this.refusals = new Refusals({
      outbox: answers.outbox,
      reasons,
      place: (id) => this.nameOf(id),
      look: (id) => this.review.visit(id),
      dropped: (entry) => this.returned(entry),
      given: (entry) => this.given(entry),
    });
    this.refusals.show();
    this.progress();
    this.tell("saved");
    if (answers.outbox.waiting().length) answers.outbox.hurry();
  }

  /**
   * What stands of a card now, for the history and the bar.
   * @param {AnsweredCard} card
   * @param {Decision | null | undefined} decision
   * @param {Item | null} [chosen] the match, where it is at hand
   */
  stands(card, decision, chosen = null) {
    const among = card.suggestions.find(({ item }) => item.id === decision?.item)?.item;
    const item = chosen ?? among ?? decision?.found ?? null;
    this.review.history.put({ query: card.id, image: card.image, name: card.name, item }, decision);
    this.progress();
  }

  /**
   * @param {State} state
   * @param {Detail} detail
   */
  heard(state, { entry, answer }) {
    if (!this.refusals) return; // the page is still being made
    if (state === "saved") this.progress();
    if (state === "saved" && entry?.kind === "remark") this.remarked(entry.query, answer);
    if (state === "refused" && entry) this.refused(entry, this.refusals);
    this.tell(state);
  }

  /** @param {State} state */
  tell(state) {
    const { outbox } = this.review.answers;
    const waiting = outbox.waiting().length;
    const refused = outbox.refused().length;
    let shown = state;
    if (state === "saved" && waiting) shown = "saving";
    if ((state === "saved" && !waiting) || state === "refused") shown = refused ? "refused" : "saved";
    view.showSaving(shown, waiting, stateWords(shown, waiting, refused));
  }

  /**
   * A flag or a comment arrived: the card knows it from now on.
   * @param {number} query
   * @param {Pick<Card, "flagged" | "comments">} saved
   */
  remarked(query, { flagged, comments }) {
    const card = this.review.cards.peek(query)?.card;
    if (card) Object.assign(card, { flagged, comments });
    this.markIfShown(query);
  }

  /**
   * @param {Entry} entry
   * @param {Refusals} refusals
   */
  refused(entry, refusals) {
    const { review } = this;
    const { code, card: fresh = null } = entry.refused ?? {};
    if (code === "nothing_to_withdraw") {
      review.answers.outbox.drop(entry); // it was taken back already
      return;
    }
    if (fresh) review.cards.keep(fresh);
    this.returned(entry);
    if (!fresh) review.cards.drop(entry.query); // it is not as it was: fetched anew when it is looked at
    if (code === "settled") review.batch.set(entry.query, "a");
    refusals.show();
    const kept = fresh && review.cards.peek(fresh.id);
    if (kept && review.card?.id === kept.card.id) review.paint(kept);
  }

  /**
   * The person gives a refused answer all the same: it stands again.
   * @param {Entry} entry
   */
  given({ kind, query, body, found }) {
    if (kind === "remark") return;
    this.review.answers.note(query, { ...body, found });
    const card = this.review.cards.peek(query)?.card;
    if (card) this.stands(card, { ...body, found });
    this.progress();
    this.tell("saving");
    this.markIfShown(query);
  }

  /**
   * An answer does not stand: show what the server has in its place.
   * @param {Entry} entry
   */
  returned({ query, kind }) {
    const { review } = this;
    this.tell("saved");
    if (kind === "remark") return;
    const card = review.cards.peek(query)?.card ?? null;
    review.answers.forget(query, card?.decision ?? null);
    if (card) this.stands(card, decisionOf(card));
    this.progress();
    this.markIfShown(query);
  }

  /** @param {number} query */
  markIfShown(query) {
    if (this.review.card?.id === query) this.review.mark();
  }

  /** @param {number} query */
  nameOf(query) {
    const { batch } = this.review;
    return batch.has(query)
      ? fill(gettext("picture %(place)s"), { place: number(batch.place(query) + 1) })
      : gettext("a picture");
  }

  progress() {
    const { answers, batch } = this.review;
    view.showProgress(answers.answered, batch.length);
    part("answer-undo", HTMLButtonElement).disabled = !answers.undos.length;
  }
}

/**
 * @param {State} state
 * @param {number} waiting answers that are not at the server
 * @param {number} refused
 */
function stateWords(state, waiting, refused) {
  const answers = fill(ngettext("%(count)s answer", "%(count)s answers", waiting), { count: number(waiting) });
  const decide = ngettext(
    "%(count)s answer waits for your decision",
    "%(count)s answers wait for your decision",
    refused,
  );
  return {
    saved: gettext("All answers are saved"),
    saving: gettext("Saving …"),
    refused: fill(decide, { count: number(refused) }),
    waiting: fill(gettext("No network: %(answers)s kept here, retrying"), { answers }),
    loggedout: fill(gettext("You are logged out: %(answers)s kept here. Reload the page to log in"), { answers }),
  }[state];
}
