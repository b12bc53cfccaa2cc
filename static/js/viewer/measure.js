// Two points on a block: how far they are apart, and the cut between them. Points are set by pressing, or
// with keys: arrows move a cross-hair, Enter sets a point under it.
import { svg } from "../lib/svg.js";
import { fill, gettext, number } from "../lib/words.js";
import { plot, profile } from "./section.js";

/** @import { Vector3 } from "three" */
/** @import { Stage } from "./stage.js" */

/** @typedef {"ruler" | "section" | ""} Tool */
/**
 * @typedef {object} Parts
 * @property {SVGSVGElement} marks over the canvas
 * @property {SVGSVGElement} plot the cut's drawing
 * @property {HTMLElement} section its box
 * @property {HTMLElement} words
 */

const KEY = 12; // pixels that a key moves the cross-hair

export class Measure {
  /**
   * @param {Stage} stage
   * @param {Parts} parts
   */
  constructor(stage, parts) {
    this.stage = stage;
    this.parts = parts;
    /** @type {Tool} */
    this.tool = "";
    /** @type {Vector3[]} */
    this.points = [];
    /** @type {{ x: number, y: number } | null} */
    this.cross = null;
  }

  /**
   * Take up a tool, or lay it down. The points stay, so that both tools tell of the same line.
   * @param {Tool} tool
   */
  take(tool) {
    this.tool = tool === this.tool ? "" : tool;
    this.cross = null;
    if (!this.tool) this.points = [];
    this.show();
  }

  forget() {
    this.points = [];
    this.cross = null;
    this.show();
  }

  /**
   * A press at (x, y), in pixels: the first point, the second, or a new first one.
   * @param {number} x
   * @param {number} y
   */
  press(x, y) {
    if (!this.tool) return;
    const point = this.stage.pointAt(x, y);
    if (!point) return;
    this.points = this.points.length === 1 ? [...this.points, point] : [point];
    this.show();
  }

  /**
   * Move the cross-hair; the first time it appears in the middle.
   * @param {number} across in steps
   * @param {number} down
   */
  move(across, down) {
    const { width, height } = this.stage.size;
    const { x, y } = this.cross ?? { x: width / 2, y: height / 2 };
    this.cross = {
      x: Math.min(width, Math.max(0, x + across * KEY)),
      y: Math.min(height, Math.max(0, y + down * KEY)),
    };
    this.draw();
  }

  set() {
    if (this.cross) this.press(this.cross.x, this.cross.y);
    else this.move(0, 0);
  }

  /** The factor from plane coordinates to the unit that lengths are shown in. */
  scale(i = 0) {
    return this.stage.sides[i]?.mesh.userData.units ?? 50; // without units, in hundredths of the picture's side
  }

  /**
   * A length in words.
   * @param {number} plane in plane coordinates
   */
  length(plane) {
    const value = number(plane * this.scale(), 2);
    const known = this.stage.sides[0]?.mesh.userData.units;
    return known
      ? fill(gettext("%(length)s units"), { length: value })
      : fill(gettext("%(length)s % of the picture"), { length: value });
  }

  get line() {
    return this.points.length === 2 ? this.points : null;
  }

  show() {
    const { canvas } = this.stage;
    const { line } = this;
    canvas.dataset.tool = this.tool;
    canvas.dataset.points = `${this.points.length}`;
    const apart = line ? line[0].distanceTo(line[1]) : 0;
    canvas.dataset.measured = line ? (apart * this.scale()).toFixed(4) : "";
    this.parts.section.hidden = this.tool !== "section" || !line;
    if (line && this.tool === "section") this.cut(line);
    this.tell(apart);
    this.draw();
  }

  /** @param {Vector3[]} line */
  cut([from, to]) {
    const profiles = this.stage.sides.map(({ mesh: { geometry } }) =>
      profile(geometry.getAttribute("position").array, geometry.index?.array ?? null, from, to),
    );
    const { plot: sheet } = this.parts;
    plot(sheet, profiles, Math.hypot(to.x - from.x, to.y - from.y), (plane) => plane * this.scale());
    sheet.dataset.profiles = `${profiles.length}`;
  }

  /** @param {number} apart in plane coordinates */
  tell(apart) {
    let words = "";
    if (this.tool && this.points.length === 0)
      words = gettext("Press the first point, or move the cross-hair with the arrow keys and press Enter.");
    else if (this.tool && this.points.length === 1) words = gettext("Now the second point.");
    else if (this.line) words = fill(gettext("From point to point: %(length)s"), { length: this.length(apart) });
    this.parts.words.textContent = words;
  }

  /** Draw the points, their line and the cross-hair where they are seen just now. */
  draw() {
    const { stage } = this;
    const { marks } = this.parts;
    marks.replaceChildren();
    if (!stage.size.width || !this.tool) return;
    marks.setAttribute("viewBox", `0 0 ${stage.size.width} ${stage.size.height}`);
    const seen = this.points.map((point) => stage.seenAt(point));
    stage.sides.forEach((_, i) => {
      if (seen.length === 2)
        marks.append(svg("line", { x1: seen[0][i].x, y1: seen[0][i].y, x2: seen[1][i].x, y2: seen[1][i].y }));
      for (const places of seen) marks.append(svg("circle", { cx: places[i].x, cy: places[i].y, r: 5 }));
    });
    if (this.cross) {
      const { x, y } = this.cross;
      marks.append(svg("path", { d: `M${x - 14} ${y}h28M${x} ${y - 14}v28`, class: "cross" }));
    }
  }
}
