// Draws the map's points, in the page's colours.

/** @import { Place, View } from "./view.js" */

/** @typedef {"-" | "1" | "2" | "o" | "n" | "u"} Outcome */
/**
 * @typedef {object} Point a query, or a block where `item` is set
 * @property {string} id
 * @property {Place} place
 * @property {number} label its character's place among the map's characters
 * @property {boolean} [item]
 * @property {Outcome} [outcome]
 * @property {number} [batch]
 */
/** @typedef {ReturnType<typeof colours>} Palette */

const OUTCOMES = [
  ["-", "open"],
  ["1", "first"],
  ["2", "second"],
  ["o", "other"],
  ["n", "none"],
  ["u", "unsure"],
];

/**
 * The colours of the style sheet, as it is now: light or dark.
 * @param {Element} element
 */
export function colours(element) {
  const style = getComputedStyle(element);
  const named = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  /** @type {Record<string, string>} */
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

/**
 * Draw the points.
 * @param {HTMLCanvasElement} canvas
 * @param {View} view
 * @param {Point[]} points
 * @param {{ colour: (point: Point) => string, palette: Palette, picked: Point | null, pointed: Point | null }} look
 */
export function paint(canvas, view, points, { colour, palette, picked, pointed }) {
  const sheet = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
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
  if (pointed) ring(sheet, view.toSheet(pointed.place), size + 4, 1.5, palette.ink);
  if (picked) ring(sheet, view.toSheet(picked.place), size + 4, 3, palette.mark);
}

/**
 * @param {CanvasRenderingContext2D} sheet
 * @param {number} x
 * @param {number} y
 * @param {number} size
 * @param {string} colour
 */
function dot(sheet, x, y, size, colour) {
  sheet.fillStyle = colour;
  sheet.beginPath();
  sheet.arc(x, y, size, 0, 2 * Math.PI);
  sheet.fill();
}

/**
 * @param {CanvasRenderingContext2D} sheet
 * @param {number} x
 * @param {number} y
 * @param {number} size
 * @param {string} colour
 */
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

/**
 * @param {CanvasRenderingContext2D} sheet
 * @param {Place} place
 * @param {number} size
 * @param {number} width
 * @param {string} colour
 */
function ring(sheet, [x, y], size, width, colour) {
  sheet.strokeStyle = colour;
  sheet.lineWidth = width;
  sheet.beginPath();
  sheet.arc(x, y, size, 0, 2 * Math.PI);
  sheet.stroke();
}
