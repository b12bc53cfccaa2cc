import assert from "node:assert/strict";
import { test } from "node:test";
import { CHARACTER_LANGUAGE, partedByHan } from "../../../../static/js/lib/han.js";
import { waitAfter } from "../../../../static/js/lib/retry.js";
import { forget, keep, namesOf, recall } from "../../../../static/js/lib/store.js";
import { uuid } from "../../../../static/js/lib/uuid.js";
import { capital, fill, percent } from "../../../../static/js/lib/words.js";
import { closedStore, store } from "../store.js";

test("names in a text are filled in, whatever they hold", () => {
  assert.equal(fill("%(a)s of %(b)s", { a: 1, b: "%(a)s" }), "1 of %(a)s");
});

test("a share is whole per cent, and never all where it is not all", () => {
  assert.deepEqual([0, 0.004, 0.42, 0.994, 0.997, 1].map(percent), ["0 %", "0 %", "42 %", "99 %", "99.7 %", "100 %"]);
});

test("a sentence begins with a capital", () => {
  assert.equal(capital("a picture"), "A picture");
});

test("the last wait repeats", () => {
  assert.deepEqual(
    [0, 1, 4, 5, 90].map((tries) => waitAfter(tries)),
    [1000, 2000, 15000, 15000, 15000],
  );
});

test("a browser keeps what can be read again, and one that keeps nothing is no trouble", () => {
  const kept = store({ broken: "{" });
  assert.ok(keep(kept, "page:1", { a: [1] }));
  assert.deepEqual(recall(kept, "page:1"), { a: [1] });
  assert.equal(recall(kept, "broken"), null);
  assert.deepEqual(namesOf(kept, "page:"), ["page:1"]);
  forget(kept, "page:1");
  assert.equal(recall(kept, "page:1"), null);
  const closed = closedStore();
  assert.ok(!keep(closed, "a", 1));
  assert.equal(recall(closed, "a"), null);
  assert.deepEqual(namesOf(closed, ""), []);
  forget(closed, "a");
});

test("an id is a random UUID, also where the browser has none to offer", (t) => {
  const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  assert.match(uuid(), shape);
  t.mock.method(crypto, "randomUUID", undefined);
  crypto.randomUUID = undefined;
  assert.match(uuid(), shape);
  assert.notEqual(uuid(), uuid());
});

test("Han characters are parted from other words, rare ones and variants as well", () => {
  assert.deepEqual(partedByHan("hán 漢 kan"), ["hán ", "漢", " kan"]);
  assert.deepEqual(partedByHan("𣻮葛\u{E0100}"), ["", "𣻮葛\u{E0100}", ""]);
  assert.deepEqual(partedByHan("⿰氵每"), ["", "⿰氵每", ""]);
  assert.deepEqual(partedByHan("a1.png"), ["a1.png"]);
  assert.equal(CHARACTER_LANGUAGE, "zh-Hant");
});
