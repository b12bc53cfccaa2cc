import assert from "node:assert/strict";
import { test } from "node:test";
import { following, NextRelation, named } from "../../../../static/js/review/answering/relation.js";
import { closedStore, store } from "../store.js";

test("relations follow each other, and after the last comes none", () => {
  const seen = [""];
  do seen.push(following(seen.at(-1)));
  while (seen.at(-1));
  assert.deepEqual(seen, ["", "same_carving", "same_character", "variant", ""]);
});

test("each relation has a name, and none has one too", () => {
  assert.equal(named("variant"), "variant form");
  assert.equal(named(""), "not set");
});

test("the coming relation outlives a reload", () => {
  const kept = store();
  new NextRelation("relation", kept).turn();
  assert.equal(new NextRelation("relation", kept).value, "same_carving");
});

test("what no relation is, in the store, is none", () => {
  assert.equal(new NextRelation("relation", store({ relation: JSON.stringify("cousin") })).value, "");
});

test("a browser that keeps nothing turns the relation all the same", () => {
  const coming = new NextRelation("relation", closedStore());
  coming.turn();
  assert.equal(coming.value, "same_carving");
});
