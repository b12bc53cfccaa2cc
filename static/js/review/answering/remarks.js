// A flag and a comment on a card: they go with its answer, or alone where there is none.
import { composing } from "../../keys/presses.js";
import { hearKeys } from "../../lib/dialogs.js";
import { leaveFocus, onClick, part } from "../../lib/dom.js";
import { gettext } from "../../lib/words.js";

/** @import { Card, Comment } from "../../types.d.ts" */

export class Remarks {
  /**
   * @param {object} options
   * @param {() => Card | null} options.card the card shown
   * @param {() => boolean} options.answered whether it has an answer of this person's
   * @param {(card: Card, remark: { text: string, flag: boolean }) => void} options.send sends it alone
   * @param {() => void} options.changed called when the flag or the comment is another
   * @param {(words: string) => void} options.refused called with why nothing was done
   */
  constructor({ card, answered, send, changed, refused }) {
    this.card = card;
    this.answered = answered;
    this.send = send;
    this.changed = changed;
    this.refused = refused;
    /** @type {{ card: Card, text: string, flag: boolean } | null} */
    this.coming = null; // of the card shown, to go with its answer
    /** @type {Set<number>} */
    this.sent = new Set(); // cards whose flag was sent
    this.dialog = part("remark", HTMLDialogElement);
    this.field = part("remark-text", HTMLTextAreaElement);
    this.tick = part("remark-flag", HTMLInputElement);
    this.form = part("remark-form", HTMLFormElement);
    this.listen();
  }

  listen() {
    this.form.addEventListener("submit", (event) => this.submitted(event));
    onClick("remark-close", () => this.dialog.close());
    hearKeys(this.dialog, (event) => {
      const sends = event.key === "Enter" && (event.ctrlKey || event.metaKey);
      if (sends && !composing(event)) this.form.requestSubmit();
    });
    this.dialog.addEventListener("close", leaveFocus);
    window.addEventListener("pagehide", () => this.flush());
  }

  /** Whether the card shown is flagged, or will be with its answer. */
  flagged() {
    const card = this.card();
    if (!card) return false;
    return this.coming?.card.id === card.id ? this.coming.flag : this.isKnown(card);
  }

  /**
   * Whether the server has the flag already; only a reviewer takes that down.
   * @param {Card} card
   */
  isKnown(card) {
    return this.sent.has(card.id) || Boolean(card.flagged || card.decision?.flag);
  }

  /** The comment that waits for the answer to the card shown. */
  text() {
    return this.coming?.text ?? "";
  }

  toggle() {
    const card = this.card();
    if (!card) return;
    if (this.isKnown(card)) this.refused(gettext("It is already flagged: a reviewer will look at it."));
    else this.put({ text: this.text(), flag: !this.flagged() });
  }

  open() {
    const card = this.card();
    if (!card) return;
    part("remark-said").replaceChildren(...(card.comments ?? []).map(commentRow));
    this.field.value = this.text();
    this.tick.checked = this.flagged();
    this.tick.disabled = this.isKnown(card);
    part("remark-when").textContent = this.answered()
      ? gettext("It is sent immediately.")
      : gettext("It is sent with your answer, or by itself if you leave the picture unanswered.");
    this.dialog.showModal();
    this.field.focus();
  }

  /** @param {Event} event */
  submitted(event) {
    event.preventDefault();
    const flag = this.tick.checked;
    const text = this.field.value.trim() ? this.field.value : "";
    this.dialog.close();
    if (text !== this.text() || flag !== this.flagged()) this.put({ text, flag });
  }

  /** @param {{ text: string, flag: boolean }} remark */
  put({ text, flag }) {
    const card = this.card();
    if (!card) return;
    this.coming = { card, text, flag };
    if (this.answered()) this.flush();
    this.changed();
  }

  /** What goes with the answer that is given now. */
  take() {
    const card = this.card();
    const flag = this.flagged();
    const comment = this.text();
    if (card && flag) this.sent.add(card.id);
    this.coming = null;
    return { flag, comment };
  }

  /** Send what is still here alone: its card is left. */
  flush() {
    if (!this.coming) return;
    const { card, text, flag } = this.coming;
    this.coming = null;
    if (!(text || (flag && !this.isKnown(card)))) return;
    if (flag) this.sent.add(card.id);
    this.send(card, { text, flag });
  }
}

/** @param {Comment} comment */
function commentRow({ who, text, created }) {
  const row = document.createElement("li");
  const name = Object.assign(document.createElement("strong"), { textContent: who });
  const when = Object.assign(document.createElement("time"), { dateTime: created, className: "tiny soft" });
  when.textContent = new Date(created).toLocaleString(document.documentElement.lang);
  row.append(name, " ", when, Object.assign(document.createElement("p"), { textContent: text }));
  return row;
}
