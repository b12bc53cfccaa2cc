// The review: shows a card, takes an answer, shows the next one at once, and sees that the answer is kept.
import { postJson } from "../lib/net.js";
import { toast } from "../lib/toast.js";
import { Viewer } from "../viewer/dialog.js";
import { Cards } from "./cards.js";
import { Deck } from "./deck.js";
import * as face from "./face.js";
import { listen } from "./keys.js";
import { Outbox } from "./outbox.js";

const AHEAD = 8;
const page = document.querySelector("main.review");
const told = document.getElementById("review-told");

class Review {
  constructor({ deck, cards, current, person }) {
    this.deck = new Deck(deck);
    this.cards = new Cards(page.dataset.cards, cards);
    this.viewer = new Viewer();
    this.decisions = new Map(); // what was said since the page was opened, by query
    this.others = 0; // answers that the server knows of and this page's deck does not
    this.secondRound = false;
    this.turn = 0;
    const name = `mocban-answers-${person}-${page.dataset.batch}`;
    this.undoName = `${name}-undo`;
    this.undos = this.recall();
    this.outbox = new Outbox({
      name,
      store: window.localStorage,
      send: ({ url, body, key }) => postJson(url, { ...body, client_key: key }),
      told: (state, detail) => this.heard(state, detail),
    });
    for (const { query, body } of this.outbox.entries()) this.note(query, body);
    this.current = current;
  }

  start() {
    listen((asked) => this.act(asked));
    const on = (id, act) => document.getElementById(id).addEventListener("click", act);
    on("review-previous", () => this.move(-1));
    on("review-next", () => this.move(1));
    on("answer-undo", () => this.undo());
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
      face.showWaiting("Fetching the picture …");
    }
    const found = await this.fetched(id, turn);
    if (turn !== this.turn) return;
    if (!found) {
      face.showWaiting("This picture is not in the batch any more. Go on with → or ←.");
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
          face.showWaiting(error.kind === "loggedout" ? "You are logged out. Load the page again to log in." : error.message);
          return new Promise(() => {});
        }
        face.showWaiting("The picture cannot be fetched: the network is away. Trying again.");
        await new Promise((done) => setTimeout(done, wait * 1000));
      }
    }
    return null;
  }

  decision() {
    const { card } = this.shown;
    return this.decisions.has(card.id) ? this.decisions.get(card.id) : card.decision;
  }

  mark() {
    const { card } = this.shown;
    const decision = this.decision();
    face.showDecision(card, decision, card.answered && !card.decision && !decision);
  }

  ready() {
    return this.shown?.card.id === this.current && page.dataset.ready === "true";
  }

  choose(rank) {
    const suggestion = this.ready() && this.shown.card.suggestions[rank - 1];
    if (suggestion) this.answer({ verdict: "match", item: suggestion.item.id, reason: "" });
  }

  answer({ verdict, item = null, reason = "" }) {
    if (!this.ready()) return;
    const before = this.decision();
    const same = before && before.verdict === verdict && before.item === item && (before.reason ?? "") === reason;
    const query = this.current;
    if (!same) {
      this.give(query, { verdict, item, reason });
      this.undos.push({ query, url: this.shown.card.answer, before });
      this.remember();
    }
    const words = { match: "chosen", none: "none of them", unsure: "unsure", skip: "skipped" };
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
    face.say("The last answer is taken back");
    this.show(last.query);
  }

  /** Note an answer here at once, and put it on its way. */
  give(query, { verdict, item = null, reason = "" }, url = this.shown.card.answer) {
    const body = verdict === "match" ? { verdict, item } : { verdict, reason };
    this.note(query, body);
    this.outbox.add({ key: crypto.randomUUID?.() ?? uuid(), query, url, body });
    this.progress();
  }

  note(query, { verdict, item = null, reason = "" }) {
    this.decisions.set(query, verdict === "withdrawn" ? null : { verdict, item, reason });
    this.deck.set(query, verdict === "withdrawn" ? "-" : verdict === "skip" ? "s" : "a");
  }

  heard(state, { entry, answer, error }) {
    const waiting = this.outbox.entries().length;
    if (state === "saved" && !waiting) {
      this.others = answer.progress.answered - this.deck.count("a");
      this.progress();
    }
    if (state === "refused" && error.code !== "nothing_to_withdraw") this.refused(entry, error);
    const many = `${waiting.toLocaleString()} ${waiting === 1 ? "answer" : "answers"}`;
    const said = {
      saved: waiting ? "Saving …" : "All answers are saved",
      saving: "Saving …",
      refused: "An answer was refused",
      waiting: `The network is away: ${many} kept here, trying again`,
      loggedout: `You are logged out: ${many} kept here. Load the page again to log in`,
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
    const which = place === undefined ? "a picture" : `picture ${place + 1}`;
    toast([`The answer to ${which} was refused: ${error.message}`, error.hint].filter(Boolean).join("; "), { bad: true });
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
    const blocks = this.shown.card.suggestions.map(({ item, rank: number }) => ({
      url: item.viewer,
      number,
      character: item.character,
      glyph: item.glyph,
      title: [item.codepoint, item.name].filter(Boolean).join(" "),
    }));
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
