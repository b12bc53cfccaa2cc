// Several matches for one print: blocks marked one after the other, given as one answer.
import { following } from "./relation.js";

export class Several {
  constructor() {
    this.stop();
  }

  /** Begin to mark, with the match that was given before, where one was. */
  start(decision) {
    this.on = true;
    this.marked = new Map();
    if (decision?.verdict !== "match") return;
    this.marked.set(decision.item, { relation: decision.relation ?? "", found: decision.found ?? null });
    for (const { item, relation, found } of decision.also ?? [])
      this.marked.set(item, { relation, found: found ?? null });
  }

  stop() {
    this.on = false;
    this.marked = new Map();
  }

  /** Mark an item as a match of this relation, or take its mark away. found: its body, when it is none of the five. */
  toggle(item, relation, found = null) {
    if (!this.marked.delete(item)) this.marked.set(item, { relation, found });
  }

  /** Turn the relation of the one marked last to the next. Returns it, or null where none is marked. */
  turn() {
    const last = [...this.marked.keys()].at(-1);
    if (last === undefined) return null;
    const held = this.marked.get(last);
    held.relation = following(held.relation);
    return held.relation;
  }

  /** The answer: the first one marked is the match, the others are matches as well. Null without any. */
  answer() {
    const [first, ...others] = [...this.marked].map(([item, held]) => ({ item, ...held }));
    return first ? { verdict: "match", ...first, also: others } : null;
  }
}
