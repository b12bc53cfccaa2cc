import assert from "node:assert/strict";
import { test } from "node:test";
import { MovedBlocks } from "../../../../static/js/adjudication/moved.js";

const BY_ANNOTATOR = { transform: [1, 0, 0, 0, 1, 0], by: "person" };
const BY_REVIEWER = { transform: [2, 0, 0, 0, 2, 0], by: "person", agreement: 0.9, residual: 0.1 };
const CARD = {
  label: 3,
  suggestions: [
    { item: { id: 3 }, fit: BY_ANNOTATOR },
    { item: { id: 4 }, fit: { transform: [1, 0, 0, 0, 1, 0], by: "worker" } },
  ],
};

function moved() {
  const form = new EventTarget();
  const blocks = new MovedBlocks(form, CARD);
  const sent = (fields) => {
    const formData = new Map(Object.entries(fields));
    form.dispatchEvent(Object.assign(new Event("formdata"), { formData }));
    return formData.has("fit") ? JSON.parse(formData.get("fit")) : null;
  };
  return { blocks, sent };
}

test("settling by a block sends where somebody put it", () => {
  const { sent } = moved();
  assert.deepEqual(sent({ choice: "3" }).transform, BY_ANNOTATOR.transform);
  assert.equal(sent({ choice: "4" }), null);
});

test("approving sends the label's block where the reviewer moved it, and not where an annotator did", () => {
  const { blocks, sent } = moved();
  assert.equal(sent({ kind: "approve" }), null);
  blocks.put(CARD, 4, BY_REVIEWER);
  assert.equal(sent({ kind: "approve" }), null);
  blocks.put(CARD, 3, BY_REVIEWER);
  assert.deepEqual(sent({ kind: "approve" }), { transform: [2, 0, 0, 0, 2, 0], agreement: 0.9, residual: 0.1 });
  assert.equal(sent({ kind: "send_back" }), null);
});
