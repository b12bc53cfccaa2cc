import assert from "node:assert/strict";
import { test } from "node:test";
import { printed, Shortcuts } from "../../../../static/js/keys/shortcuts.js";

function store(kept = null) {
  return { getItem: () => kept, setItem: (_, value) => (kept = value) };
}

function shortcuts(kept = store()) {
  const made = new Shortcuts({ name: "keys", store: kept });
  made.add({ id: "none", keys: ["0"], label: "none of them", act() {} });
  made.add({ id: "find", keys: ["f", "/"], label: "find another", act() {} });
  return made;
}

test("a key does what it does at first, until it is bound to something else", () => {
  const some = shortcuts();
  assert.equal(some.of("/").id, "find");
  assert.equal(some.bind("find", "j"), "");
  assert.equal(some.of("j").id, "find");
  assert.equal(some.of("f"), null);
  assert.equal(some.bind("none", "f"), ""); // free now
  assert.equal(some.of("f").id, "none");
});

test("a key that is taken is not taken away, and its holder is named", () => {
  const some = shortcuts();
  assert.equal(some.bind("none", "f"), "find another");
  assert.deepEqual(some.keysOf("none"), ["0"]);
  assert.equal(some.bind("find", "f"), ""); // its own
});

test("Escape and Tab are nobody's", () => {
  const some = shortcuts();
  for (const key of ["escape", "tab"]) assert.match(some.bind("none", key), /Press another/);
});

test("what is bound outlives a reload, and can be put back", () => {
  const kept = store();
  shortcuts(kept).bind("none", "z");
  const again = shortcuts(kept);
  assert.equal(again.of("z").id, "none");
  assert.ok(!again.isUsual);
  again.reset();
  assert.equal(again.of("0").id, "none");
  assert.ok(shortcuts(kept).isUsual);
});

test("a broken store gives the usual keys", () => {
  for (const broken of ["{", "[]", '{"none": 3}', "null"]) {
    assert.deepEqual(shortcuts(store(broken)).keysOf("none"), ["0"]);
  }
  const closed = {
    getItem() {
      throw new Error("closed");
    },
    setItem() {
      throw new Error("closed");
    },
  };
  const some = shortcuts(closed);
  some.bind("none", "z");
  assert.equal(some.of("z").id, "none");
});

test("keys are named as they are printed", () => {
  assert.deepEqual(["d", "space", "arrowleft", "f5", "!"].map(printed), ["D", "Space", "←", "F5", "!"]);
});
