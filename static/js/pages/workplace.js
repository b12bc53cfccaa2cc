// The page view put together: page, text, card and keys, and what is said of them.

import { part, setText } from "../lib/dom.js";
import { fill, gettext, ngettext, number } from "../lib/words.js";
import { PageAnswers } from "./beside/answers.js";
import { PageCard } from "./beside/card.js";
import { PageText } from "./beside/text.js";
import { doubtsInWords, placeInWords } from "./beside/words.js";
import { Deleted } from "./deleted.js";
import { Mending } from "./mending.js";
import { PageView } from "./page_view.js";
import { askWhose } from "./saving/ask.js";
import { PageModel } from "./saving/page_model.js";
import { Poll } from "./saving/poll.js";
import { Sender } from "./saving/sender.js";
import { Tools } from "./tools/bar.js";
import { Pointer } from "./tools/pointer.js";

const REMARK = 1500; // milliseconds

/** @import { KeysDialog } from "../keys/dialog.js" */
/** @import { SaveState } from "./saving/sender.js" */
/** @import { PageBoxes, PageState } from "../types.d.ts" */

/** What the template gives. */
/** @typedef {{ person: number, cards: string, face?: boolean, doors: string, before: string, after: string }} Place */

export class Workplace {
  /**
   * @param {PageBoxes} page
   * @param {Place} place
   */
  constructor(page, place) {
    this.place = place;
    const room = part("stage");
    this.model = new PageModel(page);
    this.view = new PageView(this.model, page, { room, canvas: part("boxes", HTMLCanvasElement) });
    this.poll = new Poll(this.model, place.doors, {
      said: (waiting) => this.jobs(waiting),
      read: (state) => this.read(state),
    });
    this.sender = new Sender({
      model: this.model,
      doors: place.doors,
      store: window.localStorage,
      said: (state, count) => this.saved(state, count),
      refused: (error) => askWhose(error, this.poll),
      sent: () => this.poll.soon(),
    });
    this.mending = new Mending(this.view, this.sender, (words) => this.say(words));
    this.deleted = new Deleted(this.mending, place.doors);
    this.answers = new PageAnswers(this.model, { person: place.person, store: window.localStorage });
    this.text = new PageText(this.view, { open: () => this.open() });
    this.card = new PageCard(this.view, this.answers, place);
    this.tools = new Tools(this);
    new Pointer(room, this.mending, { open: () => this.open() });
    /** @type {KeysDialog | null} */
    this.keysDialog = null;
    /** @type {("edit" | "answer")[]} what was done last is undone first */
    this.done = [];
    this.leaf = this.leaf.bind(this);
    this.view.hovering = (id) => this.text.hover(id);
    this.last = { words: "", until: 0 };
    this.count = this.view.ordered.length;
    this.view.choosers.push(() => this.sayChosen());
    this.view.followers.push(() => this.sayCount());
    this.mending.remark = (words) => this.remark(words);
    this.mending.edited = () => {
      this.done.push("edit");
      this.last.until = 0;
    };
    this.answers.answered = () => this.done.push("answer");
    this.mayEdit = page.can_edit;
    /** @type {PageState} */
    this.state = page.state ?? "ready";
    this.read(this.state);
    this.start(page.jobs.waiting);
    this.begin();
    if (this.state === "waiting") this.say(gettext("This page is being read …"));
    else if (page.finding === "blank" || page.finding === "no_text")
      this.say(gettext("No characters were found. Draw boxes with B, or look again."));
  }

  /** Show the box that the address names. */
  begin() {
    const box = this.model.boxes.get(Number(new URLSearchParams(location.search).get("box")));
    if (!box) return;
    this.view.choose([box.id]);
    this.view.stage.opened = () => this.view.stage.lookAt(box, 120, true);
  }

  /** @param {number} jobs */
  start(jobs) {
    this.sender.takeUp();
    this.jobs(jobs);
    this.poll.jobs = jobs;
    this.poll.plan();
    addEventListener("beforeunload", (event) => {
      this.mending.nudge.flush();
      if (this.model.pending.length) event.preventDefault();
    });
  }

  /** @param {string} words */
  say(words) {
    setText(part("page-said"), words);
  }

  /**
   * Say what was done; where the way leads now is said behind it.
   * @param {string} words
   */
  remark(words) {
    this.last = { words, until: performance.now() + REMARK };
    this.say(words);
  }

