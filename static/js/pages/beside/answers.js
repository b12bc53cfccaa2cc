// Answers given beside the page, on their way to the server. They are kept until it has them.
import { postJson } from "../../lib/net.js";
import { toast } from "../../lib/toast.js";
import { uuid } from "../../lib/uuid.js";
import { bodyOf } from "../../review/answering/answers.js";
import { Outbox } from "../../review/answering/outbox.js";

/** @import { Card, Decision, PageBox, Store } from "../../types.d.ts" */
/** @import { Detail, Entry, State } from "../../review/answering/outbox.js" */
/** @import { PageModel } from "../saving/page_model.js" */

/** @typedef {{ card: Card, box: PageBox }} Given */

export class PageAnswers {
  /**
   * @param {PageModel} model
   * @param {object} options
   * @param {number} options.person
   * @param {Store} options.store
   * @param {(entry: Entry) => Promise<any>} [options.send]
   */
  constructor(model, { person, store, send = post }) {
    this.model = model;
    /** @type {Given[]} */
    this.given = [];
    /** @type {() => void} */
    this.answered = () => {};
    /** @type {(query: number) => void} */
    this.refused = () => {};
    this.outbox = new Outbox({
      name: `mocban-page-answers-${person}`,
      store,
      send,
      changed: (state, detail) => this.heard(state, detail),
    });
    if (this.outbox.waiting().length) this.outbox.hurry();
  }

  /**
   * @param {Card} card
   * @param {Decision} decision
   * @param {PageBox} box
   * @param {string} character of the match
   */
  give(card, decision, box, character) {
    this.given.push({ card, box });
    this.answered();
    const state = /** @type {const} */ ("answered");
    this.model.take({ version: 0, boxes: [{ ...box, state, character, moved: false }], removed: [] });
    this.post(card, decision);
  }

  /** Take the last answer back. Returns its box; null where there is none. */
  undo() {
    const last = this.given.pop();
    if (!last) return null;
    this.model.take({ version: 0, boxes: [last.box], removed: [] });
    this.post(last.card, { verdict: "withdrawn" });
    return last.box;
  }

  /**
   * @param {Card} card
   * @param {Decision} decision
   */
  post(card, decision) {
    this.outbox.add({ key: uuid(), query: card.id, url: card.answer, body: bodyOf(card, decision) });
  }

  /**
   * @param {State} state
   * @param {Detail} detail
   */
  heard(state, { entry }) {
    if (state !== "refused" || !entry) return;
    const { message = "", hint = "" } = entry.refused ?? {};
    toast([message, hint].filter(Boolean).join("; "), { bad: true });
    this.outbox.drop(entry);
    this.refused(entry.query);
    const place = this.given.findLastIndex(({ card }) => card.id === entry.query);
    if (place < 0) return;
    const [{ box }] = this.given.splice(place, 1);
    this.model.take({ version: 0, boxes: [box], removed: [] });
  }
}

/** @param {Entry} entry */
const post = ({ key, url, body }) => postJson(url, { ...body, client_key: key });
