// Boxes painted over a page: the shape of a frame says its state as well as its colour does.

/** @import { BoxState, PageBox, Point, Rect } from "../../types.d.ts" */
/** @import { Colours } from "./colours.js" */

/** Where the page lies in the window: css pixels a pixel of the page, and where its corner is. */
/** @typedef {{ scale: number, x: number, y: number }} Place */

/**
 * What is painted; grips: whether the chosen box can be pulled; lines: of the tool at work.
 * @typedef {object} Scene
 * @property {PageBox[]} boxes those in sight
 * @property {Set<number>} chosen
 * @property {number | null} hovered
 * @property {boolean} mask
 * @property {Set<number>} lights boxes to be lit up
 * @property {Rect[]} grips
 * @property {Rect | null} drawn
 * @property {Point[]} line in pixels of the page
 * @property {Point[][]} way the reading order
 */

const SMALL = 12; // css pixels: smaller frames carry no marks
const GRIP = 7; // css pixels

/**
 * @param {CanvasRenderingContext2D} context in css pixels
 * @param {Scene} scene
 * @param {Place} place
 * @param {Colours} colours
 */
export function paint(context, scene, place, colours) {
  const seen = scene.boxes.map((box) => ({ box, rect: placed(box, place) }));
  if (scene.mask) cover(context, seen, colours);
  else frames(context, seen, colours);
  light(context, seen, scene.lights, colours);
  choose(context, seen, scene, colours);
  tool(context, scene, place, colours);
}

/**
 * A rectangle of the page in the window, on whole pixels.
 * @param {Rect} rect
 * @param {Place} place
 * @returns {Rect}
 */
export function placed({ x, y, w, h }, { scale, x: left, y: top }) {
  const [a, b] = [Math.round(left + x * scale), Math.round(top + y * scale)];
  const [c, d] = [Math.round(left + (x + w) * scale), Math.round(top + (y + h) * scale)];
  return { x: a + 0.5, y: b + 0.5, w: Math.max(1, c - a), h: Math.max(1, d - b) };
}

/** @typedef {{ box: PageBox, rect: Rect }} Seen */

/**
 * One path a state: two thousand frames are six strokes.
 * @param {CanvasRenderingContext2D} context
 * @param {Seen[]} seen
 * @param {Colours} colours
 */
function frames(context, seen, colours) {
  /** @type {Map<BoxState, Rect[]>} */
  const byState = new Map();
  for (const { box, rect } of seen) {
    const there = byState.get(box.state);
    if (there) there.push(rect);
    else byState.set(box.state, [rect]);
  }
  for (const [state, rects] of byState) frame(context, state, rects, colours.states[state]);
  const moved = seen.filter(({ box, rect }) => box.moved && rect.w > SMALL);
  context.fillStyle = colours.states.disputed;
  for (const { rect } of moved) dot(context, rect);
}

/**
 * Frames of one state: waiting ones have corners alone, answered ones a bar below, disputed ones a cut corner,
 * settled ones are double, and what is no character is crossed out.
 * @param {CanvasRenderingContext2D} context
 * @param {BoxState} state
 * @param {Rect[]} rects
 * @param {string} colour
 */
export function frame(context, state, rects, colour) {
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = state === "waiting" || state === "suggested" ? 1 : 1.5;
  context.beginPath();
  for (const rect of rects) {
    const marked = rect.w > SMALL && rect.h > SMALL;
    if ((state === "waiting" || state === "rejected") && marked) corners(context, rect);
    else context.rect(rect.x, rect.y, rect.w, rect.h);
    if (state === "not_character") cross(context, rect);
    if (state === "settled" && marked) context.rect(rect.x + 3, rect.y + 3, rect.w - 6, rect.h - 6);
  }
  context.stroke();
  context.beginPath();
  for (const rect of rects) {
    if (rect.w <= SMALL || rect.h <= SMALL) continue;
    if (state === "answered") context.rect(rect.x, rect.y + rect.h - 3, rect.w, 3);
    if (state === "disputed") corner(context, rect);
  }
  context.fill();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Rect} rect
 */
