import assert from "node:assert/strict";
import test from "node:test";
import { nearest, nearestOthers, towards, View } from "../../../../static/js/overview/view.js";

const PLACES = [
  [0, 0],
  [100, 0],
  [100, 100],
  [50, 400],
  [100, 0],
];
const [RIGHT, LEFT, UP, DOWN] = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
];

test("what is on the sheet is found on the map again", () => {
  const view = new View(800, 600);
  view.zoomBy(3, [200, 100]);
  view.panBy(31, -17);
  for (const place of [
    [0, 0],
    [5000, 5000],
    [1234, 9876],
  ]) {
    const back = view.toMap(view.toSheet(place));
    assert.ok(Math.abs(back[0] - place[0]) < 1e-6 && Math.abs(back[1] - place[1]) < 1e-6);
  }
});

test("all of the map lies on the sheet, with up upwards", () => {
  const view = new View(800, 600);
  for (const corner of [
    [0, 0],
    [10000, 10000],
    [0, 10000],
  ]) {
    const [left, top] = view.toSheet(corner);
    assert.ok(left >= 0 && left <= 800 && top >= 0 && top <= 600);
  }
  assert.ok(view.toSheet([0, 9000])[1] < view.toSheet([0, 1000])[1]);
});

test("zooming leaves what is under the pointer where it is, within bounds", () => {
  const view = new View(800, 600);
  const under = view.toMap([350, 260]);
  view.zoomBy(2, [350, 260]);
  const [left, top] = view.toSheet(under);
  assert.ok(Math.abs(left - 350) < 1e-6 && Math.abs(top - 260) < 1e-6);
  view.zoomBy(1e9);
  assert.equal(view.zoom, 64);
  view.zoomBy(1e-9);
  assert.equal(view.zoom, 1);
});

test("the map cannot be lost from sight", () => {
  const view = new View(800, 600);
  view.panBy(1e6, 1e6);
  assert.deepEqual([view.x, view.y], [0, 10000]);
});

test("a place is brought into sight, and left alone where it is seen", () => {
  const view = new View(800, 600);
  view.zoomBy(20);
  view.reveal([9000, 1000]);
  const [left, top] = view.toSheet([9000, 1000]);
  assert.ok(left > 0 && left < 800 && top > 0 && top < 600);
  const { x, y } = view;
  view.reveal([9000, 1000]);
  assert.ok(Math.abs(view.x - x) < 1e-6 && Math.abs(view.y - y) < 1e-6);
});

test("the nearest point is found within reach, and the nearest others in order", () => {
  assert.equal(nearest(PLACES, [90, 90]), 2);
  assert.equal(nearest(PLACES, [90, 90], 5), -1);
  assert.equal(nearest([], [0, 0]), -1);
  assert.equal(nearest(PLACES, [0, 0], 0), 0);
  assert.deepEqual(nearestOthers(PLACES, 1, 3), [4, 0, 2]);
  assert.deepEqual(nearestOthers(PLACES, 0, 9), [1, 4, 2, 3]);
});

test("arrows lead to the nearest point in their direction, and through what lies on one spot", () => {
  assert.equal(towards(PLACES, 0, RIGHT), 1);
  assert.equal(towards(PLACES, 1, RIGHT), 4);
  assert.equal(towards(PLACES, 4, LEFT), 0);
  assert.equal(towards(PLACES, 4, UP), 2);
  assert.equal(towards(PLACES, 2, UP), 3);
  assert.equal(towards(PLACES, 3, DOWN), 2);
  assert.equal(towards(PLACES, 0, LEFT), 0);
});
