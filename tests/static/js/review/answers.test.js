import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Answers, decisionOf } from "../../../../static/js/review/answering/answers.js";
import { worded } from "../../../../static/js/review/answering/verdicts.js";
import { BatchStates } from "../../../../static/js/review/assignment/batch.js";
import { openPage } from "../page.js";

const fetched = globalThis.fetch;
let sent;

beforeEach(() => {
  openPage();
  sent = [];
  globalThis.fetch = async (url, { body }) => {
    sent.push({ url, ...JSON.parse(body) });
    return { status: 200, redirected: false, json: async () => ({ progress: { answered: 1 } }) };
  };
});
afterEach(() => {
  globalThis.fetch = fetched;
});

const CARD = {
  id: 2,
  name: "2.png",
  image: null,
  answer: "/answer/2",
  remark: "/remark/2",
  version: "v1",
  suggestions: [{ item: { id: 7 } }, { item: { id: 8 } }],
  decision: null,
  found: null,
};

function answers() {
  const batch = new BatchStates({ ids: [1, 2, 3], states: "---" });
  return { batch, some: new Answers({ name: "mine", batch, changed: () => {} }) };
}

async function arrived(some) {
  while (some.outbox.going) await new Promise((done) => setTimeout(done, 1));
}

test("a match is sent with its card's version, and what was shown", async () => {
  const { some, batch } = answers();
  const also = [{ item: 8, relation: "variant", found: { id: 8 } }];
  some.give(CARD, { verdict: "match", item: 7, relation: "same_carving", also, flag: true }, { before: null });
  assert.equal(some.of(CARD).item, 7);
  assert.equal(batch.count("a"), 1);
  await arrived(some);
  const [{ client_key: key, ...body }] = sent;
  assert.match(key, /^[0-9a-f-]{36}$/);
  assert.deepEqual(body, {
    url: "/answer/2",
    verdict: "match",
    item: 7,
    relation: "same_carving",
    fit: null,
    also: [{ item: 8, relation: "variant", fit: null }],
    comment: "",
    flag: true,
    version: "v1",
    shown: [7, 8],
  });
});

test("an answer without a match has its reason, and neither item nor relation", async () => {
  const { some } = answers();
  some.give(CARD, { verdict: "none", reason: "damaged" });
  await arrived(some);
  assert.equal(sent[0].reason, "damaged");
  assert.ok(!("item" in sent[0]) && !("relation" in sent[0]) && !("fit" in sent[0]) && !("also" in sent[0]));
});

test("what is taken back is open again, also over what the card came with", () => {
  const { some, batch } = answers();
  const answered = { ...CARD, decision: { verdict: "none" } };
  assert.deepEqual(some.of(answered), { verdict: "none", found: null });
  some.give(answered, { verdict: "withdrawn" });
  assert.equal(some.of(answered), null);
  assert.equal(batch.count("a"), 0);
});

test("undoing goes as far back as the tab does", () => {
  const { some } = answers();
  some.give(CARD, { verdict: "skip" }, { before: null });
  const again = answers().some; // the page was loaded again
  assert.equal(again.undos.length, 1);
  assert.equal(again.undos[0].card.answer, "/answer/2");
  again.forget(2, null);
  assert.equal(answers().some.undos.length, 0);
});

test("a card's own decision has its found block", () => {
  assert.equal(decisionOf(CARD), null);
  assert.deepEqual(decisionOf({ decision: { verdict: "match", item: 9 }, found: { id: 9 } }).found, { id: 9 });
});

test("verdicts have words, with the server's reasons", () => {
  const reasons = [{ id: "damaged", key: "d", label: "damaged" }];
  assert.equal(worded({ verdict: "none", reason: "damaged" }, reasons), "none, damaged");
  assert.equal(worded({ verdict: "none" }, reasons), "none of them");
  assert.equal(worded({ verdict: "match", item: { character: "心", name: "a.stl" } }, reasons), "心 a.stl");
  assert.equal(worded({ verdict: "match" }, reasons), "a match");
});

test("a field that goes with every verdict is sent and kept without being named", async () => {
  const { some } = answers();
  some.give(CARD, { verdict: "none", reason: "damaged", legible: 3 });
  assert.equal(some.of(CARD).legible, 3);
  assert.equal(some.of(CARD).version, undefined);
  await arrived(some);
  assert.equal(sent[0].legible, 3);
  assert.equal("found" in sent[0], false);
});
