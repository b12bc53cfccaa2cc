import assert from "node:assert/strict";
import { test } from "node:test";
import { NetError } from "../../../../static/js/lib/net.js";
import { apply } from "../../../../static/js/pages/boxes/operations.js";
import { inOrder } from "../../../../static/js/pages/boxes/reading.js";
import { PageModel } from "../../../../static/js/pages/saving/page_model.js";
import { Sender } from "../../../../static/js/pages/saving/sender.js";
import { store } from "../store.js";
import { box, page } from "./drawn.js";

/** A server that keeps a page: the boxes by its own names, edits with undo, and what was sent to it. */
class Server {
  constructor(columns = 2, rows = 3) {
    this.page = page(columns, rows);
    this.boxes = new Map(this.page.boxes.map((one) => [one.id, one]));
    this.version = 1;
    this.sent = [];
    this.before = [];
    this.undone = [];
    this.next = 100;
    this.fails = [];
  }

  post = async (url, body) => {
    const door = url.split("/").at(-2);
    this.sent.push([door, body]);
    const failure = this.fails.shift();
    if (failure) throw failure;
    if (door === "snap") return { job: "a worker's", edit: 900 };
    const was = this.boxes;
    this.boxes = new Map(was);
    if (door === "edits") {
      for (const operation of body.operations) apply(this.boxes, operation, () => this.next++);
      this.before.push(was);
    } else if (door === "undo") {
      this.undone.push(was);
      this.boxes = this.before.pop() ?? was;
    } else if (door === "redo") {
      this.before.push(was);
      this.boxes = this.undone.pop() ?? was;
    }
    this.version += 1;
    const boxes = [...this.boxes.values()].filter((one) => was.get(one.id) !== one);
    return { version: this.version, boxes, removed: [...was.keys()].filter((id) => !this.boxes.has(id)) };
  };
}

/** Somebody at a page of this server. */
function sitting(server, more = {}) {
  const model = new PageModel(structuredClone(server.page));
  const states = [];
  const sender = new Sender({
    model,
    doors: "/pages/1/",
    store: store(),
    said: (state, count) => states.push(`${state} ${count}`),
    refused: async () => "theirs",
    post: server.post,
    sleep: async () => {},
    ...more,
  });
  return { model, sender, states };
}

const shape = (boxes) => inOrder(boxes.values()).map(({ x, y, w, h }) => [x, y, w, h].map(Math.round).join());

test("what a worker is to do leaves the boxes as they are, and does not stop what follows", async () => {
  const server = new Server();
  const { model, sender, states } = sitting(server);
  model.ask("snap", [1], "a");
  model.edit([{ op: "delete", boxes: [2] }], "b");
  await sender.send();
  assert.deepEqual([model.version, model.boxes.size, states.at(-1)], [2, 5, "saved 0"]);
});

test("an edit is there at once, and sent alone and in order", async () => {
  const server = new Server();
  const { model, sender, states } = sitting(server);
  model.edit([{ op: "move", box: 1, x: 0, y: 0, w: 44, h: 44 }], "a");
  model.edit([{ op: "delete", boxes: [2] }], "b");
  assert.equal(model.boxes.get(1).w, 44);
  assert.ok(!model.boxes.has(2));
  assert.equal(model.base.get(1).w, 40);
  await sender.send();
  assert.deepEqual(
    server.sent.map(([door, { key, version }]) => [door, key, version]),
    [
      ["edits", "a", 1],
      ["edits", "b", 1],
    ],
  );
  assert.deepEqual(shape(model.boxes), shape(server.boxes));
  assert.equal(model.version, 3);
  assert.deepEqual(states, ["sending 2", "sending 1", "saved 0"]);
});

test("a box has the server's name from then on, also in edits that were waiting", async () => {
  const server = new Server();
  const { model, sender } = sitting(server);
  const renamed = new Map();
  model.changed = (_, names) => names.forEach((id, old) => renamed.set(old, id));
  const [made] = model.edit([{ op: "add", after: null, x: 10, y: 400, w: 40, h: 40 }], "a");
  assert.ok(made < 0);
  model.edit([{ op: "move", box: made, x: 12, y: 400, w: 40, h: 40 }], "b");
  model.edit([{ op: "split", box: made, at: [420] }], "c");
  await sender.send();
  assert.equal(renamed.get(made), 100);
  assert.equal(server.sent[1][1].operations[0].box, 100);
  assert.deepEqual(shape(model.boxes), shape(server.boxes));
  assert.ok([...model.boxes.keys()].every((id) => id > 0));
});

test("undo and redo go back through everything, at once, and the server goes along", async () => {
  const server = new Server();
  const { model, sender } = sitting(server);
  const start = shape(model.boxes);
  const steps = [
    [{ op: "add", after: null, x: 10, y: 400, w: 40, h: 40 }],
    [{ op: "merge", boxes: [1, 2] }],
    [{ op: "split", box: 4, at: [30] }],
    [{ op: "order", boxes: [6, 5] }],
    [{ op: "not_character", boxes: [3], value: true }],
    [{ op: "kind", boxes: [3, 5], kind: "note" }],
    [{ op: "delete", boxes: [3, 5] }],
  ];
  for (const step of steps) model.edit(step, "k");
  const end = shape(model.boxes);
  for (const _ of steps) model.goBack("undo", "u");
  assert.deepEqual(shape(model.boxes), start);
  await sender.send();
  assert.deepEqual(shape(model.boxes), start);
  assert.deepEqual(shape(server.boxes), start);
  for (const _ of steps) model.goBack("redo", "r");
  assert.deepEqual(shape(model.boxes), end);
  await sender.send();
  assert.deepEqual(shape(model.boxes), shape(server.boxes));
  assert.equal(model.boxes.size, server.boxes.size);
});

