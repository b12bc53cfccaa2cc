// What the person said: noted here at once, on its way to the server, and undone as far back as the tab goes.
import { postJson } from "../../lib/net.js";
import { uuid } from "../../lib/uuid.js";
import { Outbox } from "./outbox.js";

export class Answers {
  /**
   * name: what everything kept in the browser begins with. deck: learns how each query stands.
   * told(state, detail): as the outbox tells it.
   */
  constructor({ name, deck, told }) {
    this.deck = deck;
    this.told = told;
    this.said = new Map(); // decisions since the page was opened, by query; null where taken back
    this.others = 0; // answers that the server knows of and this page's deck does not
    this.undoName = `${name}-undo`;
    this.undos = this.recall();
    this.outbox = new Outbox({
      name,
      store: window.localStorage,
      send: ({ url, body, key }) => postJson(url, { ...body, client_key: key }),
      told: (state, detail) => this.heard(state, detail),
    });
    for (const { kind, query, body, found } of this.outbox.waiting()) {
      if (kind !== "remark") this.note(query, { ...body, found });
    }
    for (const name of ["online", "focus"]) window.addEventListener(name, () => this.outbox.hurry());
  }

  /** Queries whose answers are not at the server. */
  away() {
    return this.outbox.entries().map(({ query }) => query);
  }

  has(query) {
    return this.said.has(query);
  }

  /** What was said of the card last; null where nothing. */
  of(card) {
    if (this.said.has(card.id)) return this.said.get(card.id);
    return said(card);
  }

  /** Note an answer and send it. undo: what there was before, where this can be undone. */
  give(card, decision, undo) {
    const {
      verdict,
      item = null,
      reason = "",
      relation = "",
      comment = "",
      also = [],
      flag = false,
      found = null,
    } = decision;
    const body = verdict === "match" ? { verdict, item, relation, comment } : { verdict, reason, comment };
    if (verdict === "match") body.also = also.map(({ item, relation }) => ({ item, relation }));
    Object.assign(body, { flag, version: card.version, shown: card.suggestions.map(({ item }) => item.id) });
    for (const old of this.outbox.refused()) {
      if (old.query === card.id && old.kind !== "remark") this.outbox.drop(old); // a new answer takes its place
    }
    this.note(card.id, { ...body, also, found });
    if (undo) this.undos.push({ query: card.id, card: core(card), ...undo });
    this.remember();
    this.outbox.add({ key: uuid(), query: card.id, url: card.answer, body, found });
  }

  /** A comment or a flag alone. */
  remark(card, { text, flag }) {
    this.outbox.add({ kind: "remark", key: uuid(), query: card.id, url: card.remark, body: { text, flag } });
  }

  note(
    query,
    { verdict, item = null, reason = "", relation = "", comment = "", also = [], flag = false, found = null },
  ) {
    const said = { verdict, item, reason, relation, comment, also, flag, found };
    this.said.set(query, verdict === "withdrawn" ? null : said);
    this.deck.set(query, verdict === "withdrawn" ? "-" : verdict === "skip" ? "s" : "a");
  }

  heard(state, { entry, answer, error }) {
    if (state === "saved" && answer.progress && !this.outbox.waiting().length) {
      this.others = answer.progress.answered - this.deck.count("a");
    }
    this.told(state, { entry, answer, error });
  }

  /** Forget what was said of a query: the server holds something else. */
  forget(query, decision) {
    this.said.delete(query);
    this.deck.set(query, !decision ? "-" : decision.verdict === "skip" ? "s" : "a");
    this.undos = this.undos.filter((one) => one.query !== query);
    this.remember();
  }

  get answered() {
    return Math.max(0, Math.min(this.deck.length, this.deck.count("a") + this.others));
  }

  recall() {
    try {
      return JSON.parse(sessionStorage.getItem(this.undoName) ?? "[]").filter(({ card }) => card);
    } catch {
      return [];
    }
  }

  remember() {
    try {
      sessionStorage.setItem(this.undoName, JSON.stringify(this.undos));
    } catch {
      // Without room the undo lasts as long as the page does.
    }
  }
}

/** The decision that came with a card; each match that is none of the five has its block in `found`. */
export function said({ decision, found }) {
  return decision && { ...decision, found };
}

/** As much of a card as it takes to undo its answer when the card is not at hand any more. */
function core({ id, name, image, answer }) {
  return { id, name, image, answer, suggestions: [] };
}
