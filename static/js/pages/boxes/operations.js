// What an edit does to the boxes of a page, drawn before the server has answered.
//
// The server's answer replaces all of it: columns and places in the reading are guessed here, only to look right.
import { around, centre, LEAST } from "./geometry.js";
import { inOrder } from "./reading.js";

/** @import { Operation, PageBox, Rect } from "../../types.d.ts" */
/** @typedef {Map<number, PageBox>} Boxes */

/**
 * Do one step to the boxes. Boxes that it touches are put anew, never changed in place.
 * @param {Boxes} boxes
 * @param {Operation} operation
 * @param {() => number} newId for boxes that the server has not named yet
 */
export function apply(boxes, operation, newId) {
  switch (operation.op) {
    case "move":
      change(boxes, [operation.box], ({ state }) => ({ ...rectOf(operation), state, source: "person" }));
      break;
    case "add":
      add(boxes, operation, newId());
      break;
    case "delete":
      for (const id of operation.boxes) boxes.delete(id);
      break;
    case "merge":
      merge(boxes, operation.boxes);
      break;
    case "split":
      split(boxes, operation.box, operation.at ?? [], newId);
      break;
    case "order":
      reorder(boxes, operation.boxes, operation.column);
      break;
    case "not_character":
      change(boxes, operation.boxes, () => ({ state: operation.value ? "not_character" : "waiting" }));
      break;
    case "kind":
      change(boxes, operation.boxes, () => ({ kind: operation.kind }));
  }
}

/**
 * @param {Rect} rect
 * @returns {Rect}
 */
export const rectOf = ({ x, y, w, h }) => ({ x, y, w, h });

/**
 * @param {Boxes} boxes
 * @param {number[]} ids
 * @param {(box: PageBox) => Partial<PageBox>} into
 */
function change(boxes, ids, into) {
  for (const id of ids) {
    const box = boxes.get(id);
    if (box) boxes.set(id, { ...box, ...into(box) });
  }
}

/**
 * @param {Boxes} boxes
 * @param {Rect & { after: number | null }} operation
 * @param {number} id
 */
function add(boxes, operation, id) {
  const before = boxes.get(operation.after ?? Number.NaN) ?? above(boxes, operation);
  const place = { column: before?.column ?? 1, order: before ? before.order + 0.5 : 0.5, kind: before?.kind ?? "main" };
  boxes.set(id, { ...fresh(id), ...rectOf(operation), ...place });
}

/**
 * A box that has nothing yet.
 * @param {number} id
 * @returns {PageBox}
 */
function fresh(id) {
  const words = { character: "", proposal: "", suggested: "" };
  const place = { x: 0, y: 0, w: LEAST, h: LEAST, column: 1, order: 0 };
  return {
    id,
    ...place,
    ...words,
    kind: "main",
    source: "person",
    score: null,
    state: "waiting",
    moved: false,
    card: null,
  };
}

/**
 * The box after which a new one is read: the lowest above it in its column, else the nearest.
 * @param {Boxes} boxes
 * @param {Rect} rect
 * @returns {PageBox | null}
 */
export function above(boxes, rect) {
  const middle = centre(rect);
  let best = null;
  let least = Infinity;
  for (const box of boxes.values()) {
    const there = centre(box);
    const down = middle.y - there.y;
    const cost = 6 * Math.max(0, Math.abs(there.x - middle.x) - box.w / 4) + (down >= 0 ? down : 5 * -down);
    if (cost < least) [best, least] = [box, cost];
  }
  return best;
}

/**
 * @param {Boxes} boxes
 * @param {number[]} ids
 */
function merge(boxes, ids) {
  const these = inOrder(ids.flatMap((id) => boxes.get(id) ?? []));
  if (these.length < 2) return;
  for (const { id } of these.slice(1)) boxes.delete(id);
  change(boxes, [these[0].id], () => ({ ...around(these), source: "person" }));
}

/**
 * Parts of a box, from top to bottom. Without heights nothing happens here: a worker finds the gap.
 * @param {Boxes} boxes
 * @param {number} id
 * @param {number[]} at
 * @param {() => number} newId
 */
function split(boxes, id, at, newId) {
  const box = boxes.get(id);
  if (!box || !at.length) return;
  const cuts = [...at].sort((a, b) => a - b);
  const edges = [box.y, ...cuts, box.y + box.h];
  cuts.forEach((_, i) => {
    const part = { x: box.x, y: edges[i + 1], w: box.w, h: edges[i + 2] - edges[i + 1] };
    const order = box.order + (i + 1) / (cuts.length + 1);
    const made = newId();
    boxes.set(made, { ...fresh(made), ...part, column: box.column, kind: box.kind, order });
  });
  boxes.set(id, { ...box, h: edges[1] - box.y, source: "person" });
}

/**
 * Read these one after the other, from the place of the one that is read first now.
 * @param {Boxes} boxes
 * @param {number[]} ids
 * @param {number} [column] where all of them come to stand
 */
function reorder(boxes, ids, column) {
  const these = ids.flatMap((id) => boxes.get(id) ?? []);
  if (these.length < 2) return;
  const first = Math.min(...these.map(({ order }) => order));
  these.forEach((box, i) => {
    boxes.set(box.id, { ...box, column: column ?? box.column, order: first + i / (these.length + 1) });
  });
}
