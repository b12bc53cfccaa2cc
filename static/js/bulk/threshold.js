// The slider over the confidence of the first suggestion: what lies above it, and accepting all of that.
import { pageData, part } from "../lib/dom.js";
import { getJson, inWords, postJson } from "../lib/net.js";
import { toast } from "../lib/toast.js";
import { uuid } from "../lib/uuid.js";
import { fill, gettext, ngettext, number, percent } from "../lib/words.js";
import { leftAlone, say, tellAway } from "./actions.js";
import { drawHistogram, moveMark } from "./histogram.js";
import { partByPart } from "./parts.js";

/** @import { BulkAction, BulkActions } from "./actions.js" */
/** @import { Bin } from "./histogram.js" */

/** @typedef {[right: number, count: number, low: number, high: number]} Tally a share, and its interval of 95 % */
/** @typedef {[open: number, expected: number | null, measured: Tally, blind: Tally | null]} Level at or above a step */
/** @typedef {{ bins: Bin[], levels: Level[], steps: number, newest: number }} Levels newest: the newest suggestion */

const WISH = 0.97; // the slider begins where so many are expected to be right

export class Threshold {
  /**
   * @param {HTMLElement} page
   * @param {BulkActions} actions
   */
  constructor(page, actions) {
    this.page = page;
    this.actions = actions;
    this.slider = part("threshold", HTMLInputElement);
    this.button = part("sure-accept", HTMLButtonElement);
    this.bar = part("sure-progress", HTMLProgressElement);
    /** @type {Levels} */
    this.levels = pageData("sure-data");
    this.mark = this.draw();
    this.going = false;
    actions.undone = () => this.refresh();
  }

  start() {
    this.slider.value = `${firstStep(this.levels.levels)}`;
    this.slider.addEventListener("input", () => this.show());
    this.button.addEventListener("click", () => this.accept());
    this.show();
  }

  draw() {
    return drawHistogram(part("sure-sheet"), this.levels.bins);
  }

  /** What lies at or above the slider. */
  get level() {
    return this.levels.levels[Number(this.slider.value)];
  }

  /** The slider's place in [0, 1]. */
  get threshold() {
    return Number(this.slider.value) / this.levels.steps;
  }

  show() {
    const [open, expected, measured, blind] = this.level;
    const least = number(this.threshold, 3);
    moveMark(this.mark, this.threshold);
    this.slider.setAttribute("aria-valuetext", least);
    put("sure-least", least);
    put("sure-open", number(open));
    put("sure-expected", expected === null ? "–" : percent(expected));
    put("sure-measured", share(measured));
    put("sure-measured-said", sample(gettext("correct (measured)"), measured));
    if (blind) {
      put("sure-blind", share(blind));
      put("sure-blind-said", sample(gettext("correct (measured on blind cards)"), blind));
    }
    this.warn(expected, measured);
    if (this.going) return;
    this.button.disabled = !open;
    const text = ngettext("Accept this one", "Accept these %(count)s", open);
    this.button.textContent = open ? fill(text, { count: number(open) }) : gettext("Nothing to accept");
  }

  /**
   * @param {number | null} expected
   * @param {Tally} measured
   */
  warn(expected, [, count, , high]) {
    const note = part("sure-warning");
    const less = expected !== null && count >= 20 && high < expected;
    note.hidden = !less;
    if (!less) return;
    note.textContent = gettext(
      "Earlier answers in this range were correct less often than the confidence suggests. Check some of them first.",
    );
  }

  async accept() {
    const { threshold } = this;
    const [open] = this.level;
    if (this.going || !open) return;
    const body = { key: uuid(), threshold, newest: this.levels.newest };
    this.begin(open);
    try {
      /** @type {BulkAction} */
      const action = await partByPart({
        ask: () => postJson(this.page.dataset.accept ?? "", body),
        over: (answer) => answer.finished,
        done: (answer) => {
          this.bar.value = answer.written + answer.left;
        },
        waiting: tellAway,
      });
      this.accepted(action, threshold);
    } catch (error) {
      toast(inWords(error), { bad: true });
    }
    this.end();
  }

  /** @param {number} open */
  begin(open) {
    this.going = true;
    this.slider.disabled = this.button.disabled = true;
    this.button.textContent = gettext("Accepting …");
    this.bar.hidden = false;
    this.bar.max = open;
    this.bar.value = 0;
  }

  async end() {
    this.going = false;
    this.bar.hidden = true;
    this.slider.disabled = false;
    await this.refresh();
  }

  /**
   * @param {BulkAction} action
   * @param {number} threshold
   */
  accepted(action, threshold) {
    const many = ngettext(
      "%(count)s answer accepted at %(least)s or more",
      "%(count)s answers accepted at %(least)s or more",
      action.written,
    );
    const words = fill(many, { count: number(action.written), least: number(threshold, 3) });
    const undo = (this.page.dataset.accept ?? "").replace("accept/", `${action.key}/undo/`);
    this.actions.note(action, words, undo);
    say(words);
    if (action.left) toast(leftAlone(action.left), { bad: true });
  }

  async refresh() {
    try {
      this.levels = await getJson(this.page.dataset.levels ?? "");
    } catch (error) {
      toast(inWords(error), { bad: true });
      return;
    }
    this.mark = this.draw();
    this.show();
  }
}

/**
 * The lowest step from which on as many as wished are expected to be right; the highest where there is none.
 * @param {[open: number, expected: number | null, ...unknown[]][]} levels
 * @param {number} [wish]
 */
export function firstStep(levels, wish = WISH) {
  const found = levels.findIndex(([open, expected]) => open && expected !== null && expected >= wish);
  return found < 0 ? levels.length - 1 : found;
}

/** @param {Tally} tally */
function share([right, count, low, high]) {
  if (!count) return "–";
  return `${percent(right / count)} (${percent(low)} – ${percent(high)})`;
}

/**
 * @param {string} said
 * @param {Tally} tally
 */
function sample(said, [, count]) {
  if (!count) return gettext("no answers above it yet");
  return fill(ngettext("%(said)s of %(count)s answer", "%(said)s of %(count)s answers", count), {
    said,
    count: number(count),
  });
}

/**
 * @param {string} id
 * @param {string} text
 */
function put(id, text) {
  part(id).textContent = text;
}
