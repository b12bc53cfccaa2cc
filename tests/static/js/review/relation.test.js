import assert from "node:assert/strict";
import { test } from "node:test";
import { following, NextRelation, named, proposedFor } from "../../../../static/js/review/answering/relation.js";
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

const SAME = { proposed: "same_carving" };

test("what is proposed is chosen, and turned for its card alone", () => {
  const next = new NextRelation("relation", store());
  assert.deepEqual([next.of(SAME), next.source(SAME)], ["same_carving", "proposed"]);
  next.turn(SAME);
  assert.deepEqual([next.of(SAME), next.source(SAME), next.value], ["same_character", "card", ""]);
  for (const _ of [1, 2]) next.turn(SAME);
  assert.deepEqual([next.of(SAME), next.source(SAME)], ["", "card"]);
  next.leaveCard();
  assert.equal(next.of(SAME), "same_carving");
});

test("what a person set goes before what is proposed, and can be turned away again", () => {
  const next = new NextRelation("relation", store());
  next.turn();
  next.turn();
  assert.deepEqual([next.of(SAME), next.source(SAME)], ["same_character", "next"]);
  next.turn(SAME);
  next.turn(SAME);
  assert.deepEqual([next.of(SAME), next.source(SAME)], ["same_carving", "proposed"]);
});

test("what cannot be told is not proposed", () => {
  for (const suggestion of [undefined, {}, { proposed: "" }, { proposed: "cannot_tell" }]) {
    assert.equal(proposedFor(suggestion), "");
    assert.equal(new NextRelation("relation", store()).source(suggestion), "next");
  }
});
