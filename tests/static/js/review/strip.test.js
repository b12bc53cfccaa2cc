import assert from "node:assert/strict";
import { test } from "node:test";
import { stripOf, tilesOf } from "../../../../static/js/review/card/strip.js";
import { page } from "../pages/drawn.js";

/** The place of a box on a page of four columns of sixty. */
function placed(box) {
  const { boxes } = page(4, 60);
  return { width: 1200, height: 3020, tiles: "/t/{level}/{column}_{row}.jpg", box, boxes };
}

test("the box stands in the middle of its strip", () => {
  const place = placed(30);
  const strip = stripOf(place, 80, 240);
  const { x, y, w, h } = strip.placed(place.boxes[29]);
  assert.ok(Math.abs(x + w / 2 - 40) < 1e-9);
  assert.ok(Math.abs(y + h / 2 - 120) < 1e-9);
  assert.ok(w <= 80 && h <= 240);
  assert.equal(stripOf(placed(999), 80, 240), null);
});

test("tiles cover the strip, at the level that is just fine enough", () => {
  const place = placed(30);
  const strip = stripOf(place, 80, 240);
  const tiles = tilesOf(place, strip, 1);
  assert.ok(tiles.every(({ url }) => url.startsWith("/t/12/"))); // full size: the box is shown larger than it is
  assert.ok(Math.min(...tiles.map(({ y }) => y)) <= 0);
  assert.ok(Math.max(...tiles.map(({ y, h }) => y + h)) >= strip.height);
  const small = { ...strip, scale: 0.2 };
  assert.ok(tilesOf(place, small, 1).every(({ url }) => url.startsWith("/t/10/")));
  assert.ok(tilesOf(place, small, 2).every(({ url }) => url.startsWith("/t/11/")));
  assert.deepEqual(tilesOf(place, null, 1), []);
});
