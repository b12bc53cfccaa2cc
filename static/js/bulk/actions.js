// What was answered together: a list whose entries can be taken back as a whole.
import { around, copyOf, part, setText, within } from "../lib/dom.js";
import { inWords, postJson } from "../lib/net.js";
import { toast } from "../lib/toast.js";
import { fill, gettext, ngettext, number } from "../lib/words.js";
import { partByPart } from "./parts.js";

/**
 * A bulk action as the server writes it. written: answers that stand by it; left: pictures that were left as they
 * are; withdrawn and stay: answers taken back, and those that were changed since.
 * @typedef {{ key: string, at: string, written: number, left: number, withdrawn: number, stay: number,
 *   finished: boolean, undone: boolean }} BulkAction
 */

/** Said while the network is away; one such note at a time. */
export function tellAway() {
  toast(gettext("No network: continues by itself"), { bad: true, key: "bulk-away" });
}

export class BulkActions {
  /** @param {HTMLElement} section */
  constructor(section) {
    this.section = section;
    this.list = within(section, "ul");
    /** @type {(action: BulkAction) => void} */
    this.undone = () => {}; // called with each action that was taken back
  }

  start() {
    this.list.addEventListener("click", (event) => {
      const row = around(event, ".bulk-action-undo") && around(event, ".bulk-action");
      if (row) this.undo(row);
    });
  }

  rows() {
    return /** @type {HTMLElement[]} */ ([...this.list.children]);
  }

  /**
   * Put an action at the head of the list, or anew what is there of it.
   * @param {BulkAction} action
   * @param {string} words
   * @param {string} undo the address that takes it back
   */
  note(action, words, undo) {
    const there = this.rows().find((row) => row.dataset.key === action.key);
    const row = there ?? copyOf("bulk-action-template");
    Object.assign(row.dataset, { key: action.key, undo });
    setText(within(row, ".bulk-action-said"), words);
    within(row, ".bulk-action-at").textContent = action.at;
    const many = ngettext("Undo this answer", "Undo these %(count)s answers", action.written);
    within(row, ".bulk-action-undo-said").textContent = fill(many, { count: number(action.written) });
    row.hidden = !action.written;
    if (!there) this.list.prepend(row);
    if (action.written) this.section.hidden = false;
  }

  /** The newest of one's own that stands: a key takes nobody else's back. */
  newest() {
    return this.rows().find(({ dataset, hidden }) => dataset.state === "done" && dataset.own === "true" && !hidden);
  }

  /** @param {HTMLElement} row */
  async undo(row) {
    const button = within(row, ".bulk-action-undo", HTMLButtonElement);
    if (button.disabled) return;
    button.disabled = true;
    const words = within(row, ".bulk-action-said");
    try {
      /** @type {BulkAction} */
      const action = await partByPart({
        ask: () => postJson(row.dataset.undo ?? "", {}),
        over: (answer) => answer.undone,
        done: (answer) => {
          words.textContent = takenBack(answer);
        },
        waiting: tellAway,
      });
      row.dataset.state = "undone";
      button.hidden = true;
      say(takenBack(action));
      this.undone(action);
    } catch (error) {
      button.disabled = false;
      toast(inWords(error), { bad: true });
    }
  }
}

/**
 * What was taken back, in words.
 * @param {Pick<BulkAction, "withdrawn" | "stay">} action
 */
function takenBack({ withdrawn, stay }) {
  const back = fill(ngettext("%(count)s answer undone", "%(count)s answers undone", withdrawn), {
    count: number(withdrawn),
  });
  if (!stay) return back;
  const kept = ngettext("%(count)s stays because it changed since", "%(count)s stay because they changed since", stay);
  return `${back}; ${fill(kept, { count: number(stay) })}`;
}

/**
 * Pictures that were left as they are, in words.
 * @param {number} count
 */
export function leftAlone(count) {
  const text = ngettext(
    "%(count)s picture was skipped: it changed, was answered, or is open on somebody's screen",
    "%(count)s pictures were skipped: they changed, were answered, or are open on somebody's screen",
    count,
  );
  return fill(text, { count: number(count) });
}

/**
 * Say something aloud to who does not see the page.
 * @param {string} text
 */
export function say(text) {
  part("sure-said").textContent = text;
}
