// The slider's histogram: how many pictures have which confidence, and how they were answered.
const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 800;
const HEIGHT = 130;
const TOGETHER = 5; // of the server's bins in one column
const KEYS = ["right", "wrong", "open"];

/** Draw [[open, right, wrong], ...], one a bin from 0 to 1. Returns what `moveMark` moves. */
export function drawSheet(room, bins) {
  const columns = columnsOf(bins);
  const top = Math.max(1, ...columns.map((column) => column.open + column.right + column.wrong));
  const svg = make("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  const wide = WIDTH / columns.length;
  columns.forEach((column, place) => {
    let y = HEIGHT;
    for (const key of KEYS) {
      const height = (column[key] / top) * (HEIGHT - 4);
      y -= height;
      if (height) svg.append(make("rect", { class: `piece ${key}`, x: place * wide + 1, y, width: wide - 2, height }));
    }
  });
  const veil = make("rect", { class: "sure-below", x: 0, y: 0, width: 0, height: HEIGHT });
  const line = make("line", { class: "sure-mark", y1: 0, y2: HEIGHT });
  svg.append(veil, line);
  room.replaceChildren(svg);
  return { veil, line };
}

export function moveMark({ veil, line }, share) {
  const x = share * WIDTH;
  veil.setAttribute("width", x);
  line.setAttribute("x1", x);
  line.setAttribute("x2", x);
}

/** Some bins make a column; whoever is altogether sure belongs to the last one. */
export function columnsOf(bins) {
  const count = (bins.length - 1) / TOGETHER;
  const columns = Array.from({ length: count }, () => ({ open: 0, right: 0, wrong: 0 }));
  bins.forEach(([open, right, wrong], place) => {
    const column = columns[Math.min(count - 1, Math.floor(place / TOGETHER))];
    column.open += open;
    column.right += right;
    column.wrong += wrong;
  });
  return columns;
}

function make(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
