// The text as it is read so far, in columns as on the page: from right to left, from top to bottom.
import { around, part } from "../../lib/dom.js";
import { CHARACTER_LANGUAGE } from "../../lib/han.js";
import { gettext } from "../../lib/words.js";
import { columnsOf } from "../boxes/reading.js";

/** @import { Column } from "../boxes/reading.js" */
/** @import { PageView } from "../page_view.js" */
/** @import { PageBox } from "../../types.d.ts" */

const REST = 80; // milliseconds after a key: laying out the text must not keep the boxes from being painted

export class PageText {
  /**
   * @param {PageView} view
   * @param {{ open: () => void }} acts
   */
  constructor(view, { open }) {
    this.view = view;
    this.room = part("page-text");
    /** @type {Map<number, { made: string, element: HTMLElement }>} */
    this.columns = new Map();
    /** @type {Element[]} */
    this.marked = [];
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.due = { columns: false, place: false };
    view.followers.push(() => this.soon({ columns: true }));
    view.choosers.push(() => {
      this.mark();
      this.soon({ place: true });
    });
    this.room.addEventListener("pointerover", (event) => view.hover(boxOf(event)));
    this.room.addEventListener("pointerleave", () => view.hover(null));
    this.room.addEventListener("click", (event) => this.click(event, open));
    this.show();
  }

  /**
   * A character brings its box into sight; the one that is in sight already opens its card.
   * @param {MouseEvent} event
   * @param {() => void} open
   */
  click(event, open) {
    const id = boxOf(event);
    if (id === null) return;
    if (this.view.one?.id === id) open();
    else this.view.choose([id], true);
  }

  /**
   * Write the text, or bring what is chosen into sight, once the fingers rest.
   * @param {{ columns?: boolean, place?: boolean }} what
   */
  soon({ columns = false, place = false }) {
    this.due = { columns: this.due.columns || columns, place: this.due.place || place };
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const { due } = this;
      this.due = { columns: false, place: false };
      if (due.columns) this.show();
      if (due.place && this.marked.length === 1) this.reveal(/** @type {HTMLElement} */ (this.marked[0]));
    }, REST);
  }

  /** Write the columns that have changed. */
  show() {
    const columns = columnsOf(this.view.ordered);
    const elements = columns.map((column) => this.column(column));
    const now = [...this.room.children];
    if (elements.length !== now.length || elements.some((one, i) => one !== now[i])) {
      this.room.replaceChildren(...elements);
    }
    this.mark();
  }

  /** @param {Column} column */
  column({ column, boxes }) {
    const made = boxes.map((box) => `${box.id}${box.state}${wordOf(box)}${box.kind}${box.moved}`).join();
    const before = this.columns.get(column);
    if (before?.made === made) return before.element;
    const element = document.createElement("p");
    element.className = "page-column";
    element.lang = CHARACTER_LANGUAGE;
    element.replaceChildren(...boxes.map(characterOf));
    this.columns.set(column, { made, element });
    return element;
  }

  mark() {
    for (const element of this.marked) element.classList.remove("chosen");
    this.marked = [...this.view.chosen].flatMap((id) => this.of(id) ?? []);
    for (const element of this.marked) element.classList.add("chosen");
  }

  /** @param {number} id */
  of(id) {
    return document.getElementById(`character-${id}`);
  }

  /** @param {HTMLElement} element */
  reveal(element) {
    const room = this.room.getBoundingClientRect();
    const { left, right, top, bottom } = element.getBoundingClientRect();
    if (left < room.left || right > room.right || top < room.top || bottom > room.bottom) {
      element.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }

  /** @param {number | null} id */
  hover(id) {
    for (const element of this.room.querySelectorAll(".hovered")) element.classList.remove("hovered");
    if (id !== null) this.of(id)?.classList.add("hovered");
  }
}

/** @param {Event} event */
function boxOf(event) {
  const element = around(event, "[data-box]");
  return element ? Number(element.dataset.box) : null;
}

/** @param {PageBox} box */
function characterOf(box) {
  const element = document.createElement("span");
  element.id = `character-${box.id}`;
  element.dataset.box = `${box.id}`;
  element.className = `page-character ${box.state} kind-${box.kind}`;
  if (box.moved) element.classList.add("moved");
  if (!box.character && box.proposal) element.classList.add("proposed");
  element.textContent = wordOf(box);
  return element;
}

/**
 * What is known of a box, the surest first.
 * @param {PageBox} box
 */
export function wordOf({ state, character, proposal, suggested }) {
  if (state === "not_character") return "·";
  return character || proposal || suggested || "○";
}

/**
 * How a box stands, in words.
 * @param {PageBox} box
 * @param {boolean} [face] whether it is on a woodblock's face, where a box becomes an item of the gallery
 */
export function stateInWords({ state }, face = false) {
  const onFace = {
    waiting: gettext("being cut out"),
    suggested: gettext("no character yet"),
    answered: gettext("character given"),
  };
  return {
    waiting: gettext("waiting for suggestions"),
    rejected: gettext("could not be cut out"),
    suggested: gettext("has suggestions"),
    answered: gettext("answered"),
    disputed: gettext("disputed"),
    settled: gettext("settled"),
    not_character: gettext("not a character"),
    ...(face ? onFace : {}),
  }[state];
}
