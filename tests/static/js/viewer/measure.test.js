import assert from "node:assert/strict";
import { test } from "node:test";
import { Measure } from "../../../../static/js/viewer/measure.js";

class Point {
  constructor(x, y) {
    Object.assign(this, { x, y });
  }

  distanceTo({ x, y }) {
    return Math.hypot(this.x - x, this.y - y);
  }
}

/** A measure over a flat stage of 200 by 100 pixels, each a hundredth. */
function measure(units = null) {
  const mesh = { userData: { units } };
  const stage = {
    size: { width: 200, height: 100 },
    sides: [{ mesh }],
    canvas: { dataset: {} },
    pointAt: (x, y) => (x < 0 ? null : new Point(x / 100, y / 100)),
    seenAt: ({ x, y }) => [{ x, y }],
  };
  const marks = { replaceChildren() {}, setAttribute() {}, append() {} };
  const made = new Measure(stage, { marks, plot: {}, section: {}, words: {} });
  made.draw = () => {}; // needs a page
  return { made, stage };
}

test("two presses make a line, a third begins anew, and one beside the block is none", () => {
  const { made, stage } = measure(2);
  made.press(10, 10); // no tool is in hand
  assert.equal(made.points.length, 0);
  made.take("ruler");
  made.press(10, 10);
  made.press(-1, 10);
  assert.equal(stage.canvas.dataset.points, "1");
  made.press(10, 60);
  assert.equal(stage.canvas.dataset.measured, "1.0000"); // half a plane's unit, of two units each
  made.press(20, 20);
  assert.equal(made.line, null);
});

test("lengths are told in the mesh's units, else in shares of the picture", () => {
  assert.match(measure(2).made.length(0.5), /^1\.00 units$/);
  assert.match(measure().made.length(0.5), /^25\.00 % of the picture$/);
});

test("the cross-hair appears in the middle, stays on the stage, and sets points", () => {
  const { made } = measure(1);
  made.take("ruler");
  made.set();
  assert.deepEqual(made.cross, { x: 100, y: 50 });
  for (let i = 0; i < 30; i += 1) made.move(-1, 1);
  assert.deepEqual(made.cross, { x: 0, y: 100 });
  made.set();
  assert.deepEqual([made.points[0].x, made.points[0].y], [0, 1]);
});

test("the tool that is laid down takes its points with it, the other keeps them", () => {
  const { made } = measure(1);
  made.take("ruler");
  made.press(10, 10);
  made.take("section");
  assert.equal(made.points.length, 1);
  made.take("section");
  assert.equal(made.points.length, 0);
});
