// Answers that the server refused: each stays until the person has decided what becomes of it.
import { leaveFocus, part, setText } from "../../lib/dom.js";
import { capital, fill, gettext, ngettext, number } from "../../lib/words.js";
import { worded } from "./verdicts.js";

/** @import { Reason } from "../../types.d.ts" */
/** @import { Entry, Outbox, Refusal } from "./outbox.js" */

/** @typedef {"give" | "look" | "drop"} Choice give it all the same, look again, let it go */
/** @typedef {Entry & { refused: Refusal }} Refused */

/** @type {Choice[]} */
const EVERY = ["give", "look", "drop"];
/** @type {Record<string, Choice[]>} */
const CHOICES = {
  card_changed: ["give", "look"],
  settled: ["look", "drop"],
  gone: ["drop"],
  not_found: ["drop"],
  item_gone: ["look", "drop"],
  bad_item: ["look", "drop"],
};

export class Refusals {
  /**
   * @param {object} options
   * @param {Outbox} options.outbox where they are
   * @param {Reason[]} options.reasons
   * @param {(query: number) => string} options.place how the picture is called
   * @param {(query: number) => void} options.look opens its card
   * @param {(entry: Entry) => void} options.given it is sent again
   * @param {(entry: Entry) => void} options.dropped it is let go
   */
  constructor({ outbox, reasons, place, look, given, dropped }) {
    this.outbox = outbox;
    this.reasons = reasons;
    this.place = place;
    this.look = look;
    this.given = given;
    this.dropped = dropped;
    /** @type {Refused | null} */
    this.shown = null;
    this.choices = EVERY;
    // Another tab of this person may have decided, or met a refusal.
    window.addEventListener("storage", () => this.show());
  }

  show() {
    const all = this.outbox.refused();
    const [entry] = all;
    this.shown = entry ?? null;
    part("refusal").hidden = !entry;
    if (!entry) return;
    const { code } = entry.refused;
    Object.assign(part("refusal").dataset, { code, query: entry.query });
    this.choices = CHOICES[code] ?? EVERY;
    for (const choice of EVERY) part(`refusal-${choice}`).hidden = !this.choices.includes(choice);
    part("refusal-give-said").textContent =
      code === "card_changed" ? gettext("Send my answer anyway") : gettext("Try again");
    part("refusal-drop-said").textContent = ["settled", "gone", "not_found"].includes(code)
      ? gettext("OK")
      : gettext("Discard");
    setText(part("refusal-said"), this.why(entry));
    const more = ngettext("%(count)s more waits for you", "%(count)s more wait for you", all.length - 1);
    part("refusal-more").textContent = all.length > 1 ? fill(more, { count: number(all.length - 1) }) : "";
  }

  /** @param {Refused} entry */
  why({ query, kind, body, found, refused }) {
    const which = this.place(query);
    const given = kind === "remark" ? gettext("a comment") : worded({ ...body, item: found }, this.reasons);
    const gone = gettext("%(which)s was deleted from the batch, so your answer (%(given)s) cannot be saved.");
    /** @type {Record<string, string>} */
    const texts = {
      card_changed: gettext(
        "The suggestions for %(which)s changed while you were looking. Your answer was: %(given)s.",
      ),
      settled: gettext("A reviewer has settled %(which)s; your answer (%(given)s) is no longer needed."),
      gone,
      not_found: gone,
      item_gone: gettext("The block you chose for %(which)s was deleted from the gallery."),
    };
    if (texts[refused.code]) return capital(fill(texts[refused.code], { which, given }));
    const other = fill(gettext("The answer to %(which)s was rejected: %(why)s"), { which, why: refused.message });
    return capital([other, refused.hint].filter(Boolean).join("; "));
  }

  /**
   * Carry this out on the one shown.
   * @param {Choice} choice
   */
  decide(choice) {
    const entry = this.shown;
    if (!entry || !this.choices.includes(choice)) return;
    if (choice === "give") {
      const version = entry.refused.card?.version ?? entry.body.version;
      this.outbox.again(entry, { ...entry.body, version });
      this.given(entry);
    } else {
      this.outbox.drop(entry);
      this.dropped(entry);
      if (choice === "look") this.look(entry.query);
    }
    leaveFocus();
    this.show();
  }
}
