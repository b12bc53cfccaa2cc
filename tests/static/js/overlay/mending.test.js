import assert from "node:assert/strict";
import { test } from "node:test";
import { matrixOf, transformOf } from "../../../../static/js/overlay/frames.js";
import { changed, MOVES, pushed } from "../../../../static/js/overlay/mending.js";
import { measured, prepared, register, SIDE } from "../../../../static/js/overlay/register.js";
import { carving, moved, printed, strokes } from "./drawn.js";

const near = (one, other, within = 1e-9) =>
  one.forEach((value, i) => assert.ok(Math.abs(value - other[i]) < within, `${one} ${other}`));
const PLACE = [0.8, 0.1, -0.1, 0.9, 0.2, -0.3];

test("a stored fit and the overlay's matrix are each other's inverse, on pictures of any shape", () => {
  for (const mirrored of [true, false]) {
    for (const card of [
      { width: 60, height: 90 },
      { width: 90, height: 60 },
      { width: null, height: null },
    ]) {
      near(matrixOf(transformOf(PLACE, { mirrored }, card), { mirrored }, card), PLACE);
    }
  }
});

test("a mirrored height map is turned over, and a narrow picture fills less of the square", () => {
  const card = { width: 50, height: 100 };
  const [a, b, c, d, e, f] = matrixOf([-0.8, 0, 0.4, 0, 0.8, 0.2], { mirrored: true }, card);
  near([a, b, c, d, e, f], [0.4, 0, 0, 0.8, 0.2, 0.2]);
});

test("pushes go along the picture, farther with Shift", () => {
  near(pushed(PLACE, "right", false), [...PLACE.slice(0, 4), 0.21, -0.3]);
  near(MOVES.arrowup(PLACE, true), [...PLACE.slice(0, 4), 0.2, -0.35]);
});

test("what turns, grows or is stretched keeps its middle, and comes back", () => {
  for (const move of ["turn", "scale", "widen", "heighten"]) {
    const there = changed(PLACE, move, 3);
    near(there.slice(4), PLACE.slice(4));
    near(changed(there, move, -3), PLACE);
    assert.notDeepEqual(there, PLACE);
  }
  const size = ([a, b, c, d]) => a * d - b * c;
  assert.ok(Math.abs(size(changed(PLACE, "turn", 9)) - size(PLACE)) < 1e-9);
  assert.ok(size(changed(PLACE, "scale", 1)) > size(PLACE));
  assert.ok(size(MOVES.f(PLACE)) < size(PLACE));
});

test("a place is measured by how the inks meet there", () => {
  const matrix = [0.85, 0, 0, 0.85, 0.05, 0];
  const query = prepared(printed(moved(matrix, strokes(4)), SIDE, 4));
  const print = prepared(carving(strokes(4), SIDE));
  const right = measured(query, print, matrix);
  const wrong = measured(query, print, pushed(pushed(matrix, "left", true), "left", true));
  assert.ok(right.agreement > 0.7 && right.residual < 0.15, JSON.stringify(right));
  assert.ok(wrong.agreement < right.agreement - 0.2 && wrong.score < right.score);
  assert.ok(right.score >= register(query, print).score - 0.05);
});
