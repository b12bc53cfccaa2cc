// One box of a page in a dialog, mended where its card is: the page around it, and the keys that shape it.

import { heldNamesOf, takenByInputMethod } from "../keys/presses.js";
import { hearKeys } from "../lib/dialogs.js";
import { part, setText } from "../lib/dom.js";
import { getJson } from "../lib/net.js";
import { gettext } from "../lib/words.js";
import { shaping } from "./keys.js";
import { Mending } from "./mending.js";
import { PageView } from "./page_view.js";
import { askWhose } from "./saving/ask.js";
import { PageModel } from "./saving/page_model.js";
import { Poll } from "./saving/poll.js";
import { Sender } from "./saving/sender.js";
import { Pointer } from "./tools/pointer.js";

/** @import { Action, PagePlace } from "../types.d.ts" */

const HIGH = 200; // css pixels of the box when it opens

export class BoxDialog {
  /** @param {(query: number) => void} mended called when a box was mended and saved */
  constructor(mended) {
    this.mended = mended;
    this.dialog = part("mend-box", HTMLDialogElement);
    /** @type {{ view: PageView, mending: Mending, poll: Poll } | null} */
    this.at = null;
    /** @type {Action[]} */
    this.actions = [];
    hearKeys(this.dialog, (event) => this.pressed(event));
    this.dialog.addEventListener("close", () => this.leave());
  }

  /**
   * @param {PagePlace} place
   * @param {number} query whose box it is
   */
  async open(place, query) {
    const page = await getJson(`${place.doors}boxes/`);
    this.dialog.showModal();
    const [room, canvas] = [document.createElement("div"), document.createElement("canvas")];
    room.className = "stage";
    canvas.className = "stage-boxes";
    part("mend-box-stage").replaceChildren(room, canvas);
    const model = new PageModel(page);
    const view = new PageView(model, page, { room, canvas });
    const poll = new Poll(model, place.doors, { said: () => {}, read: () => {} });
    const sender = new Sender({
      model,
      doors: place.doors,
      store: window.localStorage,
      said: (state) => setText(part("mend-box-said"), state === "saved" ? "" : gettext("Saving …")),
      refused: (error) => askWhose(error, poll),
      sent: () => this.saved(poll, query),
    });
    const mending = new Mending(view, sender, (words) => setText(part("mend-box-said"), words));
    new Pointer(room, mending, { open: () => {} });
    this.at = { view, mending, poll };
    this.actions = [...shaping({ mending }), ...this.more(mending)];
    view.choose([place.box]);
    view.stage.opened = () => view.one && view.stage.lookAt(view.one, HIGH, true);
  }

  /**
   * @param {Poll} poll
   * @param {number} query
   */
  saved(poll, query) {
    poll.soon();
    this.mended(query);
  }

  /**
   * @param {Mending} mending
   * @returns {Action[]}
   */
  more(mending) {
    const close = { id: "close", keys: ["enter", "b"], label: "", act: () => this.dialog.close() };
    const move = ["up", "down", "left", "right"].map((way) => ({
      id: `plain-${way}`,
      keys: [`arrow${way}`],
      label: "",
      act: () => this.actions.find(({ id }) => id === `move-${way}`)?.act(),
      repeats: true,
    }));
    return [
      close,
      ...move,
      { id: "box-snap", keys: ["i"], label: "", act: () => mending.snap() },
      { id: "undo", keys: ["u", "ctrl+z"], label: "", act: () => mending.goBack("undo"), repeats: true },
      { id: "redo", keys: ["y", "ctrl+y", "ctrl+shift+z"], label: "", act: () => mending.goBack("redo") },
    ];
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (takenByInputMethod(event) || event.key === "Escape" || event.key === "Tab") return;
    const names = heldNamesOf(event);
    const action = names.map((name) => this.actions.find(({ keys }) => keys.includes(name))).find(Boolean);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat || action.repeats) action.act();
  }

  leave() {
    this.at?.mending.nudge.flush();
    this.at?.poll.stop();
    this.at?.view.stage.viewer.destroy();
    this.at = null;
  }
}
