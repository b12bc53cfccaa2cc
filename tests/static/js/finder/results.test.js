import assert from "node:assert/strict";
import { test } from "node:test";
import { summary, why } from "../../../../static/js/finder/results.js";

const FOUND = { total: 12, ranked: 12, coming: false, silent: false };

test("what is said above the list tells how far its order goes", () => {
  assert.match(summary(FOUND, "hán", false), /12 blocks match, most similar first/);
  assert.match(summary({ ...FOUND, ranked: 5, coming: true }, "hán", false), /12 blocks match; comparing …/);
  assert.match(summary({ ...FOUND, ranked: 5, silent: true }, "hán", false), /only 5 of them are sorted/);
  assert.match(summary({ ...FOUND, total: 0, ranked: 0 }, "hán", false), /No block in the gallery matches/);
});

test("without a text it tells what the list is in place of matches", () => {
  assert.match(summary(FOUND, "", false), /after the first five/);
  assert.match(summary(FOUND, "", true), /most similar blocks/);
  assert.match(summary({ ...FOUND, coming: true }, "", false), /Comparing with the gallery/);
  assert.match(summary({ ...FOUND, silent: true }, "", true), /No worker responds/);
  assert.match(summary({ ...FOUND, total: 0 }, "", false), /nothing else/);
});

test("each kind of match has its words, and none has none", () => {
  const kinds = ["character", "description", "reading", "about", "radical", "component", "name"];
  const words = kinds.map((kind) => why({ kind, text: "hán", language: "vi" }));
  assert.ok(words.every(Boolean));
  assert.equal(new Set(words).size, kinds.length);
  assert.match(words[2], /hán \(Vietnamese\)/);
  assert.equal(why(null), "");
});
