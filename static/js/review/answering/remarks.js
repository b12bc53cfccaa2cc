// A flag and a comment on a card: they go with its answer, or alone where there is none.

import { composing } from "../../keys/presses.js";
import { hearKeys } from "../../lib/dialogs.js";
import { gettext } from "../../lib/words.js";

const part = (id) => document.getElementById(id);

export class Remarks {
  /**
   * card(): the card shown, or null. answered(): whether it has an answer of this person's. send(card,
   * { text, flag }): sends it alone. changed(): the flag or the comment is another. told(words): says why
   * nothing was done.
   */
  constructor({ card, answered, send, changed, told }) {
    Object.assign(this, { card, answered, send, changed, told });
    this.coming = null; // { card, text, flag } of the card shown, to go with its answer
    this.sent = new Set(); // cards whose flag was sent
    this.dialog = part("remark");
    this.field = part("remark-text");
    part("remark-form").addEventListener("submit", (event) => this.submitted(event));
    part("remark-close").addEventListener("click", () => this.dialog.close());
    hearKeys(this.dialog, (event) => {
      const sends = event.key === "Enter" && (event.ctrlKey || event.metaKey);
      if (sends && !composing(event)) part("remark-form").requestSubmit();
    });
    this.dialog.addEventListener("close", () => document.activeElement?.blur());
    window.addEventListener("pagehide", () => this.flush());
  }

  /** Whether the card shown is flagged, or will be with its answer. */
  flagged() {
    const card = this.card();
    if (!card) return false;
    return this.coming?.card.id === card.id ? this.coming.flag : this.known(card);
  }

  /** Whether the server has been told of a flag; only a reviewer takes that down. */
  known(card) {
    return this.sent.has(card.id) || Boolean(card.flagged || card.decision?.flag);
  }

  /** The comment that waits for the answer to the card shown. */
  text() {
    return this.coming?.text ?? "";
  }

  toggle() {
    const card = this.card();
    if (!card) return;
    if (this.known(card)) this.told(gettext("It is flagged already: a reviewer will look at it."));
    else this.put({ text: this.text(), flag: !this.flagged() });
  }

  open() {
    const card = this.card();
    if (!card) return;
    const rows = (card.comments ?? []).map(({ who, text, created }) => said(who, text, created));
    part("remark-said").replaceChildren(...rows);
    this.field.value = this.text();
    part("remark-flag").checked = this.flagged();
    part("remark-flag").disabled = this.known(card);
    part("remark-when").textContent = this.answered()
      ? gettext("It is sent at once.")
      : gettext("It goes with your answer, or alone when you leave the picture without one.");
    this.dialog.showModal();
    this.field.focus();
  }

  submitted(event) {
    event.preventDefault();
    const flag = part("remark-flag").checked;
    const text = this.field.value.trim() ? this.field.value : "";
    this.dialog.close();
    if (text !== this.text() || flag !== this.flagged()) this.put({ text, flag });
  }

  put({ text, flag }) {
    const card = this.card();
    if (!card) return;
    this.coming = { card, text, flag };
    if (this.answered()) this.flush();
    this.changed();
  }

  /** What goes with the answer that is given now. */
  take() {
    const flag = this.flagged();
    const comment = this.text();
    if (flag) this.sent.add(this.card().id);
    this.coming = null;
    return { flag, comment };
  }

  /** Send what is still here alone: its card is left. */
  flush() {
    const { card, text, flag } = this.coming ?? {};
    this.coming = null;
    if (!card || !(text || (flag && !this.known(card)))) return;
    if (flag) this.sent.add(card.id);
    this.send(card, { text, flag });
  }
}

function said(who, text, created) {
  const row = document.createElement("li");
  const name = Object.assign(document.createElement("strong"), { textContent: who });
  const when = Object.assign(document.createElement("time"), { dateTime: created, className: "tiny soft" });
  when.textContent = new Date(created).toLocaleString(document.documentElement.lang);
  row.append(name, " ", when, Object.assign(document.createElement("p"), { textContent: text }));
  return row;
}
