import assert from "node:assert/strict";
import { test } from "node:test";
import { attention, blurred, distances, sampled, shrunk, warped } from "../../../../static/js/overlay/fields.js";
import { areClose } from "../../../../static/js/overlay/hints.js";
import { squared } from "../../../../static/js/overlay/tasks.js";
import { dice } from "./drawn.js";

const N = 24;

function field(seed) {
  const roll = dice(seed);
  return Float32Array.from({ length: N * N }, roll);
}

test("blurring leaves an even picture as it is, and keeps the mean of any within its bounds", () => {
  assert.ok(blurred(new Float32Array(N * N).fill(0.4), N, 2).every((one) => Math.abs(one - 0.4) < 1e-5));
  const some = field(3);
  const soft = blurred(some, N, 1.5);
  assert.ok(Math.min(...soft) >= Math.min(...some) && Math.max(...soft) <= Math.max(...some));
});

test("a smaller picture's pixels are the means of what they cover", () => {
  const some = field(4);
  const small = shrunk(some, N, N / 3);
  const slow = (x, y) => {
    let sum = 0;
    for (let dy = 0; dy < 3; dy += 1) for (let dx = 0; dx < 3; dx += 1) sum += some[(3 * y + dy) * N + 3 * x + dx];
    return sum / 9;
  };
  small.forEach((one, at) => {
    assert.ok(Math.abs(one - slow(at % (N / 3), Math.floor(at / (N / 3)))) < 1e-5);
  });
  const uneven = shrunk(some, N, 7);
  const mean = (all) => all.reduce((a, b) => a + b) / all.length;
  assert.ok(Math.abs(mean(uneven) - mean(some)) < 1e-5);
});

test("distances are those to the nearest mark, a little above the straight ones", () => {
  const roll = dice(5);
  const mask = Uint8Array.from({ length: N * N }, () => (roll() < 0.02 ? 1 : 0));
  const marks = [...mask.keys()].filter((at) => mask[at]);
  distances(mask, N).forEach((far, at) => {
    const straight = Math.min(
      ...marks.map((mark) => Math.hypot((at % N) - (mark % N), Math.floor(at / N) - Math.floor(mark / N))),
    );
    assert.ok(far >= straight * 0.94 - 1e-6 && far <= straight * 1.09 + 1e-6, `${far} ${straight}`);
  });
});

test("a picture seen through no map is itself, and outside it there is nothing", () => {
  const some = field(6);
  warped(some, N, [1, 0, 0, 1, 0, 0]).forEach((one, at) => {
    assert.ok(Math.abs(one - some[at]) < 1e-5);
  });
  assert.equal(sampled(some, N, -5, 3), 0);
  assert.ok(Math.abs(sampled(some, N, 3.5, 4) - (some[4 * N + 3] + some[4 * N + 4]) / 2) < 1e-6);
});

test("the middle of a picture counts in full, its edges least", () => {
  const weights = attention(N);
  assert.equal(weights[(N / 2) * N + N / 2], 1);
  assert.ok(weights[0] < 0.4 && weights[0] > 0);
});

test("a picture that is no square stands in the middle of one, on its own paper", () => {
  const tall = Float32Array.from([9, 9, 9, 1, 9, 9, 9, 9]); // 2 wide, 4 high
  const square = squared(tall, 2, 4, 4);
  assert.deepEqual([...square], [9, 9, 9, 9, 9, 9, 1, 9, 9, 9, 9, 9, 9, 9, 9, 9]);
  assert.equal(squared(tall.subarray(0, 4), 2, 2, 2).length, 4);
});

test("two suggestions are rivals where the second is not far behind, and nobody hides it", () => {
  assert.ok(areClose([{ confidence: 0.5 }, { confidence: 0.3 }]));
  assert.ok(!areClose([{ confidence: 0.9 }, { confidence: 0.1 }]));
  assert.ok(!areClose([{ confidence: null }, { confidence: null }]));
  assert.ok(!areClose([{ confidence: 0.9 }]));
});