  /** What was said to have been done a moment ago. */
  get remarked() {
    const { words, until } = this.last;
    return performance.now() < until ? words : "";
  }

  /** Say where the way has led, for who does not see it. */
  sayChosen() {
    const { one, ordered, lights } = this.view;
    if (!one) return;
    const word = one.character || one.proposal || one.suggested;
    const doubts = doubtsInWords(lights.get(one.id) ?? []);
    this.say([this.remarked, placeInWords(one, ordered), word, doubts].filter(Boolean).join(" · "));
  }

  /** Say how many boxes there are by now, where one has come or gone. */
  sayCount() {
    const count = this.view.ordered.length;
    if (count === this.count) return;
    this.count = count;
    if (this.view.one) this.sayChosen();
    else if (count) {
      const words = ngettext("%(count)s box on this page", "%(count)s boxes on this page", count);
      this.say([this.remarked, fill(words, { count: number(count) })].filter(Boolean).join(" · "));
    }
  }

  /**
   * @param {SaveState} state
   * @param {number} count
   */
  saved(state, count) {
    const element = part("save-state");
    const kept = fill(ngettext("%(count)s change", "%(count)s changes", count), { count: number(count) });
    const words = {
      saved: gettext("All changes are saved"),
      sending: gettext("Saving …"),
      waiting: fill(gettext("No network: %(changes)s kept here, retrying"), { changes: kept }),
      loggedout: fill(gettext("You are logged out: %(changes)s kept here. Reload the page to log in"), {
        changes: kept,
      }),
    };
    Object.assign(element.dataset, { state, waiting: `${count}` });
    setText(element, words[state]);
  }

  /** @param {number} waiting */
  jobs(waiting) {
    const words = gettext("%(count)s in progress");
    setText(part("page-jobs"), waiting ? fill(words, { count: number(waiting) }) : "");
  }

  /**
   * A page that a worker has read, or turned, is another one: it is loaded anew.
   * @param {PageState} state
   */
  read(state) {
    if (this.state !== "ready" && state !== this.state) location.reload();
    this.state = state;
    this.view.editable = this.mayEdit && state === "ready";
  }

  /** Open the card of the box chosen in the review. */
  open() {
    const address = this.view.one?.card;
    this.mending.nudge.flush();
    if (address) location.assign(address);
    else if (this.view.one && this.place.face) this.say(gettext("This box is no item yet: it is being cut out."));
    else if (this.view.one) this.say(gettext("This box has no card yet: it is being cut out and matched."));
  }

  /** Go where text and boxes of this document go in and out. */
  exchange() {
    this.mending.nudge.flush();
    location.assign(part("exchange-open", HTMLAnchorElement).href);
  }

  /** @param {number} by */
  nextOpen(by) {
    if (!this.view.jumpToOpen(by)) this.say(gettext("No box of this page is open."));
  }

  /** @param {number} by */
  doubt(by) {
    const found = this.view.jumpToDoubt(by);
    this.tools.show();
    if (!found) this.say(gettext("No box looks suspicious."));
  }

  mask() {
    this.view.masked = !this.view.masked;
    this.view.stage.repaint();
    this.tools.show();
  }

  ways() {
    this.view.ways = !this.view.ways;
    this.view.stage.repaint();
    this.tools.show();
  }

  /** The whole page; where that is in sight, the box chosen. */
  zoom() {
    const { one, stage } = this.view;
    const { w, h } = stage.goal();
    const whole = w >= this.model.width * 0.98 && h >= this.model.height * 0.98;
    if (whole && one) stage.lookAt(one, 140);
    else stage.fit();
  }

  undo() {
    const box = this.done.pop() === "answer" ? this.answers.undo() : null;
    if (box) this.view.choose([box.id], true);
    else this.mending.goBack("undo");
  }

  redo() {
    this.mending.goBack("redo");
    this.done.push("edit");
  }

  /**
   * Go to another page of the document.
   * @param {number} by
   */
  leaf(by) {
    const address = by > 0 ? this.place.after : this.place.before;
    this.mending.nudge.flush();
    if (address) location.assign(address);
    else this.say(by > 0 ? gettext("This is the last page.") : gettext("This is the first page."));
  }
}
