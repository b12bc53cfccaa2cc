// This person's answers: noted here at once, on their way to the server, and undone as far back as the tab goes.
import { postJson } from "../../lib/net.js";
import { keep, recall } from "../../lib/store.js";
import { uuid } from "../../lib/uuid.js";
import { Outbox } from "./outbox.js";

/** @import { Card, Decision, Fit, FurtherMatch, Relation } from "../../types.d.ts" */
/** @import { BatchStates } from "../assignment/batch.js" */
/** @import { Detail, State } from "./outbox.js" */

/** @typedef {Pick<Card, "id" | "name" | "image" | "answer" | "suggestions"> & Partial<Card>} AnsweredCard */
/** @typedef {{ before?: Decision | null, relating?: boolean, moving?: boolean }} Undo what there was before */

/** What an answer says where it says nothing. */
const NOTHING = {
  item: null,
  reason: "",
  /** @type {Relation} */
  relation: "",
  /** @type {Fit | null} */
  fit: null,
  comment: "",
  /** @type {FurtherMatch[]} */
  also: [],
  flag: false,
  found: null,
};

export class Answers {
  /**
   * @param {object} options
   * @param {string} options.name what everything kept in the browser begins with
   * @param {BatchStates} options.batch learns how each query stands
   * @param {(state: State, detail: Detail) => void} options.changed as the outbox's
   */
  constructor({ name, batch, changed }) {
    this.batch = batch;
    this.changed = changed;
    /** @type {Map<number, Decision | null>} */
    this.given = new Map(); // decisions since the page was opened, by query; null where taken back
    this.others = 0; // answers that the server knows of and this page does not
    this.undoName = `${name}-undo`;
    /** @type {({ query: number, card: AnsweredCard } & Undo)[]} */
    this.undos = (recall(sessionStorage, this.undoName) ?? []).filter((/** @type {any} */ { card }) => card);
    this.outbox = new Outbox({
      name,
      store: window.localStorage,
      send: ({ url, body, key }) => postJson(url, { ...body, client_key: key }),
      changed: (state, detail) => this.heard(state, detail),
    });
    for (const { kind, query, body, found } of this.outbox.waiting()) {
      if (kind !== "remark") this.note(query, { ...body, found });
    }
    for (const event of ["online", "focus"]) window.addEventListener(event, () => this.outbox.hurry());
  }

  /** Queries whose answers are not at the server. */
  unsent() {
    return this.outbox.entries().map(({ query }) => query);
  }

  /** @param {number} query */
  has(query) {
    return this.given.has(query);
  }

  /**
   * The last answer to the card; null where there is none.
   * @param {Card} card
   * @returns {Decision | null}
   */
  of(card) {
    return this.given.get(card.id) ?? (this.has(card.id) ? null : decisionOf(card));
  }

  /**
   * Note an answer and send it.
   * @param {AnsweredCard} card
   * @param {Decision} decision
   * @param {Undo | null} [undo] what there was before, where this can be undone
   */
  give(card, decision, undo) {
    for (const old of this.outbox.refused()) {
      if (old.query === card.id && old.kind !== "remark") this.outbox.drop(old); // a new answer takes its place
    }
    const body = bodyOf(card, decision);
    const found = decision.found ?? null;
    this.note(card.id, { ...body, also: decision.also ?? [], found });
    if (undo) this.undos.push({ query: card.id, card: core(card), ...undo });
    this.remember();
    this.outbox.add({ key: uuid(), query: card.id, url: card.answer, body, found });
  }

  /**
   * Send a comment or a flag alone.
   * @param {Card} card
   * @param {{ text: string, flag: boolean }} remark
   */
  remark(card, { text, flag }) {
    this.outbox.add({ kind: "remark", key: uuid(), query: card.id, url: card.remark, body: { text, flag } });
  }

  /**
   * @param {number} query
   * @param {Decision & { version?: string, shown?: number[] }} sent
   */
  note(query, { version: _version, shown: _shown, ...decision }) {
    const withdrawn = decision.verdict === "withdrawn";
    this.given.set(query, withdrawn ? null : { ...NOTHING, ...decision });
    this.batch.set(query, withdrawn ? "-" : decision.verdict === "skip" ? "s" : "a");
  }

  /**
   * @param {State} state
   * @param {Detail} detail
   */
  heard(state, { entry, answer, error }) {
    if (state === "saved" && answer.progress && !this.outbox.waiting().length) {
      this.others = answer.progress.answered - this.batch.count("a");
    }
    this.changed(state, { entry, answer, error });
  }

  /**
   * Forget the answer to a query: the server has something else.
   * @param {number} query
   * @param {Decision | null} decision what it has
   */
  forget(query, decision) {
    this.given.delete(query);
    this.batch.set(query, !decision ? "-" : decision.verdict === "skip" ? "s" : "a");
    this.undos = this.undos.filter((one) => one.query !== query);
    this.remember();
  }

  get answered() {
    return Math.max(0, Math.min(this.batch.length, this.batch.count("a") + this.others));
  }

  /** Without room in the browser the undo lasts as long as the page does. */
  remember() {
    keep(sessionStorage, this.undoName, this.undos);
  }
}

/**
 * The decision that came with a card; each match that is none of the five has its block in `found`.
 * @param {Pick<Card, "decision" | "found">} card
 * @returns {Decision | null}
 */
export function decisionOf({ decision, found }) {
  return decision && { ...decision, found };
}

/**
 * An answer as the server takes it: the fields that go with every verdict go as they are.
 * @param {AnsweredCard} card
 * @param {Decision} decision
 */
export function bodyOf(card, decision) {
  const { verdict, item, reason, relation, fit, also, found: _found, ...others } = { ...NOTHING, ...decision };
  const further = also.map((one) => ({ item: one.item, relation: one.relation, fit: one.fit ?? null }));
  const matches = { item, relation, fit, also: further };
  const shown = card.suggestions.map((suggestion) => suggestion.item.id);
  return { verdict, ...(verdict === "match" ? matches : { reason }), ...others, version: card.version, shown };
}

/**
 * As much of a card as it takes to undo its answer when the card is not at hand any more.
 * @param {AnsweredCard} card
 * @returns {AnsweredCard}
 */
function core({ id, name, image, answer }) {
  return { id, name, image, answer, suggestions: [] };
}
