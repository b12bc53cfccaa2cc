import assert from "node:assert/strict";
import { test } from "node:test";
import { composing, keyOf, meant, namesOf } from "../../../../static/js/keys/presses.js";

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

const names = (key, code, more = {}) => namesOf({ key, code, ctrlKey: false, metaKey: false, altKey: false, ...more });

test("a key on a Latin layout means what it types, and nothing else", () => {
  assert.deepEqual(names("d", "KeyD"), ["d"]);
  assert.deepEqual(names("1", "Digit1"), ["1"]);
  assert.deepEqual(names("m", "Semicolon"), ["m"]); // AZERTY
  assert.deepEqual(names(",", "KeyM"), [","]); // AZERTY: its M is elsewhere
  assert.deepEqual(names("'", "KeyQ"), ["'"]); // Dvorak: its Q is elsewhere
  assert.deepEqual(names("Z", "KeyY", { shiftKey: true }), ["z"]); // QWERTZ, or Caps Lock
  assert.deepEqual(names("!", "Digit1", { shiftKey: true }), ["!"]);
});

test("where the character means nothing, the key's place does", () => {
  assert.deepEqual(names("&", "Digit1"), ["&", "1"]); // AZERTY
  assert.deepEqual(names("à", "Digit0"), ["à", "0"]);
  assert.deepEqual(names("ă", "Digit1"), ["ă", "1"]); // Vietnamese
  assert.deepEqual(names("Dead", "Digit5"), ["5"]); // Vietnamese: an accent
  assert.deepEqual(names("в", "KeyD"), ["в", "d"]); // Russian
  assert.deepEqual(names("В", "KeyD", { shiftKey: true }), ["в", "d"]);
  assert.deepEqual(names("ж", "Semicolon"), ["ж", ";"]);
  assert.deepEqual(names("ㅇ", "KeyD").at(-1), "d"); // Korean
});

test("full-width characters are the plain ones", () => {
  assert.deepEqual(names("３", "Digit3"), ["3"]);
  assert.deepEqual(names("ｄ", "KeyD"), ["d"]);
  assert.deepEqual(names("？", "Slash", { shiftKey: true }), ["?"]);
  assert.deepEqual(names("\u3000", "Space"), ["space"]);
});

test("while an input method is on, the key's place counts", () => {
  assert.deepEqual(names("Process", "KeyD"), ["d"]);
  assert.deepEqual(names("Process", "Digit2"), ["2"]);
  assert.deepEqual(names("Unidentified", "Space"), ["space"]);
});

test("keys with a name of their own have no place, and the browser's have no name", () => {
  assert.deepEqual(names("Enter", "NumpadEnter"), ["enter"]);
  assert.deepEqual(names("End", "Numpad1"), ["end"]); // without Num Lock
  assert.deepEqual(names("Shift", "ShiftLeft"), []);
  for (const held of ["ctrlKey", "metaKey", "altKey"]) assert.deepEqual(names("в", "KeyD", { [held]: true }), []);
});

test("a press does one thing: what it types before what stands at its place", () => {
  const acts = { a: "typed", q: "place", 1: "one" };
  const press = (key, code) => meant({ key, code, ctrlKey: false, metaKey: false, altKey: false }, acts);
  assert.equal(press("a", "KeyQ"), "typed"); // AZERTY
  assert.equal(press("й", "KeyQ"), "place");
  assert.equal(press("&", "Digit1"), "one");
  assert.equal(press("x", "KeyX"), null);
  assert.equal(press("toString", ""), null);
});
