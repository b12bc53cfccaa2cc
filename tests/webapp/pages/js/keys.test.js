import assert from "node:assert/strict";
import { test } from "node:test";
import { meaning } from "../../../../static/js/review/keys.js";

const key = (name, more = {}) => meaning({ key: name, code: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

test("digits choose, whatever row or pad they are on", () => {
  assert.deepEqual(key("3", { code: "Numpad3" }), { do: "choose", rank: 3 });
  assert.deepEqual(key("3", { code: "Digit3", shiftKey: true }), { do: "choose", rank: 3 }); // as on AZERTY
  assert.equal(key("6"), null);
});

test("shift and a digit look at the candidate", () => {
  assert.deepEqual(key("#", { code: "Digit3", shiftKey: true }), { do: "view", rank: 3 });
});

test("letters answer, in either case", () => {
  assert.deepEqual(key("D"), { do: "answer", verdict: "none", reason: "damaged" });
  assert.deepEqual(key("0"), { do: "answer", verdict: "none", reason: "" });
  assert.deepEqual(key("s"), { do: "answer", verdict: "skip", reason: "" });
  assert.deepEqual(key("u"), { do: "undo" });
});

test("F and the slash look for another block, R turns the relation", () => {
  assert.deepEqual(key("F"), { do: "find" });
  assert.deepEqual(key("/", { code: "Slash" }), { do: "find" });
  assert.deepEqual(key("?", { code: "Slash", shiftKey: true }), { do: "help" });
  assert.deepEqual(key("r"), { do: "relate" });
});

test("the browser's own shortcuts are left alone", () => {
  for (const held of ["ctrlKey", "metaKey", "altKey"]) assert.equal(key("1", { [held]: true }), null);
});
