import assert from "node:assert/strict";
import { test } from "node:test";
import { Assignment } from "../../../../static/js/review/assignment/assignment.js";
import { Tabs } from "../../../../static/js/review/assignment/tabs.js";
import { store } from "../store.js";

/** A server with so many cards, that deals those which are not named in `have`. */
function table(count, { unsent = () => [], tabs = new Tabs("hands", store()) } = {}) {
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
  const assignment = new Assignment({ ask, keep: (card) => kept.push(card.id), unsent, tabs });
  return { assignment, asked, kept, answered };
}

test("cards are dealt ahead, and no card twice", async () => {
  const { assignment, asked, kept, answered } = table(20);
  assignment.take(1);
  await Promise.all([assignment.fill(), assignment.fill()]);
  assert.equal(asked.length, 1);
  assert.deepEqual(assignment.queue, [2, 3, 4, 5, 6, 7, 8, 9]);
  for (const id of [1, 2, 3, 4, 5]) {
    answered.add(id);
    assignment.done(id);
  }
  await assignment.fill();
  assert.deepEqual(assignment.queue, [6, 7, 8, 9, 10, 11, 12, 13]);
  assert.equal(new Set(kept).size, kept.length);
});

test("a card whose answer is still on its way does not come again", async () => {
  const { assignment } = table(3, { unsent: () => [2] });
  await assignment.fill();
  assert.deepEqual(assignment.queue, [1, 3]);
});

test("a card that was left comes next again, an answered one does not", async () => {
  const { assignment } = table(4);
  await assignment.fill();
  assignment.shown(1);
  assignment.shown(2);
  assignment.back(1);
  assignment.done(2);
  assignment.back(2);
  assert.deepEqual(assignment.queue, [1, 3, 4]);
});

test("at the end there is none, and it is known how many others hold", async () => {
  const { assignment } = table(0);
  assignment.ask = async () => ({ cards: [], left: 2 });
  assert.equal(await assignment.next(), null);
  assert.equal(assignment.elsewhere, 2);
});

test("another order gives back what was not seen", async () => {
  const { assignment, asked } = table(20);
  assignment.take(1);
  await assignment.fill();
  assignment.restart({ order: "uncertain" });
  assert.deepEqual(asked.at(-1), ["release", { ids: [2, 3, 4, 5, 6, 7, 8, 9] }]);
  assert.deepEqual([...assignment.leased], [1]);
  await assignment.next();
  assert.equal(asked.at(-1)[1].order, "uncertain");
});

test("cards dealt in an order that is not wanted any more are given back", async () => {
  const { assignment, asked } = table(20);
  const late = assignment.fill();
  assignment.restart({ order: "character" });
  await late;
  assert.deepEqual(assignment.queue, []);
  assert.equal(asked.at(-1)[0], "release");
});

test("in the round of the skipped ones each comes once", async () => {
  const { assignment } = table(2);
  assignment.restart({ skipped: true });
  assert.equal(await assignment.next(), 1);
  assignment.done(1);
  assignment.done(2);
  assert.equal(await assignment.next(), null);
});

test("leases that somebody else has by now are dropped, and told of", async () => {
  const { assignment } = table(5);
  await assignment.fill();
  let dropped = [];
  assignment.lost = (ids) => (dropped = ids);
  await assignment.renew();
  assert.deepEqual(dropped, [3]);
  assert.deepEqual(assignment.queue, [1, 2, 4, 5]);
});

test("a sign of life that meets no network loses nothing", async () => {
  const { assignment } = table(5);
  await assignment.fill();
  assignment.ask = async () => {
    throw new Error("away");
  };
  await assignment.renew();
  assert.equal(assignment.leased.size, 5);
});

test("two tabs of one person are dealt different cards, until one is gone", async () => {
  const kept = store();
  let now = 0;
  const clock = () => now;
  const one = table(20, { tabs: new Tabs("hands", kept, clock) }).assignment;
  const other = table(20, { tabs: new Tabs("hands", kept, clock) }).assignment;
  await one.fill();
  await other.fill();
  assert.deepEqual(
    one.queue.filter((id) => other.queue.includes(id)),
    [],
  );
  now += 151_000;
  assert.deepEqual(other.tabs.others(), []);
});
