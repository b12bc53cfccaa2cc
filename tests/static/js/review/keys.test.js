import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

openPage();
const { keysOf: reviewKeys } = await import("../../../../static/js/review/keys.js");
const { keysOf: adjudicationKeys } = await import("../../../../static/js/adjudication/keys.js");

const REASONS = [
  { id: "not_in_gallery", key: "g", label: "not in the gallery" },
  { id: "damaged", key: "d", label: "damaged" },
];

/** Whatever is called is noted, however deep it stands. */
function noting(done, name = "") {
  const call = (...given) => done.push([name, ...given]);
  return new Proxy(call, { get: (_, part) => noting(done, [name, part].filter(Boolean).join(".")) });
}

function pages(done) {
  const review = noting(done);
  const rulings = noting(done);
  const own = (page, more) => new Proxy(page, { get: (target, part) => more[part] ?? target[part] });
  return {
    review: reviewKeys(own(review, { reasons: REASONS })),
    adjudication: adjudicationKeys(
      own(rulings, { reasons: REASONS, card: { suggestions: [{ rank: 1 }, { rank: 2 }] } }),
    ),
  };
}

for (const page of ["review", "adjudication"]) {
  test(`no two keys of the ${page} are called alike, or pressed alike`, () => {
    const keys = pages([])[page];
    const ids = keys.map(({ id }) => id);
    const pressed = keys.flatMap((one) => one.keys);
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(new Set(pressed).size, pressed.length);
    assert.ok(keys.every(({ label, act }) => label && act));
  });

  test(`each reason has its key in the ${page}`, () => {
    const done = [];
    const damaged = pages(done)[page].find(({ id }) => id === "damaged");
    assert.deepEqual(damaged.keys, ["d"]);
    assert.match(damaged.label, /: damaged$/);
    damaged.act();
    const given = { review: { verdict: "none", reason: "damaged" }, adjudication: "damaged" }[page];
    assert.deepEqual(done.at(-1).at(-1), given);
  });
}

test("keys that both pages have are the same on both", () => {
  const { review, adjudication } = pages([]);
  for (const { id, keys } of adjudication) {
    const same = review.find((one) => one.id === id);
    if (same) assert.deepEqual(keys, same.keys, id);
  }
});
