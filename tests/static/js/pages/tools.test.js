import assert from "node:assert/strict";
import { test } from "node:test";
import { Grid } from "../../../../static/js/pages/boxes/grid.js";
import { inOrder } from "../../../../static/js/pages/boxes/reading.js";
import { Mending } from "../../../../static/js/pages/mending.js";
import { PageModel } from "../../../../static/js/pages/saving/page_model.js";
import { gripAt } from "../../../../static/js/pages/tools/grips.js";
import { columnFor, cuts, passed, pull, TOOLS } from "../../../../static/js/pages/tools/tools.js";
import { openPage } from "../page.js";
import { box, page } from "./drawn.js";

openPage();

/** A page with people's tools, but nothing to see. */
function working(columns = 2, rows = 4) {
  const model = new PageModel(page(columns, rows));
  const view = {
    model,
    editable: true,
    chosen: new Set(),
    preview: new Map(),
    traces: {},
    stage: { repaint: () => {}, place: { scale: 1, x: 0, y: 0 }, gapOf: (box) => box.y + 20 },
    get ordered() {
      return inOrder(model.boxes.values());
    },
    get grid() {
      return new Grid(model.boxes.values());
    },
    get these() {
      return this.ordered.filter(({ id }) => this.chosen.has(id));
    },
    get one() {
      return this.chosen.size === 1 ? (model.boxes.get([...this.chosen][0]) ?? null) : null;
    },
    get from() {
      return this.one;
    },
    choose(ids) {
      this.chosen = new Set(ids);
    },
  };
  const words = [];
  const mending = new Mending(view, { doors: "/pages/1/", send: () => {} }, (text) => words.push(text));
  const asked = () =>
    model.pending.map(({ door, operations, boxes }) => [door, operations.length ? operations : boxes]);
  return { model, view, mending, words, asked };
}

test("drawing adds a box and chooses it; a click draws nothing", () => {
  const { mending, view, asked } = working();
  const click = TOOLS.draw(mending, { x: 10, y: 300 });
  click.end({ x: 11, y: 301 });
  assert.deepEqual(asked(), []);
  TOOLS.draw(mending, { x: 50, y: 250 }).end({ x: 10, y: 210 });
  assert.deepEqual(asked(), [["edits", [{ op: "add", after: null, x: 10, y: 180, w: 40, h: 40 }]]]);
  assert.equal(view.one.id, -1);
});

test("scissors cut every box that the line crosses", () => {
  const boxes = page(3, 2).boxes;
  const found = cuts(boxes, { x: 0, y: 30 }, { x: 200, y: 30 });
  assert.deepEqual(
    found.map((one) => [one.box, ...one.at]),
    [
      [1, 30],
      [3, 30],
      [5, 30],
    ],
  );
});

test("a line through boxes names them in its order, each once", () => {
  const { view } = working(2, 4);
  const line = [
    { x: 90, y: 20 },
    { x: 90, y: 130 },
    { x: 30, y: 130 },
    { x: 90, y: 130 },
  ];
  assert.deepEqual(
    passed(line, (point) => view.grid.at(point)),
    [1, 2, 3, 7],
  );
});

test("a line through one column draws a stray into it; one through many leaves each in its own", () => {
  const { model } = working(3, 4);
  assert.deepEqual(columnFor(model.boxes, [1, 2, 5]), { column: 1 });
  assert.deepEqual(columnFor(model.boxes, [1, 5, 9]), {});
});

test("pulling a grip shows at once, and is one edit at the end", () => {
  const { mending, view, asked } = working();
  view.choose([1]);
  const drag = pull(mending, view.one, "se", { x: 110, y: 50 });
  drag.move({ x: 115, y: 52 });
  assert.deepEqual(view.preview.get(1), { x: 70, y: 10, w: 45, h: 42 });
  assert.deepEqual(asked(), []);
  drag.end({ x: 120, y: 60 });
  assert.deepEqual(asked(), [["edits", [{ op: "move", box: 1, x: 70, y: 10, w: 50, h: 50 }]]]);
});

