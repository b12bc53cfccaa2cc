// Draws the overlay: a query, a candidate's print in its place on it, and rings where two candidates differ.
import { after } from "./fields.js";

/** @import { Round } from "./differences.js" */

const SIDE = 256; // of the ink
const INSET = 0.04; // of the picture in its tile, as the style sheet pads it
const QUERY = [0, 98, 168]; // blue and orange, told apart with every kind of colour vision
const PRINT = [222, 110, 0];
const RING = "#6d28b8";

/** @typedef {"blink" | "fade" | "difference" | "edge"} Mode */
/**
 * @typedef {object} Scene
 * @property {HTMLImageElement} image the query's element
 * @property {Uint8Array} queryInk
 * @property {Uint8Array} printInk
 * @property {number[]} matrix the print's place on the query
 * @property {Mode} mode
 * @property {number} mix in [0, 1], how much of the print is seen when fading
 * @property {boolean} turn whether blinking shows the print just now
 * @property {Round[]} places
 */

/**
 * A canvas's 2D context.
 * @param {HTMLCanvasElement} canvas
 */
export function context2d(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
}

/** A canvas of the ink's size. */
function sheet() {
  const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
  return { canvas, context: context2d(canvas) };
}

/**
 * Ink as a picture of one colour, clear where there is none.
 * @param {Uint8Array} ink
 * @param {number[]} colour
 */
function tinted(ink, [red, green, blue]) {
  const { canvas, context } = sheet();
  const image = context.createImageData(SIDE, SIDE);
  for (let i = 0; i < ink.length; i += 1) image.data.set([red, green, blue, ink[i]], 4 * i);
  context.putImageData(image, 0, 0);
  return canvas;
}

/**
 * The line around the ink, with a light seam so that it is seen on ink and on paper.
 * @param {Uint8Array} ink
 */
function outlined(ink) {
  const { canvas, context } = sheet();
  const shape = tinted(ink, [0, 0, 0]);
  context.drawImage(outline(shape, 3.2, "rgb(255 250 240 / 75%)"), 0, 0);
  context.drawImage(outline(shape, 1.9, `rgb(${PRINT.join(" ")})`), 0, 0);
  return canvas;
}

/**
 * @param {HTMLCanvasElement} shape
 * @param {number} wide
 * @param {string} colour
 */
function outline(shape, wide, colour) {
  const { canvas, context } = sheet();
  for (let i = 0; i < 16; i += 1) {
    context.drawImage(shape, wide * Math.cos((i * Math.PI) / 8), wide * Math.sin((i * Math.PI) / 8));
  }
  context.globalCompositeOperation = "destination-out";
  context.drawImage(shape, 0, 0);
  context.globalCompositeOperation = "source-in";
  context.fillStyle = colour;
  context.fillRect(0, 0, SIDE, SIDE);
  return canvas;
}

