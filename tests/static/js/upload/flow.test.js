import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { NetError } from "../../../../static/js/lib/net.js";
import { size } from "../../../../static/js/upload/list.js";
import { Sending } from "../../../../static/js/upload/sending.js";
import { openPage } from "../page.js";

const URLS = { files: "/files/", close: "/close/", page: "/batches/1/" };
const fetched = globalThis.fetch;
let asked;

beforeEach(() => {
  openPage();
  asked = [];
  globalThis.fetch = async (url) => {
    asked.push(url);
    return { status: 200, redirected: false, json: async () => URLS };
  };
});
afterEach(() => {
  globalThis.fetch = fetched;
});

/** An upload of some files, whose requests are answered by `post(rows)`. */
function upload(names, post) {
  const sending = new Sending({ create: "/create/", changed: () => {}, waits: [0.001, 0.001] });
  sending.add(names.map((name) => ({ name, file: { name, size: 10 } })));
  sending.post = post;
  return sending;
}

const taken = async (rows) => ({ results: rows.map(() => ({ kind: "taken" })) });

test("every file is sent, what is left out is said, and the page is opened", async () => {
  const sending = upload(["a.png", "b.txt"], async () => ({
    results: [{ kind: "taken" }, { kind: "left_out", reason: "not a picture" }],
  }));
  assert.equal(await sending.run({ name: "x" }), URLS.page);
  assert.deepEqual(asked, ["/create/", "/close/"]);
  assert.deepEqual(
    sending.rows.map(({ state, reason }) => [state, reason]),
    [
      ["done", ""],
      ["left_out", "not a picture"],
    ],
  );
});

test("what the server refuses fails alone, and can be sent again", async () => {
  let refuses = true;
  const sending = upload(["a.png"], async (rows) => {
    if (refuses) throw new NetError("refused", "too large", "send it smaller");
    return taken(rows);
  });
  await sending.run({ name: "x" });
  assert.deepEqual([sending.rows[0].state, sending.rows[0].reason], ["failed", "too large; send it smaller"]);
  refuses = false;
  sending.again();
  await sending.run({ name: "x" });
  assert.equal(sending.rows[0].state, "done");
  assert.equal(asked.filter((url) => url === "/create/").length, 1); // one batch for both
});

test("a network that fails is told of while it is tried again", async () => {
  let tries = 0;
  const troubles = [];
  const sending = upload(["a.png"], async (rows) => {
    tries += 1;
    if (tries < 3) throw new NetError("network", "the server does not respond");
    return taken(rows);
  });
  sending.changed = () => troubles.push(sending.trouble);
  await sending.run({ name: "x" });
  assert.equal(sending.rows[0].state, "done");
  assert.ok(troubles.some((words) => words.includes("retrying")));
  assert.equal(sending.trouble, "");
});

test("what was not sent when it is cancelled is cancelled, and a wait ends at once", async () => {
  const names = Array.from({ length: 100 }, (_, i) => `${i}.png`);
  const sending = upload(names, async () => {
    throw new NetError("network", "away");
  });
  sending.waits = [60, 60];
  const going = sending.run({ name: "x" });
  setTimeout(() => sending.cancel(), 5);
  await going;
  assert.equal(sending.count("cancelled"), 100);
  assert.equal(asked.at(-1), "/close/"); // so that what arrived is looked at
});

test("who is logged out sends nothing more", async () => {
  let posts = 0;
  const names = Array.from({ length: 200 }, (_, i) => `${i}.png`);
  const sending = upload(names, async () => {
    posts += 1;
    throw new NetError("loggedout", "you are logged out");
  });
  await sending.run({ name: "x" });
  assert.ok(posts <= 2);
});

test("bytes that left are the first files'", () => {
  const sending = upload(["a", "b", "c"], taken);
  sending.spread(sending.rows, 0.5);
  assert.deepEqual(
    sending.rows.map(({ loaded }) => loaded),
    [10, 5, 0],
  );
});

test("sizes are told in words", () => {
  assert.deepEqual([900, 2048, 3 << 20].map(size), ["900 B", "2 KB", "3.0 MB"]);
});
