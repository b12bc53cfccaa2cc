import assert from "node:assert/strict";
import { test } from "node:test";
import { BatchStates } from "../../../../static/js/review/assignment/batch.js";

const states = () => new BatchStates({ ids: [10, 20, 30, 40, 50], states: "a-s--" });

test("arrows step over everything and stop at the ends", () => {
  assert.equal(states().step(10, -1), null);
  assert.equal(states().step(10, 1), 20);
  assert.equal(states().step(50, 1), null);
});

test("a card of another batch stands where the one before it stood", () => {
  const some = states();
  some.stand(30);
  some.stand(99);
  assert.ok(!some.has(99));
  assert.equal(some.place(99), 2);
  assert.equal(some.step(99, 1), 40);
});

test("states are counted, and those of strangers' queries ignored", () => {
  const some = states();
  some.set(99, "a");
  assert.equal(some.count("a"), 1);
  some.set(20, "a");
  assert.equal(some.count("a"), 2);
});
