import assert from "node:assert/strict";
import { test } from "node:test";
import { gapAmong, inkOfRows } from "../../../../static/js/pages/boxes/gap.js";
import {
  along,
  around,
  cutAt,
  inside,
  onPage,
  overlap,
  stretched,
} from "../../../../static/js/pages/boxes/geometry.js";
import { Grid } from "../../../../static/js/pages/boxes/grid.js";
import { columnsOf, inOrder, isOpen, neighbour, nextThat } from "../../../../static/js/pages/boxes/reading.js";
import { suspicious } from "../../../../static/js/pages/boxes/suspicious.js";
import { box, page } from "./drawn.js";

const rect = (x, y, w, h) => ({ x, y, w, h });

test("rectangles: shared, joined, kept on the page, pulled by their sides", () => {
  assert.equal(overlap(rect(0, 0, 10, 10), rect(5, 0, 10, 10)), 0.5);
  assert.equal(overlap(rect(0, 0, 10, 10), rect(20, 0, 10, 10)), 0);
  assert.deepEqual(around([rect(0, 0, 10, 10), rect(20, 5, 10, 10)]), rect(0, 0, 30, 15));
  assert.deepEqual(onPage(rect(-5, 95, 10, 10), { width: 100, height: 100 }), rect(0, 90, 10, 10));
  assert.deepEqual(onPage(rect(0, 0, 500, 1), { width: 100, height: 100 }), rect(0, 0, 100, 4));
  assert.deepEqual(stretched(rect(10, 10, 20, 20), "se", { x: 5, y: -5 }), rect(10, 10, 25, 15));
  assert.deepEqual(stretched(rect(10, 10, 20, 20), "n", { x: 5, y: 500 }), rect(10, 26, 20, 4));
});

test("a line cuts what it crosses from side to side", () => {
  assert.equal(cutAt(rect(0, 0, 10, 20), { x: -5, y: 5 }, { x: 15, y: 15 }), 10);
  assert.equal(cutAt(rect(0, 0, 10, 20), { x: -5, y: 5 }, { x: 3, y: 5 }), null); // ends before the middle
  assert.equal(cutAt(rect(0, 0, 10, 20), { x: 5, y: -5 }, { x: 5, y: 25 }), null); // upright
  assert.equal(cutAt(rect(0, 0, 10, 20), { x: -5, y: 1 }, { x: 15, y: 1 }), null); // nothing would be left above
});

test("a lasso holds what is inside of it, also where it bends inwards", () => {
  const line = [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
    { x: 10, y: 10 },
    { x: 5, y: 2 },
    { x: 0, y: 10 },
  ];
  assert.ok(inside({ x: 2, y: 3 }, line));
  assert.ok(!inside({ x: 5, y: 8 }, line));
});

test("a fast stroke jumps over nothing", () => {
  const points = along(
    [
      { x: 0, y: 0 },
      { x: 0, y: 100 },
    ],
    4,
  );
  assert.ok(points.every(({ y }, i) => i === 0 || y - points[i - 1].y < 4.001));
  assert.deepEqual(points.at(-1), { x: 0, y: 100 });
});

test("the grid finds what a look at every box finds", () => {
  const boxes = Array.from({ length: 600 }, (_, i) =>
    box(i + 1, { x: (i * 137) % 2900, y: (i * 89) % 1900, w: 20 + (i % 50), h: 15 + (i % 70) }),
  );
  const grid = new Grid(boxes);
  for (let i = 0; i < 50; i += 1) {
    const sight = rect((i * 331) % 2500, (i * 97) % 1500, 40 + i * 9, 30 + i * 7);
    const slow = boxes.filter(
      (one) =>
        one.x <= sight.x + sight.w &&
        sight.x <= one.x + one.w &&
        one.y <= sight.y + sight.h &&
        sight.y <= one.y + one.h,
    );
    const ids = (found) => found.map(({ id }) => id).sort((a, b) => a - b);
    assert.deepEqual(ids(grid.touching(sight)), ids(slow));
  }
});

