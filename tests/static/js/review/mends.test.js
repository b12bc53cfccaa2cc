import assert from "node:assert/strict";
import { test } from "node:test";
import { Mends } from "../../../../static/js/review/answering/mends.js";
import { store } from "../store.js";

const CARD = { id: 7 };
const FIT = { transform: [1, 0, 0, 0, 1, 0], by: "person" };
const OTHER = { transform: [2, 0, 0, 0, 2, 0], by: "person" };

function mends(answer = null, kept = store()) {
  const sent = [];
  const made = new Mends({ name: "mends", store: kept, answer: () => answer, moved: () => sent.push("sent") });
  return { made, sent, kept };
}

test("a place waits for the answer, and outlives a reload", () => {
  const { made, sent, kept } = mends();
  made.put(CARD, 3, FIT);
  made.flush();
  assert.deepEqual(sent, []);
  assert.deepEqual(mends(null, kept).made.of(CARD, 3), FIT);
  assert.equal(made.of(CARD, 4), null);
  made.answered(CARD);
  assert.equal(mends(null, kept).made.of(CARD, 3), null);
});

test("an answer's own place is the person's, unless the search laid it", () => {
  assert.deepEqual(mends({ verdict: "match", item: 3, fit: FIT }).made.of(CARD, 3), FIT);
  assert.equal(mends({ verdict: "match", item: 3, fit: { ...FIT, by: "worker" } }).made.of(CARD, 3), null);
  const several = { verdict: "match", item: 1, also: [{ item: 3, relation: "", fit: OTHER }] };
  assert.deepEqual(mends(several).made.of(CARD, 3), OTHER);
});

test("what is moved after the answer is sent once it has come to rest, or when the card is left", () => {
  const { made, sent } = mends({ verdict: "match", item: 3, fit: FIT });
  made.put(CARD, 3, OTHER);
  made.put(CARD, 3, null);
  assert.deepEqual(sent, []);
  made.flush();
  made.flush();
  assert.deepEqual(sent, ["sent"]);
  assert.equal(made.of(CARD, 3), null);
});

test("an answer that is taken back leaves its places for the next one, unless the search laid them", () => {
  const { made, kept } = mends();
  made.keepOf(CARD, { verdict: "match", item: 3, fit: FIT, also: [{ item: 4, relation: "", fit: OTHER }] });
  made.keepOf(CARD, { verdict: "match", item: 5, fit: { ...FIT, by: "worker" }, also: [] });
  made.keepOf(CARD, { verdict: "none", item: null, fit: null });
  const again = mends(null, kept).made;
  assert.deepEqual([again.of(CARD, 3), again.of(CARD, 4), again.of(CARD, 5)], [FIT, OTHER, null]);
});
