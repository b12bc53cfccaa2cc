// Draws the map's points, in the page's colours.

const OUTCOMES = [
  ["-", "open"],
  ["1", "first"],
  ["2", "second"],
  ["o", "other"],
  ["n", "none"],
  ["u", "unsure"],
];

/** The colours of the style sheet, as it is now: light or dark. */
export function colours(element) {
  const style = getComputedStyle(element);
  const named = (name) => style.getPropertyValue(name).trim();
  const outcomes = Object.fromEntries(OUTCOMES.map(([letter, name]) => [letter, named(`--map-${name}`)]));
  const labels = Array.from({ length: 10 }, (_, place) => named(`--map-label-${place}`));
  return {
    outcomes,
    labels,
    rest: named("--map-open"),
    item: named("--map-item"),
    mark: named("--seal"),
    ink: named("--ink"),
  };
}

/** colour(point): of a point. points: [{ place, item, ... }]. */
export function paint(canvas, view, points, { colour, palette, picked, pointed }) {
  const sheet = canvas.getContext("2d");
  const dots = canvas.width / view.width;
  sheet.setTransform(dots, 0, 0, dots, 0, 0);
  sheet.clearRect(0, 0, view.width, view.height);
  const size = Math.min(7, 2.6 + Math.sqrt(view.zoom) * 0.7);
  for (const point of points) {
    const [x, y] = view.toSheet(point.place);
    if (x < -size || y < -size || x > view.width + size || y > view.height + size) continue;
    if (point.item) diamond(sheet, x, y, size, colour(point));
    else dot(sheet, x, y, size, colour(point));
  }
  for (const [point, width] of [
    [pointed, 1.5],
    [picked, 3],
  ]) {
    if (point) ring(sheet, view.toSheet(point.place), size + 4, width, width > 2 ? palette.mark : palette.ink);
  }
}

function dot(sheet, x, y, size, colour) {
  sheet.fillStyle = colour;
  sheet.beginPath();
  sheet.arc(x, y, size, 0, 2 * Math.PI);
  sheet.fill();
}

function diamond(sheet, x, y, size, colour) {
  sheet.strokeStyle = colour;
  sheet.lineWidth = 1.5;
  sheet.beginPath();
  sheet.moveTo(x, y - size - 2);
  sheet.lineTo(x + size + 2, y);
  sheet.lineTo(x, y + size + 2);
  sheet.lineTo(x - size - 2, y);
  sheet.closePath();
  sheet.stroke();
}

function ring(sheet, [x, y], size, width, colour) {
  sheet.strokeStyle = colour;
  sheet.lineWidth = width;
  sheet.beginPath();
  sheet.arc(x, y, size, 0, 2 * Math.PI);
  sheet.stroke();
}
