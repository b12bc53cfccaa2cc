import assert from "node:assert/strict";
import { test } from "node:test";
import { listen } from "../../../../static/js/keys/listen.js";
import { Shortcuts } from "../../../../static/js/keys/shortcuts.js";
import { Element, openPage, press } from "../page.js";

/** A page with three keys; what they did is noted. */
function listening() {
  const page = openPage();
  const done = [];
  const shortcuts = new Shortcuts({ load: () => ({}), save: () => {} });
  shortcuts.add({ id: "damaged", keys: ["d"], label: "", act: () => done.push("damaged") });
  shortcuts.add({ id: "choose-1", keys: ["1"], label: "", act: () => done.push("choose-1") });
  shortcuts.add({ id: "next", keys: ["arrowright"], label: "", act: () => done.push("next"), repeats: true });
  shortcuts.add({ id: "accept", keys: ["enter", "space"], label: "", act: () => done.push("accept") });
  listen((names) => shortcuts.ofAny(names));
  return { page, done };
}

test("a key is one press, whatever the layout and however it is told", () => {
  const { page, done } = listening();
  press(page, "&", { code: "Digit1" }); // AZERTY
  press(page, "в", { code: "KeyD", at: 1000 }); // Russian
  press(page, "Process", { code: "KeyD", keyCode: 229, at: 2000 }); // an input method, which tells of it twice
  press(page, "d", { code: "KeyD", at: 2010 });
  assert.deepEqual(done, ["choose-1", "damaged", "damaged"]);
});

test("a key that bounces is one press; the next one counts", () => {
  const { page, done } = listening();
  for (const at of [0, 60, 500]) press(page, "d", { code: "KeyD", at });
  assert.deepEqual(done, ["damaged", "damaged"]);
});

test("what is held down repeats only where it may", () => {
  const { page, done } = listening();
  press(page, "d", { code: "KeyD" });
  assert.ok(press(page, "d", { code: "KeyD", repeat: true, at: 600 })); // and it is not the browser's
  press(page, "ArrowRight", { code: "ArrowRight", at: 700 });
  press(page, "ArrowRight", { code: "ArrowRight", repeat: true, at: 730 });
  assert.deepEqual(done, ["damaged", "next", "next"]);
});

test("keys rest while somebody types or composes, and on what has keys of its own", () => {
  const { page, done } = listening();
  press(page, "d", { code: "KeyD", target: new Element("input") });
  press(page, "d", { code: "KeyD", isComposing: true, at: 1000 });
  press(page, "Enter", { code: "Enter", target: new Element("button"), at: 2000 });
  page.querySelector = (selector) => (selector === "dialog[open]" ? new Element() : null);
  press(page, "d", { code: "KeyD", at: 3000 });
  assert.deepEqual(done, []);
});
