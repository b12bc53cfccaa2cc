// Boxes that were deleted, the last ones first: each comes back by one press.
import { around, part } from "../lib/dom.js";
import { CHARACTER_LANGUAGE } from "../lib/han.js";
import { getJson, inWords, NetError } from "../lib/net.js";
import { toast } from "../lib/toast.js";
import { fill, gettext, number } from "../lib/words.js";
import { wordOf } from "./beside/text.js";

/** @import { Mending } from "./mending.js" */
/** @import { PageBox } from "../types.d.ts" */

export class Deleted {
  /**
   * @param {Mending} mending
   * @param {string} doors the address of the page, with its last slash
   */
  constructor(mending, doors) {
    this.mending = mending;
    this.doors = doors;
    this.dialog = part("deleted", HTMLDialogElement);
    this.list = part("deleted-list");
    this.list.addEventListener("click", (event) => this.clicked(event));
  }

  async open() {
    if (!this.mending.may()) return;
    try {
      const { boxes } = await getJson(`${this.doors}deleted/`);
      this.list.replaceChildren(...boxes.map(rowOf));
      if (boxes.length) this.dialog.showModal();
      else this.mending.say(gettext("No box of this page has been deleted."));
    } catch (error) {
      if (!(error instanceof NetError)) throw error;
      toast(inWords(error), { bad: true });
    }
  }

  /** @param {Event} event */
  clicked(event) {
    const row = around(event, "li");
    if (!row || !around(event, "button")) return;
    this.mending.edit([{ op: "restore", boxes: [Number(row.dataset.box)] }]);
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    if (next) /** @type {HTMLElement} */ (next.querySelector("button"))?.focus();
    else this.dialog.close();
  }
}

/** @param {PageBox} box */
function rowOf(box) {
  const row = document.createElement("li");
  row.className = "row spread";
  row.dataset.box = `${box.id}`;
  const word = Object.assign(document.createElement("span"), { textContent: wordOf(box), lang: CHARACTER_LANGUAGE });
  const where = document.createElement("span");
  where.className = "small soft number";
  where.textContent = fill(gettext("column %(column)s, %(x)s × %(y)s"), {
    column: number(box.column),
    x: number(Math.round(box.x)),
    y: number(Math.round(box.y)),
  });
  const button = Object.assign(document.createElement("button"), {
    type: "button",
    className: "button small",
    textContent: gettext("Bring back"),
  });
  row.append(word, where, button);
  return row;
}
