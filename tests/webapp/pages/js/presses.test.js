import assert from "node:assert/strict";
import { test } from "node:test";
import { composing, keyOf } from "../../../../static/js/keys/presses.js";

const press = (key, more = {}) => keyOf({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });

test("a key is known by what it types, in either case", () => {
  assert.equal(press("D"), "d");
  assert.equal(press("3"), "3"); // whatever row or pad it is on
  assert.equal(press("?"), "?");
  assert.equal(press(" "), "space");
  assert.equal(press("ArrowLeft"), "arrowleft");
});

test("the browser's own shortcuts are left alone", () => {
  for (const held of ["ctrlKey", "metaKey", "altKey"]) assert.equal(press("1", { [held]: true }), null);
});

test("what types nothing by itself is no key", () => {
  for (const silent of ["Shift", "Dead", "Process", "CapsLock", "AltGraph"]) assert.equal(press(silent), null);
});

test("keys of an input method are its own, however the browser marks them", () => {
  assert.ok(composing({ isComposing: true, keyCode: 49 }));
  assert.ok(composing({ isComposing: false, keyCode: 229 }));
  assert.ok(!composing({ isComposing: false, keyCode: 49 }));
});
