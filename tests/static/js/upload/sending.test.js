import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, NetError } from "../../../../static/js/lib/net.js";
import { commonName } from "../../../../static/js/upload/entries.js";
import { packed, Sending } from "../../../../static/js/upload/sending.js";

const row = (size, name = `${size}`) => ({ file: { size }, name });

test("requests hold at most 40 files or 24 MB, and every file once", () => {
  const rows = Array.from({ length: 95 }, () => row(1000));
  assert.deepEqual(
    packed(rows).map((group) => group.length),
    [40, 40, 15],
  );
  const large = [row(20 << 20), row(20 << 20), row(100 << 20), row(1)];
  assert.deepEqual(
    packed(large).map((group) => group.length),
    [1, 1, 1, 1],
  );
  assert.deepEqual(packed([]), []);
});

test("a file chosen twice is sent once", () => {
  const sending = new Sending({ create: "/", changed: () => {} });
  sending.add([row(5, "a"), row(5, "a"), row(6, "a")]);
  assert.equal(sending.rows.length, 2);
});

test("what fails for want of a network is tried again, what is refused is not", async () => {
  const sending = new Sending({ create: "/", changed: () => {}, waits: [0.001, 0.001] });
  let tries = 0;
  const away = () => {
    tries += 1;
    throw new NetError("network", "away");
  };
  await assert.rejects(sending.persist(away), /away/);
  assert.equal(tries, 3);
  const refused = () => {
    tries += 1;
    throw new NetError("refused", "no");
  };
  await assert.rejects(sending.persist(refused), /no/);
  assert.equal(tries, 4);
});

test("a cancelled upload gives up waiting", async () => {
  const sending = new Sending({ create: "/", changed: () => {}, waits: [60] });
  const going = sending.persist(() => {
    throw new NetError("network", "away");
  });
  setTimeout(() => sending.cancel(), 5);
  await assert.rejects(going, /away/);
});

test("answers are judged by what can be done about them", () => {
  assert.deepEqual(judge(200, false, { a: 1 }), { a: 1 });
  const kind = (...words) => {
    try {
      return judge(...words);
    } catch (error) {
      return error.kind;
    }
  };
  assert.equal(kind(200, true, null), "loggedout");
  assert.equal(kind(403, false, { code: "csrf" }), "loggedout");
  assert.equal(kind(403, false, { code: "403" }), "refused");
  assert.equal(kind(503, false, null), "server");
  assert.equal(kind(413, false, { error: "too large" }), "refused");
  assert.equal(kind(200, false, null), "server");
});

test("a folder or a zip gives its name", () => {
  assert.equal(commonName([{ name: "Kiều/1.png" }, { name: "Kiều/a/2.png" }]), "Kiều");
  assert.equal(commonName([{ name: "scans.zip" }]), "scans");
  assert.equal(commonName([{ name: "1.png" }, { name: "2.png" }]), "");
});
