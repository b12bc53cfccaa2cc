// The buttons of tools and views: which of them is pressed, and what a tool wants.
import { all, part, setText } from "../../lib/dom.js";
import { gettext } from "../../lib/words.js";

/** @import { Workplace } from "../workplace.js" */

export class Tools {
  /** @param {Workplace} work */
  constructor(work) {
    this.work = work;
    work.mending.toolChanged = () => this.show(true);
    this.show();
  }

  /** @param {boolean} [changed] whether another tool is in hand */
  show(changed = false) {
    const { view, mending } = this.work;
    const pressed = {
      "box-draw": mending.tool === "draw",
      "box-scissors": mending.tool === "scissors",
      "order-draw": mending.tool === "order",
      lasso: mending.tool === "lasso",
      mask: view.masked,
      "doubt-next": view.lit,
      ways: view.ways,
    };
    for (const button of all("button[data-action][aria-pressed]")) {
      const on = pressed[/** @type {keyof typeof pressed} */ (button.dataset.action)];
      if (on !== undefined) button.setAttribute("aria-pressed", `${on}`);
    }
    part("stage").dataset.tool = mending.tool ?? "";
    if (changed && mending.tool) setText(part("page-said"), hints()[mending.tool]);
    else if (changed) setText(part("page-said"), "");
  }
}

/** @returns {Record<"draw" | "scissors" | "order" | "lasso", string>} */
function hints() {
  return {
    draw: gettext("Draw a box around the character. Press the key again to put one below the box chosen."),
    scissors: gettext("Draw a straight line: every box that it crosses is cut in two there."),
    order: gettext("Draw a line through boxes in the order in which they are read."),
    lasso: gettext("Draw around the boxes to choose."),
  };
}
