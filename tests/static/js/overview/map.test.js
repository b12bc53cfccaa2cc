import assert from "node:assert/strict";
import { test } from "node:test";
import { pointsOf } from "../../../../static/js/overview/map.js";

const DATA = {
  queries: {
    ids: [1, 2, 3],
    places: [
      [0, 0],
      [1, 1],
      [2, 2],
    ],
    outcomes: "1-n",
    labels: [0, -1, 1],
    batches: [7, 7, 8],
  },
  items: { ids: [2], places: [[9, 9]], labels: [0] },
  characters: ["心", "人"],
};

test("what is answered is drawn over what is not, and blocks over all", () => {
  assert.deepEqual(
    pointsOf(DATA).map(({ id }) => id),
    ["q2", "q1", "q3", "i2"],
  );
});

test("a point knows its place, its batch and its label", () => {
  const [open, first, , block] = pointsOf(DATA);
  assert.deepEqual(open, { id: "q2", place: [1, 1], outcome: "-", label: -1, batch: 7 });
  assert.equal(first.outcome, "1");
  assert.deepEqual(block, { id: "i2", place: [9, 9], item: true, label: 0 });
});
