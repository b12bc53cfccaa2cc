import assert from "node:assert/strict";
import { test } from "node:test";
import { NetError } from "../../../../static/js/lib/net.js";
import { Outbox } from "../../../../static/js/review/outbox.js";

function store() {
  const kept = new Map();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
}

function box(send, kept = store()) {
  const heard = [];
  const outbox = new Outbox({ name: "answers", store: kept, send, told: (state) => heard.push(state), waits: [0.001] });
  return { outbox, heard, kept };
}

async function settled(outbox) {
  while (outbox.going || outbox.entries().length) await new Promise((done) => setTimeout(done, 2));
}

const entry = (key) => ({ key, query: 1, url: "/", body: {} });

test("answers go out one after the other, in order", async () => {
  const sent = [];
  let busy = 0;
  const { outbox } = box(async ({ key }) => {
    assert.equal((busy += 1), 1);
    await new Promise((done) => setTimeout(done, 1));
    busy -= 1;
    sent.push(key);
  });
  for (const key of ["a", "b", "c"]) outbox.add(entry(key));
  await settled(outbox);
  assert.deepEqual(sent, ["a", "b", "c"]);
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

test("a refused answer is told of, and does not hold up the others", async () => {
  const sent = [];
  const { outbox, heard } = box(async ({ key }) => {
    if (key === "a") throw new NetError("refused", "no");
    sent.push(key);
  });
  outbox.add(entry("a"));
  outbox.add(entry("b"));
  await settled(outbox);
  assert.deepEqual(sent, ["b"]);
  assert.ok(heard.includes("refused"));
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

test("where the browser keeps nothing, answers are sent all the same", async () => {
  const sent = [];
  const refusing = {
    getItem: () => {
      throw new Error("denied");
    },
    setItem: () => {
      throw new Error("denied");
    },
  };
  const { outbox } = box(async ({ key }) => sent.push(key), refusing);
  outbox.add(entry("a"));
  outbox.add(entry("b"));
  await settled(outbox);
  assert.deepEqual(sent, ["a", "b"]);
});
