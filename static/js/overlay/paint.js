// Draws the overlay: a query, a candidate's print in its place on it, and rings where two candidates differ.
import { after } from "./fields.js";

const SIDE = 256; // of the ink
const INSET = 0.04; // of the picture in its tile, as the style sheet pads it
const QUERY = [0, 98, 168]; // blue and orange, told apart with every kind of colour vision
const PRINT = [222, 110, 0];
const RING = "#6d28b8";

/** Ink as a picture of one colour, clear where there is none. */
function tinted(ink, [red, green, blue]) {
  const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
  const context = canvas.getContext("2d");
  const image = context.createImageData(SIDE, SIDE);
  for (let i = 0; i < ink.length; i += 1) image.data.set([red, green, blue, ink[i]], 4 * i);
  context.putImageData(image, 0, 0);
  return canvas;
}

/** The line around the ink, with a light seam so that it is seen on ink and on paper. */
function outlined(ink) {
  const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
  const context = canvas.getContext("2d");
  const shape = tinted(ink, [0, 0, 0]);
  const ring = (wide, colour) => {
    const own = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
    const draw = own.getContext("2d");
    for (let i = 0; i < 16; i += 1) {
      draw.drawImage(shape, wide * Math.cos((i * Math.PI) / 8), wide * Math.sin((i * Math.PI) / 8));
    }
    draw.globalCompositeOperation = "destination-out";
    draw.drawImage(shape, 0, 0);
    draw.globalCompositeOperation = "source-in";
    draw.fillStyle = colour;
    draw.fillRect(0, 0, SIDE, SIDE);
    context.drawImage(own, 0, 0);
  };
  ring(3.2, "rgb(255 250 240 / 75%)");
  ring(1.9, `rgb(${PRINT.join(" ")})`);
  return canvas;
}

export class Painter {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.made = new Map();
  }

  /** A layer made of ink, once for each piece of ink. */
  layer(kind, ink, make) {
    if (!this.made.has(ink)) this.made.set(ink, {});
    const all = this.made.get(ink);
    if (this.made.size > 12) this.made.delete(this.made.keys().next().value);
    all[kind] ??= make(ink);
    return all[kind];
  }

  /** Fit the canvas to its tile. Returns its side in pixels. */
  fit() {
    const side = Math.round(this.canvas.clientWidth * Math.min(2, window.devicePixelRatio)) || 1;
    if (this.canvas.width !== side) Object.assign(this.canvas, { width: side, height: side });
    return side;
  }

  /**
   * scene: { image, queryInk, printInk, matrix, mode, mix, turn, places }: image is the query's element, mix
   * in [0, 1] how much of the print is seen when fading, turn whether blinking shows the print just now.
   */
  paint(scene) {
    const side = this.fit();
    const { context } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, side, side);
    const frame = [side * (0.5 - INSET), 0, 0, side * (0.5 - INSET), side / 2, side / 2];
    if (scene.mode === "difference") this.differing(scene, frame);
    else {
      const print = { blink: scene.turn ? 1 : 0, fade: scene.mix, edge: 0 }[scene.mode];
      this.query(scene.image, frame, 1 - print);
      if (print)
        this.ink(
          this.layer("black", scene.printInk, (ink) => tinted(ink, [34, 29, 23])),
          after(frame, scene.matrix),
          print,
        );
      if (scene.mode === "edge") this.ink(this.layer("edge", scene.printInk, outlined), after(frame, scene.matrix), 1);
    }
    rings(context, frame, scene.places, side);
  }

  query(image, frame, strength) {
    const { naturalWidth: wide, naturalHeight: high } = image;
    const scale = 2 / Math.max(wide, high, 1);
    this.context.setTransform(...frame);
    this.context.globalAlpha = strength;
    this.context.globalCompositeOperation = "multiply";
    this.context.drawImage(image, (-wide * scale) / 2, (-high * scale) / 2, wide * scale, high * scale);
    this.context.globalCompositeOperation = "source-over";
    this.context.globalAlpha = 1;
  }

  ink(layer, matrix, strength) {
    this.context.setTransform(...matrix);
    this.context.globalAlpha = strength;
    this.context.imageSmoothingQuality = "high";
    this.context.drawImage(layer, -1, -1, 2, 2);
    this.context.globalAlpha = 1;
  }

  /** Both inks at once, each in its colour, dark where they meet. */
  differing({ queryInk, printInk, matrix }, frame) {
    this.ink(
      this.layer("query", queryInk, (ink) => tinted(ink, QUERY)),
      frame,
      1,
    );
    this.context.globalCompositeOperation = "multiply";
    this.ink(
      this.layer("print", printInk, (ink) => tinted(ink, PRINT)),
      after(frame, matrix),
      1,
    );
    this.context.globalCompositeOperation = "source-over";
  }
}

/** Rings about places { x, y, radius } of a frame. */
export function rings(context, frame, places, side) {
  context.setTransform(1, 0, 0, 1, 0, 0);
  for (const { x, y, radius } of places) {
    const at = [frame[0] * x + frame[2] * y + frame[4], frame[1] * x + frame[3] * y + frame[5]];
    const size = radius * Math.sqrt(Math.abs(frame[0] * frame[3] - frame[1] * frame[2]));
    for (const [wide, colour] of [
      [0.014, "rgb(255 255 255 / 85%)"],
      [0.007, RING],
    ]) {
      context.beginPath();
      context.arc(at[0], at[1], size, 0, 2 * Math.PI);
      context.lineWidth = Math.max(wide * 200, side * wide);
      context.strokeStyle = colour;
      context.stroke();
    }
  }
}
