// Several matches for one print: blocks marked one after the other, given as one answer.
import { following } from "./relation.js";

/** @import { Decision, Item, Relation } from "../../types.d.ts" */

export class Several {
  constructor() {
    this.on = false;
    /** @type {Map<number, { relation: Relation, found: Item | null }>} */
    this.marked = new Map();
  }

  /**
   * Begin to mark, with the match that was given before, where one was.
   * @param {Decision | null} decision
   */
  start(decision) {
    this.on = true;
    this.marked = new Map();
    if (decision?.verdict !== "match" || !decision.item) return;
    this.marked.set(decision.item, { relation: decision.relation ?? "", found: decision.found ?? null });
    for (const { item, relation, found } of decision.also ?? []) {
      this.marked.set(item, { relation, found: found ?? null });
    }
  }

  stop() {
    this.on = false;
    this.marked = new Map();
  }

  /**
   * Mark an item as a match of this relation, or take its mark away.
   * @param {number} item
   * @param {Relation} relation
   * @param {Item | null} [found] its body, when it is none of the five
   */
  toggle(item, relation, found = null) {
    if (!this.marked.delete(item)) this.marked.set(item, { relation, found });
  }

  /** Turn the relation of the one marked last to the next. Returns it, or null where none is marked. */
  turn() {
    const last = [...this.marked.values()].at(-1);
    if (last === undefined) return null;
    last.relation = following(last.relation);
    return last.relation;
  }

  /**
   * The answer: the first one marked is the match, the others are matches as well. Null without any.
   * @returns {(Decision & { item: number }) | null}
   */
  answer() {
    const [first, ...others] = [...this.marked].map(([item, mark]) => ({ item, ...mark }));
    return first ? { verdict: "match", ...first, also: others } : null;
  }
}
