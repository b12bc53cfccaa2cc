// What one drag over the page does: draw a box, catch many, cut through several, set the order, pull or move.
import { along, between, centre, cutAt, inside, onPage, stretched } from "../boxes/geometry.js";
import { rectOf } from "../boxes/operations.js";

/** @import { Mending } from "../mending.js" */
/** @import { Operation, PageBox, Point, Rect } from "../../types.d.ts" */

/**
 * @typedef {object} Drag
 * @property {(point: Point) => void} move
 * @property {(point: Point) => void} end
 */

/** @typedef {"draw" | "lasso" | "scissors" | "order"} ToolName */

/** @type {Record<ToolName, (mending: Mending, start: Point) => Drag>} */
export const TOOLS = { draw, lasso, scissors, order };

/**
 * @param {Mending} mending
 * @param {Point} start
 * @returns {Drag}
 */
function draw(mending, start) {
  const { view } = mending;
  return {
    move: (point) => trace(mending, between(start, point), []),
    end: (point) => {
      trace(mending, null, []);
      const rect = between(start, point);
      const least = 6 / view.stage.place.scale; // a click draws nothing
      if (rect.w > least && rect.h > least) mending.add(rect);
    },
  };
}

/**
 * @param {Mending} mending
 * @param {Point} start
 * @returns {Drag}
 */
function lasso(mending, start) {
  return traced(mending, start, (line) =>
    mending.view.choose(mending.view.ordered.filter((box) => inside(centre(box), line)).map(({ id }) => id)),
  );
}

/**
 * A line that is seen while it is drawn.
 * @param {Mending} mending
 * @param {Point} start
 * @param {(line: Point[]) => void} done
 * @returns {Drag}
 */
function traced(mending, start, done) {
  const line = [start];
  return {
    move: (point) => {
      line.push(point);
      trace(mending, null, line);
    },
    end: () => {
      trace(mending, null, []);
      done(line);
    },
  };
}

/**
 * @param {Mending} mending
 * @param {Point} start
 * @returns {Drag}
 */
function scissors(mending, start) {
  return {
    move: (point) => trace(mending, null, [start, point]),
    end: (point) => {
      trace(mending, null, []);
      mending.edit(cuts(mending.view.grid.touching(between(start, point)), start, point));
    },
  };
}

/**
 * The cuts that a straight line makes.
 * @param {PageBox[]} boxes
 * @param {Point} from
 * @param {Point} to
 * @returns {Operation[]}
 */
export function cuts(boxes, from, to) {
  return boxes.flatMap((box) => {
    const at = cutAt(box, from, to);
    return at === null ? [] : [{ op: "split", box: box.id, at: [Math.round(at)] }];
  });
}

/**
 * @param {Mending} mending
 * @param {Point} start
 * @returns {Drag}
 */
function order(mending, start) {
  return traced(mending, start, (line) => {
    const boxes = passed(line, (point) => mending.view.grid.at(point));
    if (boxes.length > 1) mending.edit([{ op: "order", boxes, ...columnFor(mending.view.model.boxes, boxes) }]);
  });
}

/**
 * The column that a line runs through: strays that it passes come to stand there too.
 * @param {Map<number, PageBox>} boxes
 * @param {number[]} ids
 * @returns {{ column?: number }}
 */
export function columnFor(boxes, ids) {
  const columns = ids.map((id) => boxes.get(id)?.column ?? 0);
  const most = columns.find((one) => columns.filter((other) => other === one).length > columns.length / 2);
  return most ? { column: most } : {};
}

/**
 * The boxes that a line goes through, in its order, each once.
 * @param {Point[]} line
 * @param {(point: Point) => PageBox | null} at
 * @returns {number[]}
 */
export function passed(line, at) {
  const ids = along(line, 4).map((point) => at(point)?.id);
  return [...new Set(ids.filter((id) => id !== undefined))];
}

/**
 * Pull the sides of the chosen box.
 * @param {Mending} mending
 * @param {PageBox} box
 * @param {string} sides
 * @param {Point} start
 * @returns {Drag}
 */
export function pull(mending, box, sides, start) {
  return moving(mending, [box], start, (rect, by) => stretched(rect, sides, by));
}

/**
 * Move the chosen boxes.
 * @param {Mending} mending
 * @param {PageBox[]} boxes
 * @param {Point} start
 * @returns {Drag}
 */
export function carry(mending, boxes, start) {
  return moving(mending, boxes, start, (rect, by) => ({ ...rect, x: rect.x + by.x, y: rect.y + by.y }));
}

/**
 * @param {Mending} mending
 * @param {PageBox[]} boxes
 * @param {Point} start
 * @param {(rect: Rect, by: Point) => Rect} how
 * @returns {Drag}
 */
function moving({ view, edit }, boxes, start, how) {
  const at = (/** @type {Point} */ point) => {
    const by = { x: point.x - start.x, y: point.y - start.y };
    return new Map(boxes.map((box) => [box.id, rounded(onPage(how(rectOf(box), by), view.model))]));
  };
  return {
    move: (point) => {
      view.preview = at(point);
      view.stage.repaint();
    },
    end: (point) => {
      view.preview = new Map();
      edit([...at(point)].map(([box, rect]) => ({ op: "move", box, ...rect })));
    },
  };
}

/**
 * @param {Rect} rect
 * @returns {Rect}
 */
export function rounded({ x, y, w, h }) {
  return { x: Math.round(x), y: Math.round(y), w: Math.round(w), h: Math.round(h) };
}

/**
 * @param {Mending} mending
 * @param {Rect | null} drawn
 * @param {Point[]} line
 */
function trace({ view }, drawn, line) {
  view.traces = { drawn, line };
  view.stage.repaint();
}
