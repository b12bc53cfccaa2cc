import assert from "node:assert/strict";
import { test } from "node:test";
import { Dealer } from "../../../../static/js/review/assignment/assignment.js";
import { Tabs } from "../../../../static/js/review/assignment/tabs.js";

function store() {
  const kept = new Map();
  return {
    get length() {
      return kept.size;
    },
    key: (place) => [...kept.keys()][place] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  };
}

/** A server with so many cards, that deals those which are not named in `have`. */
function table(count, { away = () => [], tabs = new Tabs("hands", store()) } = {}) {
  const asked = [];
  const kept = [];
  const answered = new Set();
  const ask = async (what, body) => {
    asked.push([what, body]);
    if (what === "hold") return { held: body.ids, lost: body.ids.filter((id) => id === 3) };
    if (what === "release") return {};
    const open = Array.from({ length: count }, (_, i) => i + 1).filter(
      (id) => !body.have.includes(id) && !answered.has(id),
    );
    const cards = open.slice(0, body.count).map((id) => ({ id }));
    return { cards, left: open.length - cards.length };
  };
  const dealer = new Dealer({ ask, keep: (card) => kept.push(card.id), away, tabs });
  return { dealer, asked, kept, answered };
}

test("cards are dealt ahead, and no card twice", async () => {
  const { dealer, asked, kept, answered } = table(20);
  dealer.take(1);
  await Promise.all([dealer.fill(), dealer.fill()]);
  assert.equal(asked.length, 1);
  assert.deepEqual(dealer.queue, [2, 3, 4, 5, 6, 7, 8, 9]);
  for (const id of [1, 2, 3, 4, 5]) {
    answered.add(id);
    dealer.done(id);
  }
  await dealer.fill();
  assert.deepEqual(dealer.queue, [6, 7, 8, 9, 10, 11, 12, 13]);
  assert.equal(new Set(kept).size, kept.length);
});

test("a card whose answer is still on its way does not come again", async () => {
  const { dealer } = table(3, { away: () => [2] });
  await dealer.fill();
  assert.deepEqual(dealer.queue, [1, 3]);
});

test("a card that was left comes next again, an answered one does not", async () => {
  const { dealer } = table(4);
  await dealer.fill();
  dealer.shown(1);
  dealer.shown(2);
  dealer.back(1);
  dealer.done(2);
  dealer.back(2);
  assert.deepEqual(dealer.queue, [1, 3, 4]);
});

test("at the end there is none, and it is known how many others hold", async () => {
  const { dealer } = table(0);
  dealer.ask = async () => ({ cards: [], left: 2 });
  assert.equal(await dealer.next(), null);
  assert.equal(dealer.elsewhere, 2);
});

test("another order gives back what was not seen", async () => {
  const { dealer, asked } = table(20);
  dealer.take(1);
  await dealer.fill();
  dealer.anew({ order: "uncertain" });
  assert.deepEqual(asked.at(-1), ["release", { ids: [2, 3, 4, 5, 6, 7, 8, 9] }]);
  assert.deepEqual([...dealer.held], [1]);
  await dealer.next();
  assert.equal(asked.at(-1)[1].order, "uncertain");
});

test("cards dealt in an order that is not wanted any more are given back", async () => {
  const { dealer, asked } = table(20);
  const late = dealer.fill();
  dealer.anew({ order: "character" });
  await late;
  assert.deepEqual(dealer.queue, []);
  assert.equal(asked.at(-1)[0], "release");
});

test("in the round of the skipped ones each comes once", async () => {
  const { dealer } = table(2);
  dealer.anew({ skipped: true });
  assert.equal(await dealer.next(), 1);
  dealer.done(1);
  dealer.done(2);
  assert.equal(await dealer.next(), null);
});

test("leases that somebody else has by now are dropped, and told of", async () => {
  const { dealer } = table(5);
  await dealer.fill();
  let told = [];
  dealer.lost = (ids) => (told = ids);
  await dealer.hold();
  assert.deepEqual(told, [3]);
  assert.deepEqual(dealer.queue, [1, 2, 4, 5]);
});

test("a sign of life that meets no network loses nothing", async () => {
  const { dealer } = table(5);
  await dealer.fill();
  dealer.ask = async () => {
    throw new Error("away");
  };
  await dealer.hold();
  assert.equal(dealer.held.size, 5);
});

test("two tabs of one person are dealt different cards, until one is gone", async () => {
  const kept = store();
  let now = 0;
  const clock = () => now;
  const one = table(20, { tabs: new Tabs("hands", kept, clock) }).dealer;
  const other = table(20, { tabs: new Tabs("hands", kept, clock) }).dealer;
  await one.fill();
  await other.fill();
  assert.deepEqual(
    one.queue.filter((id) => other.queue.includes(id)),
    [],
  );
  now += 151_000;
  assert.deepEqual(other.tabs.others(), []);
});
