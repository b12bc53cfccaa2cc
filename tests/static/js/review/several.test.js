import assert from "node:assert/strict";
import { test } from "node:test";
import { Several } from "../../../../static/js/review/answering/several.js";

test("the first one marked is the match, the others are matches too, each with its relation", () => {
  const some = new Several();
  some.start(null);
  some.toggle(7, "");
  some.toggle(9, "variant", { id: 9 });
  assert.deepEqual(some.answer(), {
    verdict: "match",
    item: 7,
    relation: "",
    found: null,
    also: [{ item: 9, relation: "variant", found: { id: 9 } }],
  });
});

test("a mark is taken away by marking again", () => {
  const some = new Several();
  some.start(null);
  some.toggle(7, "");
  some.toggle(7, "");
  assert.equal(some.answer(), null);
});

test("the relation turns for the one marked last alone", () => {
  const some = new Several();
  some.start(null);
  assert.equal(some.turn(), null);
  some.toggle(7, "");
  some.toggle(8, "");
  assert.equal(some.turn(), "same_carving");
  assert.deepEqual(some.answer().also, [{ item: 8, relation: "same_carving", found: null }]);
  assert.equal(some.answer().relation, "");
});

test("an answer given before is where marking begins", () => {
  const some = new Several();
  some.start({ verdict: "match", item: 1, relation: "same_carving", also: [{ item: 2, relation: "" }] });
  some.toggle(2, "");
  some.toggle(3, "");
  assert.deepEqual([some.answer().item, some.answer().also[0].item], [1, 3]);
  some.start({ verdict: "none" });
  assert.equal(some.answer(), null);
});