export class Painter {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = context2d(canvas);
    /** @type {Map<Uint8Array, Record<string, HTMLCanvasElement>>} */
    this.made = new Map();
  }

  /**
   * A layer made of ink, once for each piece of ink.
   * @param {string} kind
   * @param {Uint8Array} ink
   * @param {(ink: Uint8Array) => HTMLCanvasElement} make
   */
  layer(kind, ink, make) {
    const all = this.made.get(ink) ?? {};
    this.made.set(ink, all);
    const [oldest] = this.made.keys();
    if (this.made.size > 12) this.made.delete(oldest);
    all[kind] ??= make(ink);
    return all[kind];
  }

  /** Fit the canvas to its tile. Returns its side in pixels. */
  fit() {
    const side = Math.round(this.canvas.clientWidth * Math.min(2, window.devicePixelRatio)) || 1;
    if (this.canvas.width !== side) Object.assign(this.canvas, { width: side, height: side });
    return side;
  }

  /** @param {Scene} scene */
  paint(scene) {
    const side = this.fit();
    const { context } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, side, side);
    const frame = [side * (0.5 - INSET), 0, 0, side * (0.5 - INSET), side / 2, side / 2];
    if (scene.mode === "difference") this.differing(scene, frame);
    else {
      const print = { blink: scene.turn ? 1 : 0, fade: scene.mix, edge: 0 }[scene.mode];
      const place = after(frame, scene.matrix);
      this.query(scene.image, frame, 1 - print);
      if (print) this.ink(this.layer("black", scene.printInk, black), place, print);
      if (scene.mode === "edge") this.ink(this.layer("edge", scene.printInk, outlined), place, 1);
    }
    rings(context, frame, scene.places, side);
  }

  /**
   * Both inks of a scene, in the picture's own frame.
   * @param {Pick<Scene, "queryInk" | "printInk" | "matrix">} scene
   */
  glance(scene) {
    const side = this.fit();
    this.differing(scene, [side * (0.5 - INSET), 0, 0, side * (0.5 - INSET), side / 2, side / 2]);
  }

  /**
   * @param {HTMLImageElement} image
   * @param {number[]} frame
   * @param {number} strength
   */
  query(image, frame, strength) {
    const { naturalWidth: wide, naturalHeight: high } = image;
    const scale = 2 / Math.max(wide, high, 1);
    this.place(frame);
    this.context.globalAlpha = strength;
    this.context.globalCompositeOperation = "multiply";
    this.context.drawImage(image, (-wide * scale) / 2, (-high * scale) / 2, wide * scale, high * scale);
    this.context.globalCompositeOperation = "source-over";
    this.context.globalAlpha = 1;
  }

  /**
   * @param {HTMLCanvasElement} layer
   * @param {number[]} matrix
   * @param {number} strength
   */
  ink(layer, matrix, strength) {
    this.place(matrix);
    this.context.globalAlpha = strength;
    this.context.imageSmoothingQuality = "high";
    this.context.drawImage(layer, -1, -1, 2, 2);
    this.context.globalAlpha = 1;
  }

  /** @param {number[]} matrix */
  place([a, b, c, d, e, f]) {
    this.context.setTransform(a, b, c, d, e, f);
  }

  /**
   * Both inks at once, each in its colour, dark where they meet.
   * @param {Pick<Scene, "queryInk" | "printInk" | "matrix">} scene
   * @param {number[]} frame
   */
  differing({ queryInk, printInk, matrix }, frame) {
    this.ink(this.layer("query", queryInk, blue), frame, 1);
    this.context.globalCompositeOperation = "multiply";
    this.ink(this.layer("print", printInk, orange), after(frame, matrix), 1);
    this.context.globalCompositeOperation = "source-over";
  }
}

/** @param {Uint8Array} ink */
const black = (ink) => tinted(ink, [34, 29, 23]);
/** @param {Uint8Array} ink */
const blue = (ink) => tinted(ink, QUERY);
/** @param {Uint8Array} ink */
const orange = (ink) => tinted(ink, PRINT);

/**
 * Draw rings about places of a frame.
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} frame a matrix: from [-1, 1] to pixels
 * @param {Round[]} places
 * @param {number} side of the canvas in pixels
 */
export function rings(context, frame, places, side) {
  context.setTransform(1, 0, 0, 1, 0, 0);
  for (const { x, y, radius } of places) {
    const [left, top] = [frame[0] * x + frame[2] * y + frame[4], frame[1] * x + frame[3] * y + frame[5]];
    const size = radius * Math.sqrt(Math.abs(frame[0] * frame[3] - frame[1] * frame[2]));
    ring(context, [left, top, size], "rgb(255 255 255 / 85%)", Math.max(2.8, side * 0.014));
    ring(context, [left, top, size], RING, Math.max(1.4, side * 0.007));
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} circle
 * @param {string} colour
 * @param {number} wide
 */
function ring(context, [left, top, size], colour, wide) {
  context.beginPath();
  context.arc(left, top, size, 0, 2 * Math.PI);
  context.lineWidth = wide;
  context.strokeStyle = colour;
  context.stroke();
}
