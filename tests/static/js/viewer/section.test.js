import assert from "node:assert/strict";
import { test } from "node:test";
import { pathOf, profile, step } from "../../../../static/js/viewer/section.js";
import { dice } from "../overlay/drawn.js";

// A roof over the square [-1, 1]: 0 at its left and right ends, 1 along its middle.
const ROOF = Float32Array.from([-1, -1, 0, 0, -1, 1, 1, -1, 0, -1, 1, 0, 0, 1, 1, 1, 1, 0]);
const FACES = Uint32Array.from([0, 1, 4, 0, 4, 3, 1, 2, 5, 1, 5, 4]);

test("a cut tells the height at every place of its line", () => {
  const heights = profile(ROOF, FACES, { x: -0.5, y: 0.3 }, { x: 1, y: -0.2 });
  heights.forEach((z, i) => {
    const x = -0.5 + (1.5 * i) / (heights.length - 1);
    assert.ok(Math.abs(z - (1 - Math.abs(x))) < 1e-5, `${x}: ${z}`);
  });
});

test("where the block has nothing, nothing is told", () => {
  const heights = profile(ROOF, FACES, { x: -2, y: 0.1 }, { x: 0, y: 0.1 });
  assert.ok(Number.isNaN(heights[10]));
  assert.ok(heights.at(-1) > 0.99);
});

test("the face is told, not what lies under it", () => {
  const floor = Float32Array.from([...ROOF, -1, -1, -3, 1, -1, -3, 0, 1, -3]);
  const faces = Uint32Array.from([...FACES, 6, 7, 8]);
  assert.deepEqual(
    profile(floor, faces, { x: -0.9, y: 0 }, { x: 0.9, y: 0 }),
    profile(ROOF, FACES, { x: -0.9, y: 0 }, { x: 0.9, y: 0 }),
  );
});

test("a line of no length has no profile, and axes have round steps", () => {
  assert.ok(profile(ROOF, FACES, { x: 0, y: 0 }, { x: 0, y: 0 }).every(Number.isNaN));
  assert.deepEqual([8, 0.9, 41, 1000].map(step), [2, 0.5, 20, 500]);
});

test("any mesh is cut as rays through its triangles say", () => {
  const roll = dice(11);
  const mesh = Float32Array.from({ length: 9 * 12 }, () => 2 * roll() - 1);
  const [from, to] = [
    { x: -0.8, y: -0.35 },
    { x: 0.9, y: 0.4 },
  ];
  const heights = profile(mesh, null, from, to);
  heights.forEach((z, i) => {
    const share = i / (heights.length - 1);
    const slow = highest(mesh, from.x + share * (to.x - from.x), from.y + share * (to.y - from.y));
    assert.ok(Number.isNaN(z) === Number.isNaN(slow) || nearEdge(mesh, share, from, to), `${i}: ${z} ${slow}`);
    if (!Number.isNaN(z) && !Number.isNaN(slow)) assert.ok(Math.abs(z - slow) < 1e-3, `${i}: ${z} ${slow}`);
  });
});

/** The greatest height of any triangle over (x, y), by its corners' shares; NaN where there is none. */
function highest(mesh, x, y) {
  let best = NaN;
  for (let t = 0; t < mesh.length; t += 9) {
    const [ax, ay, az, bx, by, bz, cx, cy, cz] = mesh.subarray(t, t + 9);
    const size = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
    const b = ((x - ax) * (cy - ay) - (cx - ax) * (y - ay)) / size;
    const c = ((bx - ax) * (y - ay) - (x - ax) * (by - ay)) / size;
    if (b < 0 || c < 0 || b + c > 1) continue;
    const z = az + b * (bz - az) + c * (cz - az);
    if (!(best >= z)) best = z;
  }
  return best;
}

/** Whether a little to either side the ray's answer is another: there either may be right. */
function nearEdge(mesh, share, from, to) {
  const at = (one) => highest(mesh, from.x + one * (to.x - from.x), from.y + one * (to.y - from.y));
  return Number.isNaN(at(share - 1e-4)) !== Number.isNaN(at(share + 1e-4));
}

test("a profile is drawn broken where the block has nothing", () => {
  const heights = Float32Array.from([NaN, 1, 2, NaN, 3]);
  const path = pathOf(
    heights,
    (share) => 239 * share,
    (z) => z,
  );
  assert.equal(path, "M1.0 1.0L2.0 2.0M4.0 3.0");
});
