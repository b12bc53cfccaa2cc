// What a reviewer does with the card: each ruling is the form's, sent once.
import { Finder } from "../finder/finder.js";
import { part } from "../lib/dom.js";
import { keep, recall } from "../lib/store.js";
import { toast } from "../lib/toast.js";
import { gettext } from "../lib/words.js";
import { Viewer } from "../viewer/dialog.js";
import { MovedBlocks } from "./moved.js";

/** @import { KeysDialog } from "../keys/dialog.js" */
/** @import { Reason, ShownCard } from "../types.d.ts" */

const BOUNCE = 250; // milliseconds after a ruling in which a key is that ruling's echo, not the next card's
const STORE = "mocban-ruled";

export class Rulings {
  /**
   * @param {ShownCard & { label: number | null }} card as the overlay and the finder take it
   * @param {Reason[]} reasons
   */
  constructor(card, reasons) {
    this.card = card;
    this.reasons = reasons;
    this.viewer = new Viewer();
    this.finder = new Finder({ picked: (item) => this.settle(`${item.id}`) });
    /** @type {KeysDialog | null} */
    this.keysDialog = null;
    this.form = part("second-form", HTMLFormElement);
    this.moved = new MovedBlocks(this.form, card);
    this.comment = part("second-comment", HTMLTextAreaElement);
    this.sent = false;
    this.form.addEventListener("submit", (event) => this.leave(event));
    window.addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
  }

  /**
   * A form goes out once; a key that bounces from the card before rules on nothing.
   * @param {Event} event
   */
  leave(event) {
    if (this.sent || this.echo() > 0) {
      event.preventDefault();
      return;
    }
    this.sent = true;
    keep(sessionStorage, STORE, Date.now()); // without a store the server still refuses a ruling on what changed
  }

  /** Milliseconds for which a key may still be the last ruling's. */
  echo() {
    return Math.min(BOUNCE, Number(recall(sessionStorage, STORE) ?? 0) + BOUNCE - Date.now());
  }

  approve() {
    const button = document.getElementById("approve");
    const settled = part("second-card").dataset.settled;
    const none = gettext("There is no label to approve: settle it or send it back.");
    if (button) button.click();
    else toast(settled ? gettext("It is already settled.") : none, { key: "approve" });
  }

  /** @param {number} rank of a candidate */
  choose(rank) {
    press(`.candidate[data-rank="${rank}"] .candidate-choose`);
  }

  /** @param {string} choice an item's id, or why there is none */
  settle(choice) {
    if (this.sent) return;
    const chosen = Object.assign(document.createElement("input"), { type: "hidden", name: "choice", value: choice });
    this.form.append(chosen);
    this.form.requestSubmit();
    if (!this.sent) chosen.remove();
  }

  /**
   * Nothing is sent back without a word of what to look at.
   * @param {Event} [event] the pressing of the form's own button
   */
  sendBack(event) {
    if (event && this.comment.value.trim()) return;
    event?.preventDefault();
    this.write("back", gettext("Write what the annotators should look at, then press Ctrl + Enter."));
  }

  /**
   * Put the focus into the comment.
   * @param {"back" | "comment"} purpose
   * @param {string} [hint]
   */
  write(purpose, hint = "") {
    this.comment.dataset.for = purpose;
    part("second-hint").textContent = hint;
    this.comment.focus();
  }

  /** Turn the relation that the match gets. */
  relate() {
    const field = part("relation", HTMLSelectElement);
    field.selectedIndex = (field.selectedIndex + 1) % field.options.length;
    part("second-said").textContent = field.selectedOptions[0].textContent;
  }

  /** Take the flag down. */
  lower() {
    const button = document.getElementById("lower");
    if (button) button.click();
    else toast(gettext("There is no flag."), { key: "flag" });
  }
}

/** @param {string} selector */
function press(selector) {
  const button = document.querySelector(selector);
  if (button instanceof HTMLElement) button.click();
}
