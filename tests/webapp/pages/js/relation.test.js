import assert from "node:assert/strict";
import { test } from "node:test";
import { Coming, following, named } from "../../../../static/js/review/answering/relation.js";

function store(kept = null) {
  return { getItem: () => kept, setItem: (_, value) => (kept = value) };
}

test("relations follow each other, and after the last comes none", () => {
  const seen = [""];
  do seen.push(following(seen.at(-1)));
  while (seen.at(-1));
  assert.deepEqual(seen, ["", "same_carving", "same_character", "variant", ""]);
});

test("each relation has a name, and none has one too", () => {
  assert.equal(named("variant"), "variant form");
  assert.equal(named(""), "not given");
});

test("the coming relation outlives a reload", () => {
  const kept = store();
  new Coming("relation", kept).turn();
  assert.equal(new Coming("relation", kept).value, "same_carving");
});

test("what no relation is, in the store, is none", () => {
  assert.equal(new Coming("relation", store("cousin")).value, "");
});

test("a browser that keeps nothing turns the relation all the same", () => {
  const closed = {
    getItem() {
      throw new Error("closed");
    },
    setItem() {
      throw new Error("closed");
    },
  };
  const coming = new Coming("relation", closed);
  coming.turn();
  assert.equal(coming.value, "same_carving");
});
