// How the answers fare on their way, as the person sees it: the bar, the strip, and what is said of saving.
import { fill, gettext, ngettext, number } from "../../lib/words.js";
import * as face from "../card/view.js";
import { said } from "./answers.js";
import { Refusals } from "./refusals.js";

export class Post {
  constructor(review) {
    this.review = review;
  }

  start() {
    const { answers } = this.review;
    this.refusals = new Refusals({
      outbox: answers.outbox,
      place: (id) => this.named(id),
      look: (id) => this.review.visit(id),
    });
    this.refusals.dropped = (entry) => this.returned(entry);
    this.refusals.given = (entry) => this.given(entry);
    this.refusals.show();
    this.progress();
    this.tell("saved");
    if (answers.outbox.waiting().length) answers.outbox.hurry();
  }

  /** What stands of a card now, for the strip and the bar. chosen: the match, where it is at hand. */
  stands(card, decision, chosen = null) {
    const among = card.suggestions.find(({ item }) => item.id === decision?.item)?.item;
    const item = chosen ?? among ?? decision?.found ?? null;
    this.review.past.put({ query: card.id, image: card.image, name: card.name, decision, item });
    this.progress();
  }

  heard(state, { entry, answer }) {
    if (!this.refusals) return; // the page is still being made
    if (state === "saved") this.progress();
    if (state === "saved" && entry.kind === "remark") this.remarked(entry, answer);
    if (state === "refused") this.refused(entry);
    this.tell(state);
  }

  tell(state) {
    const { outbox } = this.review.answers;
    const waiting = outbox.waiting().length;
    const refused = outbox.refused().length;
    const many = fill(ngettext("%(count)s answer", "%(count)s answers", waiting), { count: number(waiting) });
    const decide = ngettext(
      "%(count)s answer waits for your decision",
      "%(count)s answers wait for your decision",
      refused,
    );
    const words = {
      saved: gettext("All answers are saved"),
      saving: gettext("Saving …"),
      refused: fill(decide, { count: number(refused) }),
      waiting: fill(gettext("The network is away: %(answers)s kept here, trying again"), { answers: many }),
      loggedout: fill(gettext("You are logged out: %(answers)s kept here. Load the page again to log in"), {
        answers: many,
      }),
    };
    let shown = state;
    if (state === "saved" && waiting) shown = "saving";
    if ((state === "saved" && !waiting) || state === "refused") shown = refused ? "refused" : "saved";
    face.showSaving(shown, waiting, words[shown]);
  }

  /** A flag or a comment arrived: the card knows it from now on. */
  remarked({ query }, { flagged, comments }) {
    const card = this.review.cards.peek(query)?.card;
    if (card) Object.assign(card, { flagged, comments });
    if (this.review.card?.id === query) this.review.mark();
  }

  refused(entry) {
    const { review } = this;
    if (entry.refused.code === "nothing_to_withdraw") {
      review.answers.outbox.drop(entry); // it was taken back already
      return;
    }
    const { code, card: fresh } = entry.refused;
    if (fresh) review.cards.keep(fresh);
    this.returned(entry);
    if (!fresh) review.cards.drop(entry.query); // it is not as it was: fetched anew when it is looked at
    if (code === "settled") review.deck.set(entry.query, "a");
    this.refusals.show();
    if (fresh && review.card?.id === fresh.id) review.paint(review.cards.peek(fresh.id));
  }

  /** The person gives a refused answer all the same: it stands again. */
  given({ kind, query, body, found }) {
    if (kind === "remark") return;
    this.review.answers.note(query, { ...body, found });
    const card = this.review.cards.peek(query)?.card;
    if (card) this.stands(card, { ...body, found });
    this.progress();
    this.tell("saving");
    if (this.review.card?.id === query) this.review.mark();
  }

  /** An answer does not stand: show what the server has in its place. */
  returned({ query, kind }) {
    const { review } = this;
    this.tell("saved");
    if (kind === "remark") return;
    const card = review.cards.peek(query)?.card ?? null;
    review.answers.forget(query, card?.decision ?? null);
    if (card) this.stands(card, said(card));
    this.progress();
    if (review.card?.id === query) review.mark();
  }

  named(query) {
    const { deck } = this.review;
    return deck.has(query)
      ? fill(gettext("picture %(place)s"), { place: number(deck.place(query) + 1) })
      : gettext("a picture");
  }

  progress() {
    const { answers, deck } = this.review;
    face.showProgress(answers.answered, deck.length);
    document.getElementById("answer-undo").disabled = !answers.undos.length;
  }
}
