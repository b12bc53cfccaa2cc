// The 214 radicals, to choose one by its strokes: arrows move, Enter takes it, Escape goes back.
import { around, part } from "../lib/dom.js";
import { hanText } from "../lib/han.js";
import { getJson, inWords } from "../lib/net.js";
import { characterPicture } from "../lib/pictures.js";
import { fill, gettext, ngettext, number } from "../lib/words.js";

/** @typedef {{ number: number, character: string, strokes: number, names: string, glyph: string }} Radical */

export class Radicals {
  /** @param {{ picked: (text: string) => void }} options what is called with what is to be typed for the radical */
  constructor({ picked }) {
    this.picked = picked;
    this.panel = part("find-radicals");
    this.opener = part("find-radical");
    this.grid = part("find-radical-grid");
    this.tabs = part("find-strokes");
    /** @type {Radical[]} */
    this.all = [];
    this.opener.addEventListener("click", () => (this.panel.hidden ? this.open() : this.close(true)));
    this.tabs.addEventListener("click", (event) => this.strokesOf(around(event, "button")));
    this.grid.addEventListener("click", (event) => this.take(around(event, "button")));
    this.tabs.addEventListener("keydown", (event) => this.move(event, this.tabs, (button) => this.strokesOf(button)));
    this.grid.addEventListener("keydown", (event) => this.move(event, this.grid, () => {}));
    this.panel.addEventListener("keydown", (event) => this.escape(event));
  }

  async open() {
    this.panel.hidden = false;
    this.opener.setAttribute("aria-expanded", "true");
    try {
      if (!this.all.length) this.all = (await getJson(this.panel.dataset.url ?? "")).radicals;
    } catch (error) {
      this.grid.textContent = inWords(error);
      return;
    }
    if (!this.tabs.children.length) this.showTabs();
    chosen(this.tabs)?.focus();
  }

  /** @param {boolean} [back] whether the focus goes back to the button that opened it */
  close(back = false) {
    this.panel.hidden = true;
    this.opener.setAttribute("aria-expanded", "false");
    if (back) this.opener.focus();
  }

  showTabs() {
    const counts = [...new Set(this.all.map(({ strokes }) => strokes))].sort((a, b) => a - b);
    const tabs = counts.map((strokes) => {
      const tab = button("tab", number(strokes));
      tab.id = `find-strokes-${strokes}`;
      tab.dataset.strokes = `${strokes}`;
      tab.setAttribute("aria-controls", "find-radical-grid");
      const words = ngettext("%(count)s stroke", "%(count)s strokes", strokes);
      tab.setAttribute("aria-label", fill(words, { count: number(strokes) }));
      return tab;
    });
    this.tabs.replaceChildren(...tabs);
    this.strokesOf(tabs[0]);
  }

  /**
   * Show the radicals of as many strokes as the tab says.
   * @param {HTMLElement | null} tab
   */
  strokesOf(tab) {
    if (!tab) return;
    for (const each of buttonsOf(this.tabs)) choose(each, each === tab);
    this.grid.setAttribute("aria-labelledby", tab.id);
    const shown = this.all.filter(({ strokes }) => strokes === Number(tab.dataset.strokes)).map(radical);
    shown.forEach((one, i) => {
      one.tabIndex = i ? -1 : 0;
    });
    this.grid.replaceChildren(...shown);
  }

  /** @param {HTMLElement | null} chosen */
  take(chosen) {
    if (!chosen) return;
    this.close();
    this.picked(`r${chosen.dataset.number}`);
  }

  /**
   * Arrows move among the buttons of a row, Home and End to its ends; down from the strokes to the radicals.
   * @param {KeyboardEvent} event
   * @param {HTMLElement} room
   * @param {(button: HTMLElement) => void} moved
   */
  move(event, room, moved) {
    const buttons = buttonsOf(room);
    const at = buttons.findIndex((one) => one === document.activeElement);
    const across = room === this.grid ? Math.max(1, columns(buttons)) : 0;
    if (room === this.tabs && event.key === "ArrowDown") return focus(event, buttonsOf(this.grid)[0]);
    if (room === this.grid && event.key === "ArrowUp" && at < across) return focus(event, chosen(this.tabs));
    /** @type {Record<string, number>} */
    const steps = {
      ArrowRight: 1,
      ArrowLeft: -1,
      Home: -at,
      End: buttons.length - 1 - at,
      ArrowDown: across,
      ArrowUp: -across,
    };
    const next = buttons[at + (steps[event.key] ?? NaN)];
    if (!steps[event.key] || !next) return;
    focus(event, next);
    for (const each of buttons) each.tabIndex = each === next ? 0 : -1;
    moved(next);
  }

  /** @param {KeyboardEvent} event */
  escape(event) {
    if (event.key !== "Escape") return;
    event.preventDefault(); // else the whole dialog would close
    event.stopPropagation();
    this.close(true);
  }
}

/** @param {Radical} radical */
function radical({ number: which, character, names, glyph }) {
  const element = button("", "");
  element.dataset.number = `${which}`;
  element.dataset.testid = "find-radical-choice";
  element.title = `${which} ${names}`;
  element.setAttribute(
    "aria-label",
    fill(gettext("Radical %(number)s, %(character)s %(names)s"), { number: which, character, names }),
  );
  const image = characterPicture(glyph, "");
  image.addEventListener("error", () => image.replaceWith(hanText(character))); // no font of the server's has it
  const name = document.createElement("span");
  name.className = "tiny soft";
  name.textContent = `${which}`;
  element.append(image, name);
  return element;
}

/**
 * @param {string} role
 * @param {string} text
 */
function button(role, text) {
  const made = document.createElement("button");
  made.type = "button";
  if (role) made.setAttribute("role", role);
  made.textContent = text;
  return made;
}

/** @param {HTMLElement} room */
function buttonsOf(room) {
  return /** @type {HTMLElement[]} */ ([...room.children]);
}

/** @param {HTMLElement} tabs */
function chosen(tabs) {
  return buttonsOf(tabs).find((tab) => tab.getAttribute("aria-selected") === "true");
}

/**
 * @param {HTMLElement} tab
 * @param {boolean} is
 */
function choose(tab, is) {
  tab.setAttribute("aria-selected", `${is}`);
  tab.tabIndex = is ? 0 : -1;
}

/**
 * @param {Event} event
 * @param {HTMLElement | undefined} element
 */
function focus(event, element) {
  event.preventDefault();
  event.stopPropagation();
  element?.focus();
}

/**
 * How many of the buttons stand in the first line.
 * @param {HTMLElement[]} buttons
 */
function columns(buttons) {
  return buttons.filter((one) => one.offsetTop === buttons[0].offsetTop).length;
}
