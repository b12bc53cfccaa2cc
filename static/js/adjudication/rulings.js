// What a reviewer does with the card: each ruling is the form's, sent once.
import { toast } from "../lib/toast.js";
import { gettext } from "../lib/words.js";

const BOUNCE = 250; // milliseconds after a ruling in which a key is that ruling's echo, not the next card's
const STORE = "mocban-ruled";
const part = (id) => document.getElementById(id);

export class Desk {
  /** card: as the overlay and the finder take it. */
  constructor(card) {
    this.card = card;
    this.form = part("second-form");
    this.sent = false;
    this.form.addEventListener("submit", (event) => this.leave(event));
    window.addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
  }

  /** A form goes out once; a key that bounces from the card before rules on nothing. */
  leave(event) {
    if (this.sent || this.echo() > 0) {
      event.preventDefault();
      return;
    }
    this.sent = true;
    remember(Date.now());
  }

  /** Milliseconds for which a key may still be the last ruling's. */
  echo() {
    return Math.min(BOUNCE, recalled() + BOUNCE - Date.now());
  }

  approve() {
    const button = part("approve");
    if (button) button.click();
    else
      toast(
        part("second-card").dataset.settled
          ? gettext("It is settled already.")
          : gettext("There is no label to approve: settle it, or send it back."),
        { key: "approve" },
      );
  }

  choose(rank) {
    document.querySelector(`.candidate[data-rank="${rank}"] .candidate-choose`)?.click();
  }

  /** choice: an item's id, or why there is none. */
  settle(choice) {
    if (this.sent) return;
    const chosen = Object.assign(document.createElement("input"), { type: "hidden", name: "choice", value: choice });
    this.form.append(chosen);
    this.form.requestSubmit();
    if (!this.sent) chosen.remove();
  }

  /** Nothing is sent back without a word of what to look at. */
  sendBack(event = null) {
    const field = part("second-comment");
    if (event && field.value.trim()) return;
    event?.preventDefault();
    this.write("back", gettext("Write what the annotators should look at, then press Ctrl + Enter."));
  }

  comment() {
    this.write("comment", "");
  }

  write(what, hint) {
    const field = part("second-comment");
    field.dataset.for = what;
    part("second-hint").textContent = hint;
    field.focus();
  }

  relate() {
    const field = part("relation");
    field.selectedIndex = (field.selectedIndex + 1) % field.options.length;
    part("second-said").textContent = field.selectedOptions[0].textContent;
  }

  lower() {
    const button = part("lower");
    if (button) button.click();
    else toast(gettext("No flag is up."), { key: "flag" });
  }

  /** The candidate in focus, else the first. */
  focused() {
    return Number(document.activeElement?.closest(".candidate")?.dataset.rank ?? 1);
  }
}

function remember(moment) {
  try {
    sessionStorage.setItem(STORE, moment);
  } catch {
    // Without a store the server still refuses a ruling on what changed.
  }
}

function recalled() {
  try {
    return Number(sessionStorage.getItem(STORE) ?? 0);
  } catch {
    return 0;
  }
}
