import assert from "node:assert/strict";
import test from "node:test";
import { columnsOf } from "../../../../static/js/bulk/histogram.js";
import { partByPart } from "../../../../static/js/bulk/parts.js";
import { firstStep } from "../../../../static/js/bulk/threshold.js";
import { step } from "../../../../static/js/bulk/walk.js";
import { NetError } from "../../../../static/js/lib/net.js";

// Two groups: one of three tiles in a line and one below it, and one of two tiles.
const PLACES = [
  { x: 0, y: 0 },
  { x: 10, y: 0 },
  { x: 20, y: 0 },
  { x: 0, y: 10 },
  { x: 0, y: 50 },
  { x: 10, y: 50 },
];

test("arrows go on in a line, and to the nearest above and below", () => {
  const walks = [
    [0, "ArrowRight", 1],
    [2, "ArrowRight", 3],
    [5, "ArrowRight", 5],
    [0, "ArrowLeft", 0],
    [3, "ArrowLeft", 2],
    [2, "ArrowDown", 3],
    [3, "ArrowDown", 4],
    [5, "ArrowDown", 5],
    [5, "ArrowUp", 3],
    [3, "ArrowUp", 0],
    [1, "ArrowUp", 1],
    [2, "Home", 0],
    [2, "End", 5],
  ];
  for (const [from, key, to] of walks) assert.equal(step(PLACES, from, key), to, `${from} ${key}`);
});

test("bins are joined to columns, and the last one holds whoever is altogether sure", () => {
  const bins = Array.from({ length: 201 }, (_, place) => (place >= 195 ? [1, 0, 2] : [0, 0, 0]));
  const columns = columnsOf(bins);
  assert.equal(columns.length, 40);
  assert.deepEqual(columns[39], { open: 6, right: 0, wrong: 12 });
  assert.deepEqual(columns[38], { open: 0, right: 0, wrong: 0 });
});

function away() {
  return new NetError("network", "away");
}

test("work goes on part by part, over a network that fails, until it is over", async () => {
  const answers = [{ n: 1 }, away(), away(), { n: 2 }, { n: 3, over: true }];
  const waits = [];
  const done = [];
  const last = await partByPart({
    ask: async () => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
    over: (answer) => answer.over,
    done: (answer) => done.push(answer.n),
    waiting: () => waits.push("away"),
    sleep: async (milliseconds) => waits.push(milliseconds),
  });
  assert.deepEqual(done, [1, 2, 3]);
  assert.deepEqual(waits, ["away", 1000, "away", 2000]);
  assert.equal(last.n, 3);
});

test("what is refused is not tried again", async () => {
  let asked = 0;
  const ask = async () => {
    asked += 1;
    throw new NetError("refused", "refused");
  };
  const going = partByPart({ ask, over: () => true, done: () => {}, waiting: () => {}, sleep: async () => {} });
  await assert.rejects(going, /refused/);
  assert.equal(asked, 1);
});

test("the slider begins where as many as wished are expected to be right", () => {
  const levels = [
    [9, 0.8],
    [7, 0.95],
    [4, 0.98],
    [0, null],
  ];
  assert.equal(firstStep(levels), 2);
  assert.equal(firstStep(levels, 0.9), 1);
  assert.equal(firstStep(levels, 0.999), 3);
});
