// Pages for tests: columns of boxes from the right, as many to a column as asked for.

/** A box; what is not said of it is usual. */
export function box(id, more = {}) {
  const place = { x: 0, y: 0, w: 40, h: 40, column: 1, order: id };
  const words = { character: "", proposal: "", suggested: "人" };
  const rest = { kind: "main", source: "model", score: 0.9, state: "suggested", moved: false, card: `/c/?query=${id}` };
  return { id, ...place, ...words, ...rest, ...more };
}

/** So many columns of so many boxes, read from the right: 1, 2, 3 down the first one. */
export function page(columns, rows) {
  const boxes = Array.from({ length: columns * rows }, (_, i) => {
    const column = Math.floor(i / rows);
    const place = { x: (columns - 1 - column) * 60 + 10, y: (i % rows) * 50 + 10, column: column + 1 };
    return box(i + 1, place);
  });
  const size = { width: columns * 60 + 10, height: rows * 50 + 20 };
  return { version: 1, ...size, angle: 0, tiles: "", boxes, jobs: { waiting: 0 }, can_edit: true };
}
