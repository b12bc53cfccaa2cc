// The review: shows a card, takes an answer, shows the next one at once, and sees that the answer is kept.
import { postJson } from "../lib/net.js";
import { toast } from "../lib/toast.js";
import { fill, gettext, ngettext, number } from "../lib/words.js";
import { Viewer } from "../viewer/dialog.js";
import { Cards } from "./cards.js";
import { Deck } from "./deck.js";
import * as face from "./face.js";
import { Finder } from "./find.js";
import { listen } from "./keys.js";
import { Outbox } from "./outbox.js";
import { Coming, following, named } from "./relation.js";

const AHEAD = 8;
const page = document.querySelector("main.review");
const told = document.getElementById("review-told");

class Review {
  constructor({ deck, cards, current, person }) {
    this.deck = new Deck(deck);
    this.cards = new Cards(page.dataset.cards, cards);
    this.viewer = new Viewer();
    this.finder = new Finder({ picked: (item) => this.take(item) });
    this.decisions = new Map(); // what was said since the page was opened, by query
    this.others = 0; // answers that the server knows of and this page's deck does not
    this.secondRound = false;
    this.turn = 0;
    const name = `mocban-answers-${person}-${page.dataset.batch}`;
    this.undoName = `${name}-undo`;
    this.undos = this.recall();
    this.coming = new Coming(`${name}-relation`, sessionStorage);
    this.outbox = new Outbox({
      name,
      store: window.localStorage,
      send: ({ url, body, key }) => postJson(url, { ...body, client_key: key }),
      told: (state, detail) => this.heard(state, detail),
    });
    for (const { query, body, found } of this.outbox.entries()) this.note(query, { ...body, found });
    this.current = current;
  }

  start() {
    listen((asked) => this.act(asked));
    const on = (id, act) => document.getElementById(id).addEventListener("click", act);
    on("review-previous", () => this.move(-1));
    on("review-next", () => this.move(1));
    on("answer-undo", () => this.undo());
    on("answer-find", () => this.find());
    on("relation", () => this.relate());
    on("found-view", () => this.viewer.open([block(this.decision().found)], 0));
    on("keys-open", () => this.help());
    on("review-skipped", () => this.again());
    on("review-first", () => this.show(this.deck.ids[0]));
    for (const button of document.querySelectorAll(".review-answers [data-verdict]")) {
      const { verdict, reason = "" } = button.dataset;
      button.addEventListener("click", once(() => this.answer({ verdict, reason })));
    }
    for (const element of face.candidates) {
      const rank = Number(element.dataset.rank);
      element.querySelector(".candidate-choose").addEventListener("click", once(() => this.choose(rank)));
      element.querySelector(".candidate-view").addEventListener("click", () => this.view(rank));
    }
    for (const name of ["online", "focus"]) window.addEventListener(name, () => this.outbox.hurry());
    document.getElementById("answer-undo").disabled = !this.undos.length;
    this.progress();
    if (this.outbox.entries().length) this.outbox.hurry();
    this.show(this.current);
  }

  act(asked) {
    if (asked.do === "help") return this.help();
    if (asked.do === "undo") return this.undo();
    if (asked.do === "move") return this.move(asked.by);
    if (document.getElementById("review-card").hidden) return undefined;
    if (asked.do === "choose") return this.choose(asked.rank);
    if (asked.do === "view") return this.view(asked.rank || this.focused());
    if (asked.do === "find") return this.find();
    if (asked.do === "relate") return this.relate();
    return this.answer(asked);
  }

  /** Show a card: at once where it is there, else as soon as the network gives it. */
  async show(id) {
    const turn = (this.turn += 1);
    this.current = id;
    face.hideDone();
    history.replaceState(null, "", `?query=${id}`);
    if (!this.cards.has(id)) {
      page.dataset.ready = "false";
      face.showWaiting(gettext("Fetching the picture …"));
    }
    const found = await this.fetched(id, turn);
    if (turn !== this.turn) return;
    if (!found) {
      face.showWaiting(gettext("This picture is not in the batch any more. Go on with → or ←."));
      return;
    }
    this.shown = found;
    face.showWaiting("");
    face.showCard(found, this.deck.place(id) + 1, this.deck.length);
    this.mark();
    page.dataset.query = id;
    page.dataset.position = this.deck.place(id) + 1;
    page.dataset.total = this.deck.length;
    page.dataset.ready = "true";
    document.getElementById("review-previous").disabled = !this.deck.step(id, -1);
    document.getElementById("review-next").disabled = !this.deck.step(id, 1);
    this.cards.fetch(this.deck.coming(id, AHEAD)).catch(() => {}); // asked for again when it is needed
  }