test("of boxes one in the other the smaller one is meant, and beside all of them the nearest", () => {
  const grid = new Grid([box(1, { w: 100, h: 100 }), box(2, { x: 10, y: 10, w: 20, h: 20 })]);
  assert.equal(grid.at({ x: 15, y: 15 })?.id, 2);
  assert.equal(grid.at({ x: 90, y: 90 })?.id, 1);
  assert.equal(grid.at({ x: 103, y: 50 }), null);
  assert.equal(grid.at({ x: 103, y: 50 }, 5)?.id, 1);
});

test("arrows walk down the column, into the next one, and sideways by what lies there", () => {
  const ordered = inOrder(page(3, 4).boxes);
  const go = (id, way) => neighbour(ordered, ordered[id - 1], way)?.id ?? null;
  assert.equal(neighbour(ordered, null, "down").id, 1);
  assert.equal(go(1, "down"), 2);
  assert.equal(go(4, "down"), 5);
  assert.equal(go(5, "up"), 4);
  assert.equal(go(2, "left"), 6);
  assert.equal(go(6, "right"), 2);
  assert.equal(go(1, "right"), null);
  assert.equal(go(12, "down"), null);
});

test("a sideways step goes to the nearest column where rows do not stand level", () => {
  const boxes = [box(1, { x: 100, y: 100 }), box(2, { x: 50, y: 118, column: 2 }), box(3, { x: 0, y: 100, column: 3 })];
  assert.equal(neighbour(boxes, boxes[0], "left").id, 2);
});

test("the next open one is found round the end, and none where all are answered", () => {
  const ordered = inOrder(page(1, 4).boxes.map((one) => ({ ...one, state: one.id === 2 ? "disputed" : "answered" })));
  assert.equal(nextThat(ordered, ordered[3], isOpen).id, 2);
  assert.equal(nextThat(ordered, ordered[3], isOpen, -1).id, 2);
  assert.equal(nextThat(ordered, null, isOpen).id, 2);
  assert.equal(
    nextThat(ordered, null, ({ state }) => state === "waiting"),
    null,
  );
  assert.ok(isOpen(box(1, { state: "answered", moved: true })));
});

test("columns keep the reading order", () => {
  const columns = columnsOf(inOrder(page(2, 2).boxes.reverse()));
  assert.deepEqual(
    columns.map(({ boxes }) => boxes.map(({ id }) => id)),
    [
      [1, 2],
      [3, 4],
    ],
  );
});

test("suspicious boxes: by size, shape, neighbours and score; a person's own are trusted", () => {
  const { boxes } = page(4, 10);
  boxes[0].h = 100;
  boxes[5].w = 10;
  boxes[5].h = 10;
  boxes[8].h = 14;
  boxes[12].score = 0.2;
  Object.assign(boxes[20], { source: "person", h: 100, score: 0.1 });
  const found = suspicious(boxes);
  assert.deepEqual(found.get(1), ["large", "overlapping"]);
  assert.deepEqual(found.get(6), ["small"]);
  assert.deepEqual(found.get(9), ["flat"]);
  assert.deepEqual(found.get(13), ["doubtful"]);
  assert.deepEqual(found.get(21), ["overlapping"]);
  assert.ok(!found.has(30));
});

/** A picture of two characters, one over the other: rows of ink but for the gap. light: of paper and of ink. */
function twoCharacters(height, gap, [paper, ink]) {
  const width = 10;
  const rgba = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < width * height; i += 1) {
    const row = Math.floor(i / width);
    const inked = row > 1 && row < height - 2 && !gap.includes(row) && i % 3 === 0;
    rgba.fill(inked ? ink : paper, 4 * i, 4 * i + 3);
  }
  return inkOfRows(rgba, width);
}

for (const [name, light] of Object.entries({ paper: [240, 30], rubbing: [20, 220] })) {
  test(`the gap is found between two characters, on ${name}`, () => {
    assert.equal(gapAmong(twoCharacters(100, [58, 59, 60, 61], light)), 0.6);
    assert.equal(gapAmong(twoCharacters(12, [6], light)), null); // too small to tell
  });
}
