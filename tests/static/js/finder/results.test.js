import assert from "node:assert/strict";
import { test } from "node:test";
import { summary, why } from "../../../../static/js/finder/results.js";

const FOUND = { total: 12, ranked: 12, coming: false, silent: false };

test("what is said above the list tells how far its order goes", () => {
  assert.match(summary(FOUND, "hán", false), /12 blocks fit, the most alike first/);
  assert.match(summary({ ...FOUND, ranked: 5, coming: true }, "hán", false), /12 blocks fit; they are being compared/);
  assert.match(summary({ ...FOUND, ranked: 5, silent: true }, "hán", false), /only 5 of them are in order/);
  assert.match(summary({ ...FOUND, total: 0, ranked: 0 }, "hán", false), /No block of the gallery fits/);
});

test("without a text it tells what the list is in place of matches", () => {
  assert.match(summary(FOUND, "", false), /come after the five/);
  assert.match(summary(FOUND, "", true), /most like it/);
  assert.match(summary({ ...FOUND, coming: true }, "", false), /being compared/);
  assert.match(summary({ ...FOUND, silent: true }, "", true), /No worker has answered/);
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
