import assert from "node:assert/strict";
import { test } from "node:test";
import { printed, Shortcuts } from "../../../../static/js/keys/shortcuts.js";

/** Keys that are kept nowhere but here. */
function kept(own = {}) {
  const keeps = {
    own,
    load: () => keeps.own,
    save: (bindings) => {
      keeps.own = bindings;
    },
  };
  return keeps;
}

function shortcuts(keeps = kept()) {
  const made = new Shortcuts(keeps);
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

test("what is bound is kept, and can be put back", () => {
  const keeps = kept();
  shortcuts(keeps).bind("none", "z");
  assert.deepEqual(keeps.own, { none: ["z"] });
  const again = shortcuts(keeps);
  assert.equal(again.of("z").id, "none");
  assert.ok(!again.isUsual);
  again.reset();
  assert.equal(again.of("0").id, "none");
  assert.ok(shortcuts(keeps).isUsual);
});

test("of several names of a press, the first that is bound counts", () => {
  const some = shortcuts(kept({ find: ["а"] }));
  assert.equal(some.ofAny(["à", "0"]).id, "none"); // nothing is bound to the character: its place
  assert.equal(some.ofAny(["а", "0"]).id, "find"); // one's own key, in one's own script
  assert.equal(some.ofAny(["x", "y"]), null);
});

test("keys are named as they are printed", () => {
  assert.deepEqual(["d", "space", "arrowleft", "f5", "!"].map(printed), ["D", "Space", "←", "F5", "!"]);
});