  async fetched(id, turn) {
    for (let wait = 1; turn === this.turn; wait = Math.min(wait * 2, 15)) {
      try {
        return await this.cards.get(id);
      } catch (error) {
        if (error.kind === "refused" || error.kind === "loggedout") {
          const loggedOut = gettext("You are logged out. Load the page again to log in.");
          face.showWaiting(error.kind === "loggedout" ? loggedOut : error.message);
          return new Promise(() => {});
        }
        face.showWaiting(gettext("The picture cannot be fetched: the network is away. Trying again."));
        await new Promise((done) => setTimeout(done, wait * 1000));
      }
    }
    return null;
  }

  decision() {
    const { card } = this.shown;
    if (this.decisions.has(card.id)) return this.decisions.get(card.id);
    return card.decision && { ...card.decision, found: card.found };
  }

  mark() {
    const { card } = this.shown;
    const decision = this.decision();
    face.showDecision(card, decision, card.answered && !card.decision && !decision);
    const matched = decision?.verdict === "match";
    face.showRelation(matched ? (decision.relation ?? "") : this.coming.value, matched);
  }

  ready() {
    return this.shown?.card.id === this.current && page.dataset.ready === "true";
  }

  choose(rank) {
    const suggestion = this.ready() && this.shown.card.suggestions[rank - 1];
    if (suggestion) this.answer({ verdict: "match", item: suggestion.item.id, reason: "" });
  }

  find() {
    if (!this.ready()) return;
    const { card } = this.shown;
    this.finder.open({ url: card.candidates, image: card.image, alt: card.name });
  }

  /** The match is an item that was found by hand; it may be one of the five all the same. */
  take(item) {
    const among = this.shown.card.suggestions.some((suggestion) => suggestion.item.id === item.id);
    this.answer({ verdict: "match", item: item.id, found: among ? null : item });
  }

  /** Turn the relation of the match shown to the next one; where none is shown, that of matches to come. */
  relate() {
    if (!this.ready()) return;
    const before = this.decision();
    if (before?.verdict === "match") {
      const relation = following(before.relation ?? "");
      const last = this.undos.at(-1);
      const again = last?.relating && last.query === this.current; // turning on is one deed to be undone
      this.change({ ...before, relation }, again ? null : { before, relating: true });
      face.say(named(relation));
    } else {
      this.coming.turn();
      face.say(named(this.coming.value));
    }
    this.mark();
  }

  /** Give an answer to the card shown; `undo` says what there was before, where it can be undone. */
  change(decision, undo) {
    const query = this.current;
    this.give(query, decision);
    if (undo) this.undos.push({ query, url: this.shown.card.answer, ...undo });
    this.remember();
  }

  answer({ verdict, item = null, reason = "", found = null }) {
    if (!this.ready()) return;
    const before = this.decision();
    const again = before && before.verdict === verdict && before.item === item;
    const query = this.current;
    if (!again || (before.reason ?? "") !== reason) {
      const relation = verdict === "match" ? this.coming.value : "";
      this.change({ verdict, item, reason, relation, found }, { before });
    }
    const words = {
      match: gettext("chosen"),
      none: gettext("none of them"),
      unsure: gettext("unsure"),
      skip: gettext("skipped"),
    };
    face.say(`${this.shown.card.name}: ${words[verdict]}`);
    this.goOn(query);
  }

  goOn(from) {
    const next = this.deck.nextOpen(from) ?? (this.secondRound ? this.deck.nextSkipped(from) : null);
    if (next) this.show(next);
    else this.finish();
  }

  finish() {
    this.turn += 1;
    const skipped = this.deck.count("s");
    face.showDone({ skipped, left: this.deck.length - this.deck.count("a") });
  }

  again() {
    this.secondRound = true;
    const first = this.deck.nextSkipped();
    if (first) this.show(first);
  }

  undo() {
    const last = this.undos.pop();
    if (!last) return;
    this.remember();
    this.give(last.query, last.before ?? { verdict: "withdrawn" }, last.url);
    face.say(gettext("The last answer is taken back"));
    this.show(last.query);
  }

