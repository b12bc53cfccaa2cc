// Answers that the server refused: each stays until the person has decided what becomes of it.
import { fill, gettext, ngettext, number } from "../../lib/words.js";
import { worded } from "../card/history.js";

const part = (id) => document.getElementById(id);

/** What can be done about a refusal, by its code: give it all the same, look again, let it go. */
const CHOICES = {
  card_changed: ["give", "look"],
  settled: ["look", "drop"],
  gone: ["drop"],
  404: ["drop"],
  item_gone: ["look", "drop"],
  bad_item: ["look", "drop"],
};

export class Refusals {
  /** outbox: where they are. place(query): how the picture is called. look(query): open its card. */
  constructor({ outbox, place, look }) {
    Object.assign(this, { outbox, place, look });
    this.shown = null;
    part("refusal-give").addEventListener("click", () => this.decide("give"));
    part("refusal-look").addEventListener("click", () => this.decide("look"));
    part("refusal-drop").addEventListener("click", () => this.decide("drop"));
    // Another tab of this person may have decided, or met a refusal.
    window.addEventListener("storage", () => this.show());
  }

  show() {
    const all = this.outbox.refused();
    const [entry] = all;
    this.shown = entry ?? null;
    const room = part("refusal");
    room.hidden = !entry;
    if (!entry) return;
    const { code } = entry.refused;
    room.dataset.code = code;
    room.dataset.query = entry.query;
    this.choices = CHOICES[code] ?? ["give", "look", "drop"];
    for (const one of ["give", "look", "drop"]) part(`refusal-${one}`).hidden = !this.choices.includes(one);
    part("refusal-give-said").textContent =
      code === "card_changed" ? gettext("Give my answer all the same") : gettext("Try again");
    part("refusal-drop-said").textContent = ["settled", "gone", "404"].includes(code)
      ? gettext("All right")
      : gettext("Let it go");
    const why = this.why(entry);
    if (part("refusal-said").textContent !== why) part("refusal-said").textContent = why;
    const more = ngettext("%(count)s more waits for you", "%(count)s more wait for you", all.length - 1);
    part("refusal-more").textContent = all.length > 1 ? fill(more, { count: number(all.length - 1) }) : "";
  }

  why({ query, kind, body, found, refused }) {
    const which = this.place(query);
    const given = kind === "remark" ? gettext("a comment") : worded({ ...body, item: found });
    const said = {
      card_changed: gettext("The suggestions for %(which)s changed while you looked. Your answer was: %(given)s."),
      settled: gettext("A reviewer has settled %(which)s meanwhile; your answer (%(given)s) is not needed any more."),
      gone: gettext("%(which)s was deleted from the batch; your answer (%(given)s) has nothing to belong to."),
      404: gettext("%(which)s was deleted from the batch; your answer (%(given)s) has nothing to belong to."),
      item_gone: gettext("The block that you chose for %(which)s was deleted from the gallery."),
    };
    const other = fill(gettext("The answer to %(which)s was refused: %(why)s"), { which, why: refused.message });
    const words = said[refused.code]
      ? fill(said[refused.code], { which, given })
      : [other, refused.hint].filter(Boolean).join("; ");
    return words.charAt(0).toUpperCase() + words.slice(1);
  }

  /** Carry out "give", "look" or "drop" on the one shown. */
  decide(what) {
    const entry = this.shown;
    if (!entry || !this.choices.includes(what)) return;
    if (what === "give") {
      const version = entry.refused.card?.version ?? entry.body.version;
      this.outbox.again(entry, { ...entry.body, version });
      this.given?.(entry);
    } else {
      this.outbox.drop(entry);
      this.dropped?.(entry);
      if (what === "look") this.look(entry.query);
    }
    document.activeElement?.blur();
    this.show();
  }
}