test("an undo names the edit that it takes back, also one whose part a worker does later", async () => {
  const server = new Server();
  const { model, sender } = sitting(server);
  const post = server.post;
  sender.post = async (url, body) => ({ edit: server.sent.length + 1, ...(await post(url, body)) });
  model.edit([{ op: "delete", boxes: [2] }], "a");
  model.ask("snap", [1], "b");
  model.edit([{ op: "delete", boxes: [3] }], "c");
  for (const _ of "cba") model.goBack("undo", "u");
  model.goBack("redo", "r");
  await sender.send();
  const sent = server.sent.slice(3).map(([door, body]) => [door, body.edit]);
  assert.deepEqual(sent, [
    ["undo", 3],
    ["undo", 900],
    ["undo", 1],
    ["redo", 1],
  ]);
});

test("an edit that changed nothing is not taken back at the server", async () => {
  const server = new Server();
  const { model, sender } = sitting(server);
  sender.post = async (url, body) => ({ ...(await server.post(url, body)), edit: null });
  model.edit([{ op: "kind", boxes: [1], kind: "main" }], "a");
  model.goBack("undo", "u");
  await sender.send();
  assert.deepEqual(
    server.sent.map(([door]) => door),
    ["edits"],
  );
});

test("whoever insists says which version of the page they saw", async () => {
  const server = new Server();
  const { model, sender } = sitting(server, { refused: async () => "mine" });
  model.edit([{ op: "delete", boxes: [2] }], "a");
  await sender.send();
  server.fails = [new NetError("refused", "meanwhile", "", "edited_meanwhile", { version: 7 })];
  model.goBack("undo", "u");
  await sender.send();
  assert.deepEqual(
    server.sent.slice(1).map(([, body]) => body.version),
    [undefined, 7],
  );
});

test("without a network an edit waits, is kept in the browser, and goes when it can", async () => {
  const server = new Server();
  const kept = store();
  server.fails = [new NetError("network", "away"), new NetError("network", "away")];
  let waits = 0;
  const { model, sender, states } = sitting(server, {
    store: kept,
    sleep: async () => {
      waits += 1;
      assert.equal(JSON.parse(kept.getItem("mocban-edits-/pages/1/")).length, 1);
    },
  });
  model.edit([{ op: "delete", boxes: [2] }], "a");
  await sender.send();
  assert.equal(waits, 2);
  assert.ok(states.includes("waiting 1"));
  assert.equal(kept.getItem("mocban-edits-/pages/1/"), null);
  assert.equal(server.boxes.size, 5);
});

test("what an earlier visit could not send is done again", async () => {
  const kept = store();
  const entry = { door: "edits", key: "a", version: 1, boxes: [], made: [-3], step: null };
  const operations = [{ op: "add", after: null, x: 10, y: 400, w: 40, h: 40 }];
  kept.setItem("mocban-edits-/pages/1/", JSON.stringify([{ ...entry, operations }]));
  const server = new Server();
  const { model, sender } = sitting(server, { store: kept });
  assert.equal(sender.takeUp(), 1);
  assert.equal(model.nextId(), -4);
  await sender.send();
  while (model.pending.length) await new Promise((done) => setTimeout(done));
  assert.equal(server.boxes.size, 7);
});

test("another person's boxes come in beside one's own that are on their way", async () => {
  const server = new Server();
  const { model, sender } = sitting(server);
  model.edit([{ op: "move", box: 1, x: 0, y: 0, w: 44, h: 44 }], "a");
  model.take({ version: 2, boxes: [box(2, { w: 77 })], removed: [3] });
  assert.equal(model.boxes.get(1).w, 44);
  assert.equal(model.boxes.get(2).w, 77);
  assert.ok(!model.boxes.has(3));
  server.version = 5; // and more of theirs came in between
  await sender.send();
  assert.equal(model.version, 2); // so that theirs are asked for
});

for (const choice of ["mine", "theirs"]) {
  test(`the later edit of one box is asked about: ${choice}`, async () => {
    const server = new Server();
    const theirs = box(1, { w: 33 });
    server.fails = [new NetError("refused", "no", "", "edited_meanwhile", { version: 6, boxes: [theirs] })];
    const { model, sender } = sitting(server, { refused: async () => choice });
    model.edit([{ op: "move", box: 1, x: 0, y: 0, w: 44, h: 44 }], "a");
    await sender.send();
    assert.equal(model.boxes.get(1).w, choice === "mine" ? 44 : 33);
    assert.deepEqual(
      server.sent.map(([, { version }]) => version),
      choice === "mine" ? [1, 6] : [1],
    );
  });
}
