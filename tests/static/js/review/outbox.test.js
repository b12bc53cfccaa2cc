import assert from "node:assert/strict";
import { test } from "node:test";
import { NetError } from "../../../../static/js/lib/net.js";
import { Outbox } from "../../../../static/js/review/answering/outbox.js";
import { closedStore, store } from "../store.js";

function box(send, kept = store()) {
  const heard = [];
  const outbox = new Outbox({
    name: "answers",
    store: kept,
    send,
    changed: (state) => heard.push(state),
    waits: [0.001],
  });
  return { outbox, heard, kept };
}

async function settled(outbox) {
  while (outbox.going || outbox.waiting().length) await new Promise((done) => setTimeout(done, 2));
}

const entry = (key, query = 1) => ({ key, query, url: "/", body: {} });

test("answers go out one after the other, in order", async () => {
  const sent = [];
  let busy = 0;
  const { outbox } = box(async ({ key }) => {
    busy += 1;
    assert.equal(busy, 1);
    await new Promise((done) => setTimeout(done, 1));
    busy -= 1;
    sent.push(key);
  });
  for (const key of ["b", "a", "c"]) outbox.add(entry(key));
  await settled(outbox);
  assert.deepEqual(sent, ["b", "a", "c"]);
});

test("an answer that meets no network waits, and is sent again", async () => {
  let tries = 0;
  const { outbox, heard } = box(async () => {
    tries += 1;
    if (tries < 4) throw new NetError("network", "away");
  });
  outbox.add(entry("a"));
  await settled(outbox);
  assert.equal(tries, 4);
  assert.equal(heard.at(-1), "saved");
  assert.ok(heard.includes("waiting"));
});

test("a refused answer stays until it is decided on, and does not hold up the others", async () => {
  const sent = [];
  const { outbox, heard, kept } = box(async ({ key }) => {
    if (key === "a") throw new NetError("refused", "no", "try", "card_changed", { card: { id: 1, version: "2" } });
    sent.push(key);
  });
  outbox.add(entry("a"));
  outbox.add(entry("b"));
  await settled(outbox);
  assert.deepEqual(sent, ["b"]);
  assert.ok(heard.includes("refused"));
  const [refused] = box(() => {}, kept).outbox.refused(); // after a reload too
  assert.deepEqual(refused.refused, {
    code: "card_changed",
    message: "no",
    hint: "try",
    card: { id: 1, version: "2" },
  });
  outbox.drop(refused);
  assert.equal(outbox.entries().length, 0);
});

test("a refused answer given all the same keeps its key", async () => {
  const sent = [];
  const { outbox } = box(async ({ key, body }) => {
    if (body.version !== "2") throw new NetError("refused", "no", "", "card_changed");
    sent.push(key);
  });
  outbox.add({ ...entry("a"), body: { version: "1" } });
  await settled(outbox);
  const [refused] = outbox.refused();
  outbox.again(refused, { version: "2" });
  await settled(outbox);
  assert.deepEqual(sent, ["a"]);
  assert.equal(outbox.entries().length, 0);
});

test("answers that were not sent are there after a reload", async () => {
  const kept = store();
  const away = box(() => new Promise(() => {}), kept);
  away.outbox.add(entry("a"));
  const sent = [];
  const { outbox } = box(async ({ key }) => sent.push(key), kept);
  assert.equal(outbox.entries().length, 1);
  outbox.hurry();
  await settled(outbox);
  assert.deepEqual(sent, ["a"]);
});

test("two pages never write over each other's answers", () => {
  const kept = store();
  const one = box(() => new Promise(() => {}), kept).outbox;
  const other = box(() => new Promise(() => {}), kept).outbox;
  one.add(entry("a"));
  other.add(entry("b"));
  one.drop(entry("a"));
  assert.deepEqual(
    one.entries().map(({ key }) => key),
    ["b"],
  );
});

test("what an older page kept as one list goes out too", async () => {
  const kept = store();
  kept.setItem("answers", JSON.stringify([entry("a"), entry("b")]));
  const sent = [];
  const { outbox } = box(async ({ key }) => sent.push(key), kept);
  outbox.hurry();
  await settled(outbox);
  assert.deepEqual(sent, ["a", "b"]);
  assert.equal(kept.length, 0);
});

test("where the browser keeps nothing, answers are sent all the same", async () => {
  const sent = [];
  const { outbox } = box(async ({ key }) => sent.push(key), closedStore());
  outbox.add(entry("a"));
  outbox.add(entry("b"));
  await settled(outbox);
  assert.deepEqual(sent, ["a", "b"]);
});