test("grips of a small box do not lie over one another", () => {
  const place = { scale: 1, x: 0, y: 0 };
  assert.equal(gripAt({ x: 0, y: 0, w: 20, h: 20 }, place, { x: 10, y: 0 }, "mouse"), null);
  assert.equal(gripAt({ x: 0, y: 0, w: 60, h: 60 }, place, { x: 30, y: 1 }, "mouse").sides, "n");
  assert.equal(gripAt({ x: 0, y: 0, w: 60, h: 60 }, place, { x: 12, y: 12 }, "touch").sides, "nw");
});

test("many presses of a key are one edit, saved before anything else is done", () => {
  const { mending, view, model, asked } = working();
  view.choose([2]);
  for (let i = 0; i < 3; i += 1) mending.move({ x: 1, y: 0 });
  mending.size("s", { x: 0, y: 1 });
  assert.deepEqual(asked(), []);
  assert.equal(view.preview.get(2).x, 73);
  mending.cut();
  assert.deepEqual(asked(), [
    ["edits", [{ op: "move", box: 2, x: 73, y: 60, w: 40, h: 41 }]],
    ["edits", [{ op: "split", box: 2, at: [80] }]],
  ]);
  assert.equal(model.boxes.size, 9);
});

test("joining one box alone joins it with the next; deleting goes on to the next", () => {
  const { mending, view, model } = working();
  view.choose([2]);
  mending.join();
  assert.ok(!model.boxes.has(3));
  assert.equal(model.boxes.get(2).h, 90);
  mending.remove();
  assert.equal(view.one.id, 4);
  view.choose([8]);
  mending.remove();
  assert.equal(view.one.id, 7);
});

test("keys put a box below, read it earlier, change its kind, and say where nothing is chosen", () => {
  const { mending, view, model, words } = working();
  mending.cut();
  assert.match(words.at(-1), /Choose a box first/);
  view.choose([3]);
  mending.draw();
  assert.equal(mending.tool, "draw");
  mending.draw();
  assert.equal(mending.tool, null);
  assert.deepEqual([view.one.x, view.one.y], [70, 152]);
  view.choose([3]);
  mending.shiftOrder(-1);
  assert.deepEqual(
    view.ordered.slice(0, 3).map(({ id }) => id),
    [1, 3, 2],
  );
  mending.kind();
  assert.equal(model.boxes.get(3).kind, "note");
  mending.column();
  assert.equal(view.chosen.size, 5);
});

test("who may only look changes nothing", () => {
  const { mending, view, asked, words } = working();
  view.editable = false;
  view.choose([1]);
  mending.remove();
  mending.take("lasso");
  mending.move({ x: 1, y: 1 });
  assert.deepEqual(asked(), []);
  assert.equal(mending.tool, null);
  assert.match(words.at(-1), /not change/);
});

test("a lasso chooses what it is drawn around", () => {
  const { mending, view } = working();
  const drag = TOOLS.lasso(mending, { x: 60, y: 0 });
  for (const point of [
    { x: 130, y: 0 },
    { x: 130, y: 110 },
    { x: 60, y: 110 },
  ])
    drag.move(point);
  drag.end();
  assert.deepEqual([...view.chosen], [1, 2]);
});

test("a box is found by its state after an edit of somebody else's", () => {
  const { model } = working();
  model.take({ version: 2, boxes: [box(2, { state: "settled" })], removed: [] });
  assert.equal(model.boxes.get(2).state, "settled");
});

test("a box that is moved while the server names it keeps all of its steps", () => {
  const { model, mending, view, asked } = working();
  const [made] = mending.edit([{ op: "add", after: null, x: 10, y: 100, w: 40, h: 40 }]);
  view.choose([made]);
  mending.move({ x: 1, y: 0 });
  model.confirmed({ version: 2, boxes: [box(90, { x: 10, y: 100 })], removed: [] });
  view.choose([90]); // as the page view does
  mending.move({ x: 1, y: 0 });
  mending.nudge.flush();
  assert.deepEqual(asked(), [["edits", [{ op: "move", box: 90, x: 12, y: 100, w: 40, h: 40 }]]]);
  mending.edit([{ op: "move", box: made, x: 30, y: 100, w: 40, h: 40 }]); // a drag that began before
  assert.equal(asked()[1][1][0].box, 90);
});
