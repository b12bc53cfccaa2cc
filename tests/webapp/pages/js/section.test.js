import assert from "node:assert/strict";
import { test } from "node:test";
import { profile, step } from "../../../../static/js/viewer/section.js";

// A roof over the square [-1, 1]: 0 at its left and right ends, 1 along its middle.
const ROOF = Float32Array.from([-1, -1, 0, 0, -1, 1, 1, -1, 0, -1, 1, 0, 0, 1, 1, 1, 1, 0]);
const FACES = Uint32Array.from([0, 1, 4, 0, 4, 3, 1, 2, 5, 1, 5, 4]);

test("a cut tells the height at every place of its line", () => {
  const heights = profile(ROOF, FACES, { x: -0.5, y: 0.3 }, { x: 1, y: -0.2 });
  heights.forEach((z, i) => {
    const x = -0.5 + (1.5 * i) / (heights.length - 1);
    assert.ok(Math.abs(z - (1 - Math.abs(x))) < 1e-5, `${x}: ${z}`);
  });
});

test("where the block has nothing, nothing is told", () => {
  const heights = profile(ROOF, FACES, { x: -2, y: 0.1 }, { x: 0, y: 0.1 });
  assert.ok(Number.isNaN(heights[10]));
  assert.ok(heights.at(-1) > 0.99);
});

test("the face is told, not what lies under it", () => {
  const floor = Float32Array.from([...ROOF, -1, -1, -3, 1, -1, -3, 0, 1, -3]);
  const faces = Uint32Array.from([...FACES, 6, 7, 8]);
  assert.deepEqual(
    profile(floor, faces, { x: -0.9, y: 0 }, { x: 0.9, y: 0 }),
    profile(ROOF, FACES, { x: -0.9, y: 0 }, { x: 0.9, y: 0 }),
  );
});

test("a line of no length has no profile, and axes have round steps", () => {
  assert.ok(profile(ROOF, FACES, { x: 0, y: 0 }, { x: 0, y: 0 }).every(Number.isNaN));
  assert.deepEqual([8, 0.9, 41, 1000].map(step), [2, 0.5, 20, 500]);
});
