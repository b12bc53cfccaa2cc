import assert from "node:assert/strict";
import { test } from "node:test";
import { OwnKeys } from "../../../../static/js/keys/own.js";
import { NetError } from "../../../../static/js/lib/net.js";
import { closedStore, store } from "../store.js";

const MINE = { none: ["z"] };

/** One's own keys, with what was sent to the account. */
function own({ account = null, kept = store(), away = false } = {}) {
  const sent = [];
  const send = async (_, body) => {
    if (away) throw new NetError("network", "away");
    sent.push(body);
  };
  return { keys: new OwnKeys({ page: "review", url: "/keys/", account, store: kept, name: "keys", send }), sent, kept };
}

const soon = () => new Promise((done) => setTimeout(done, 0));

test("the account's keys count, whatever an older page kept in this browser", async () => {
  const kept = store({ keys: JSON.stringify({ none: ["x"] }) });
  const { keys, sent } = own({ account: MINE, kept });
  assert.deepEqual(keys.load(), MINE);
  await soon();
  assert.deepEqual(sent, []);
  assert.equal(kept.length, 0);
});

test("what an older page kept in the browser goes to the account, once", async () => {
  const kept = store({ keys: JSON.stringify(MINE) });
  const { keys, sent } = own({ kept });
  assert.deepEqual(keys.load(), MINE);
  await soon();
  assert.deepEqual(sent, [{ page: "review", keys: MINE }]);
  assert.equal(kept.length, 0);
});

test("keys that were put back on another computer stay put back", async () => {
  const { keys, sent } = own({ account: {}, kept: store({ keys: JSON.stringify(MINE) }) });
  assert.deepEqual(keys.load(), {});
  await soon();
  assert.deepEqual(sent, []);
});

test("what could not be sent is kept, counts, and is sent from the next page", async () => {
  const { keys, kept } = own({ account: { skip: ["k"] }, away: true });
  await keys.save(MINE);
  const next = own({ account: { skip: ["k"] }, kept });
  assert.deepEqual(next.keys.load(), MINE);
  await soon();
  assert.deepEqual(next.sent, [{ page: "review", keys: MINE }]);
  assert.equal(kept.length, 0);
});

test("a broken store, or none, gives the account's keys", () => {
  for (const broken of ["{", "[]", "3", "null"]) {
    assert.deepEqual(own({ kept: store({ keys: broken }) }).keys.load(), {});
  }
  assert.deepEqual(own({ kept: store({ keys: '{"none": 3, "skip": ["k"]}' }) }).keys.load(), { skip: ["k"] });
  assert.deepEqual(own({ account: MINE, kept: closedStore() }).keys.load(), MINE);
});