  /** Note an answer here at once, and put it on its way. */
  give(query, decision, url = this.shown.card.answer) {
    const { verdict, item = null, reason = "", relation = "", comment = "", found = null } = decision;
    const body = verdict === "match" ? { verdict, item, relation, comment } : { verdict, reason, comment };
    this.note(query, { ...body, found });
    this.outbox.add({ key: crypto.randomUUID?.() ?? uuid(), query, url, body, found });
    this.progress();
  }

  note(query, { verdict, item = null, reason = "", relation = "", comment = "", found = null }) {
    const said = { verdict, item, reason, relation, comment, found };
    this.decisions.set(query, verdict === "withdrawn" ? null : said);
    this.deck.set(query, verdict === "withdrawn" ? "-" : verdict === "skip" ? "s" : "a");
  }

  heard(state, { entry, answer, error }) {
    const waiting = this.outbox.entries().length;
    if (state === "saved" && !waiting) {
      this.others = answer.progress.answered - this.deck.count("a");
      this.progress();
    }
    if (state === "refused" && error.code !== "nothing_to_withdraw") this.refused(entry, error);
    const many = fill(ngettext("%(count)s answer", "%(count)s answers", waiting), { count: number(waiting) });
    const said = {
      saved: waiting ? gettext("Saving …") : gettext("All answers are saved"),
      saving: gettext("Saving …"),
      refused: gettext("An answer was refused"),
      waiting: fill(gettext("The network is away: %(answers)s kept here, trying again"), { answers: many }),
      loggedout: fill(gettext("You are logged out: %(answers)s kept here. Load the page again to log in"), { answers: many }),
    };
    const shown = state === "saved" && waiting ? "saving" : state;
    face.showSaving(shown, waiting, said[state]);
  }

  refused(entry, error) {
    this.decisions.delete(entry.query);
    const before = this.cards.peek(entry.query)?.card.decision ?? null;
    this.deck.set(entry.query, before && before.verdict !== "skip" ? "a" : before ? "s" : "-");
    this.undos = this.undos.filter(({ query }) => query !== entry.query);
    this.remember();
    this.progress();
    if (this.current === entry.query && this.shown?.card.id === entry.query) this.mark();
    const place = this.deck.place(entry.query);
    const which = place === undefined ? gettext("a picture") : fill(gettext("picture %(place)s"), { place: number(place + 1) });
    const said = fill(gettext("The answer to %(which)s was refused: %(why)s"), { which, why: error.message });
    toast([said, error.hint].filter(Boolean).join("; "), { bad: true });
  }

  progress() {
    const answered = Math.max(0, Math.min(this.deck.length, this.deck.count("a") + this.others));
    face.showProgress(answered, this.deck.length);
  }

  move(by) {
    const done = document.getElementById("review-card").hidden;
    const next = done ? this.current : this.deck.step(this.current, by);
    if (next) this.show(next);
  }

  focused() {
    return Number(document.activeElement?.closest(".candidate")?.dataset.rank ?? 1);
  }

  view(rank) {
    if (!this.ready()) return;
    const blocks = this.shown.card.suggestions.map(({ item, rank }) => block(item, rank));
    if (blocks[rank - 1]?.url) this.viewer.open(blocks, rank - 1);
  }

  help() {
    document.getElementById("keys-dialog").showModal();
  }

  recall() {
    try {
      return JSON.parse(sessionStorage.getItem(this.undoName) ?? "[]");
    } catch {
      return [];
    }
  }

  remember() {
    document.getElementById("answer-undo").disabled = !this.undos.length;
    try {
      sessionStorage.setItem(this.undoName, JSON.stringify(this.undos));
    } catch {
      // Without room the undo lasts as long as the page does.
    }
  }
}

/** An item as the viewer takes it. */
function block(item, number) {
  const title = [item.codepoint, item.name].filter(Boolean).join(" ");
  return { url: item.viewer, number, character: item.character, glyph: item.glyph, title };
}

/** The second click of a double click would answer the next card unseen. */
function once(act) {
  return (event) => {
    if (event.detail < 2) act();
  };
}

/** For pages served over plain HTTP from another machine, where browsers offer no randomUUID. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

if (told) new Review(JSON.parse(told.textContent)).start();
else document.getElementById("keys-open").hidden = true;
