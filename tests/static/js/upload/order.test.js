import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { byNaturalOrder } from "../../../../static/js/upload/order.js";
import { Sending } from "../../../../static/js/upload/sending.js";

test("names are ordered as the server orders them", () => {
  const names = JSON.parse(readFileSync(new URL("../../../common/natural_order.json", import.meta.url), "utf8"));
  assert.deepEqual([...names].reverse().sort(byNaturalOrder), names);
  assert.deepEqual([...names].sort(byNaturalOrder), names);
});

test("a folder leaves in natural order, one request after the other", async () => {
  const sending = new Sending({ create: "/", changed: () => {} });
  const names = Array.from({ length: 90 }, (_, at) => `pages/${at + 1}.png`);
  sending.add([...names].sort().map((name) => ({ name, file: { size: 1 } })));
  sending.add([{ name: "cover.png", file: { size: 1 } }]);
  sending.urls = { files: "/", close: "/", page: "/" };
  const sent = [];
  let open = 0;
  sending.post = async (rows) => {
    open += 1;
    await new Promise((done) => setTimeout(done, 5 - sent.length));
    assert.equal(open, 1);
    open -= 1;
    sent.push(...rows.map(({ name }) => name));
    return { results: rows.map(() => ({ kind: "query" })) };
  };
  sending.persist = async (attempt, last) => (last ? {} : attempt());
  await sending.run({});
  assert.deepEqual(sent, ["cover.png", ...names]);
});
