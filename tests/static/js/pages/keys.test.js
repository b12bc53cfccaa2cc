import assert from "node:assert/strict";
import { test } from "node:test";
import { heldNamesOf } from "../../../../static/js/keys/presses.js";
import { printed } from "../../../../static/js/keys/shortcuts.js";
import { openPage } from "../page.js";

openPage();
const { keysOf } = await import("../../../../static/js/pages/keys.js");

/** Whatever is called is noted, however deep it stands. */
function noting(done, name = "") {
  const call = (...given) => done.push([name, ...given]);
  return new Proxy(call, { get: (_, part) => noting(done, [name, part].filter(Boolean).join(".")) });
}

/** A workplace that notes what it is asked to do: on a page, or on a woodblock's face. */
function workplace(done, face = false) {
  return new Proxy(noting(done), { get: (work, part) => (part === "place" ? { face } : work[part]) });
}

test("no two keys of the page view are called alike, or pressed alike", () => {
  const keys = keysOf(workplace([]));
  const ids = keys.map(({ id }) => id);
  const pressed = keys.flatMap((one) => one.keys);
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(new Set(pressed).size, pressed.length);
  assert.ok(keys.every(({ label, act }) => label && act));
});

test("each key does one thing", () => {
  const done = [];
  const keys = keysOf(workplace(done));
  const press = (id) => keys.find((one) => one.id === id).act();
  press("walk-left");
  press("box-delete");
  press("shrink-up");
  assert.deepEqual(done, [["view.walk", "left"], ["mending.remove"], ["mending.size", "n", { x: -0, y: 1 }]]);
});

test("a face has no key for what is done to pages alone", () => {
  const ids = (face) => keysOf(workplace([], face)).map(({ id }) => id);
  const gone = ids(false).filter((id) => !ids(true).includes(id));
  assert.deepEqual(gone, ["card-1", "card-2", "card-3", "card-4", "card-5", "card-none", "box-more", "box-snap"]);
});

const names = (key, code, more = {}) =>
  heldNamesOf({ key, code, ctrlKey: false, metaKey: false, altKey: false, ...more });

test("keys that are held down go before the plain ones", () => {
  assert.deepEqual(names("ArrowUp", "ArrowUp"), ["arrowup"]);
  assert.deepEqual(names("ArrowUp", "ArrowUp", { shiftKey: true }), ["shift+arrowup", "arrowup"]);
  assert.deepEqual(names("W", "KeyW", { shiftKey: true }), ["shift+w", "w"]);
  assert.deepEqual(names("W", "KeyW"), ["w"]); // Caps Lock
  assert.deepEqual(names("?", "Slash", { shiftKey: true }), ["?"]);
});

test("Ctrl undoes and redoes, and is the browser's for anything else", () => {
  assert.deepEqual(names("z", "KeyZ", { ctrlKey: true }), ["ctrl+z"]);
  assert.deepEqual(names("z", "KeyZ", { metaKey: true, shiftKey: true }), ["ctrl+shift+z"]);
  assert.deepEqual(names("y", "KeyY", { ctrlKey: true }), ["ctrl+y"]);
  assert.deepEqual(names("t", "KeyT", { ctrlKey: true }), []);
  assert.deepEqual(names("z", "KeyZ", { altKey: true }), []);
});

test("keys that are held are printed as they are pressed", () => {
  assert.equal(printed("shift+arrowup"), "⇧ ↑");
  assert.equal(printed("ctrl+shift+z"), "Ctrl ⇧ Z");
});
