import assert from "node:assert/strict";
import { test } from "node:test";
import { Deck } from "../../../../static/js/review/deck.js";

const deck = () => new Deck({ ids: [10, 20, 30, 40, 50], states: "a-s--" });

test("the next open query comes after this one, and then from the beginning", () => {
  assert.equal(deck().nextOpen(10), 20);
  assert.equal(deck().nextOpen(20), 40);
  assert.equal(deck().nextOpen(50), 20);
});

test("no open query is left when this one is the last", () => {
  const one = new Deck({ ids: [1, 2], states: "a-" });
  assert.equal(one.nextOpen(2), null);
  one.set(2, "a");
  assert.equal(one.nextOpen(2), null);
});

test("skipped queries are walked through once, to the end", () => {
  const some = new Deck({ ids: [1, 2, 3], states: "sas" });
  assert.equal(some.nextSkipped(), 1);
  assert.equal(some.nextSkipped(1), 3);
  assert.equal(some.nextSkipped(3), null);
});

test("arrows step over everything and stop at the ends", () => {
  assert.equal(deck().step(10, -1), null);
  assert.equal(deck().step(10, 1), 20);
  assert.equal(deck().step(50, 1), null);
});

test("what comes is the open ones and the neighbours, each once", () => {
  assert.deepEqual(deck().coming(20, 8), [40, 50, 30, 10]);
});

test("states are counted, and those of strangers' queries ignored", () => {
  const some = deck();
  some.set(99, "a");
  assert.equal(some.count("a"), 1);
  assert.equal(some.state(30), "s");
});