function corners(context, { x, y, w, h }) {
  const long = Math.min(w, h) / 3.5;
  for (const [cx, cy, dx, dy] of [
    [x, y, 1, 1],
    [x + w, y, -1, 1],
    [x, y + h, 1, -1],
    [x + w, y + h, -1, -1],
  ]) {
    context.moveTo(cx + dx * long, cy);
    context.lineTo(cx, cy);
    context.lineTo(cx, cy + dy * long);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Rect} rect
 */
function cross(context, { x, y, w, h }) {
  context.moveTo(x, y);
  context.lineTo(x + w, y + h);
  context.moveTo(x + w, y);
  context.lineTo(x, y + h);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Rect} rect
 */
function corner(context, { x, y, w, h }) {
  const long = Math.min(w, h) / 2.5;
  context.moveTo(x + w - long, y);
  context.lineTo(x + w, y);
  context.lineTo(x + w, y + long);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Rect} rect
 */
function dot(context, { x, y }) {
  context.beginPath();
  context.arc(x + 5, y + 5, 3, 0, 2 * Math.PI);
  context.fill();
}

/**
 * Hide all that is boxed.
 * @param {CanvasRenderingContext2D} context
 * @param {Seen[]} seen
 * @param {Colours} colours
 */
function cover(context, seen, { paper }) {
  context.fillStyle = paper;
  context.beginPath();
  for (const { rect } of seen) context.rect(rect.x - 1, rect.y - 1, rect.w + 2, rect.h + 2);
  context.fill();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Seen[]} seen
 * @param {Set<number>} lights
 * @param {Colours} colours
 */
function light(context, seen, lights, { doubt }) {
  if (!lights.size) return;
  context.fillStyle = doubt;
  context.strokeStyle = doubt;
  const lit = seen.filter(({ box }) => lights.has(box.id)).map(({ rect }) => rect);
  context.globalAlpha = 0.3;
  for (const { x, y, w, h } of lit) context.fillRect(x, y, w, h);
  context.globalAlpha = 1;
  context.lineWidth = 2;
  for (const { x, y, w, h } of lit) context.strokeRect(x - 2, y - 2, w + 4, h + 4);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Seen[]} seen
 * @param {Scene} scene
 * @param {Colours} colours
 */
function choose(context, seen, { chosen, hovered, grips }, colours) {
  for (const { box, rect } of seen) {
    if (!chosen.has(box.id) && box.id !== hovered) continue;
    context.strokeStyle = colours.chosen;
    context.fillStyle = colours.chosen;
    context.globalAlpha = chosen.has(box.id) ? 0.16 : 0.1;
    context.fillRect(rect.x, rect.y, rect.w, rect.h);
    context.globalAlpha = 1;
    context.lineWidth = chosen.has(box.id) ? 2.5 : 1.5;
    context.strokeRect(rect.x - 1, rect.y - 1, rect.w + 2, rect.h + 2);
  }
  context.lineWidth = 1.5;
  for (const { x, y } of grips) {
    context.fillStyle = colours.paper;
    context.fillRect(x - GRIP / 2, y - GRIP / 2, GRIP, GRIP);
    context.strokeStyle = colours.chosen;
    context.strokeRect(x - GRIP / 2, y - GRIP / 2, GRIP, GRIP);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {Place} place
 * @param {Colours} colours
 */
function tool(context, { drawn, line, way }, place, colours) {
  context.strokeStyle = colours.line;
  context.lineJoin = "round";
  context.lineWidth = 1.5;
  for (const one of way) stroke(context, one, place);
  context.strokeStyle = colours.chosen;
  context.lineWidth = 2;
  if (line.length) stroke(context, line, place);
  if (!drawn) return;
  const { x, y, w, h } = placed(drawn, place);
  context.strokeRect(x, y, w, h);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Point[]} line
 * @param {Place} place
 */
function stroke(context, line, { scale, x, y }) {
  context.beginPath();
  for (const point of line) context.lineTo(x + point.x * scale, y + point.y * scale);
  context.stroke();
}
