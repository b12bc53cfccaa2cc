// Two points on a block: how far they are apart, and the cut between them. Points are set by pressing, or
// with keys: arrows move a cross-hair, Enter sets a point under it.
import { fill, gettext, number } from "../lib/words.js";
import { plot, profile } from "./section.js";

const SVG = "http://www.w3.org/2000/svg";
const KEY = 12; // pixels that a key moves the cross-hair

export class Measure {
  /** parts: { marks: <svg> over the canvas, plot: <svg>, section: its box, said }. */
  constructor(stage, parts) {
    Object.assign(this, { stage, ...parts });
    this.tool = ""; // "ruler", "section" or ""
    this.points = [];
    this.cross = null;
  }

  /** Take up a tool, or lay it down. The points stay, so that both tools tell of the same line. */
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

  /** A press at (x, y), in pixels: the first point, the second, or a new first one. */
  press(x, y) {
    if (!this.tool) return;
    const point = this.stage.pointAt(x, y);
    if (!point) return;
    this.points = this.points.length === 1 ? [...this.points, point] : [point];
    this.show();
  }

  /** Move the cross-hair; the first time it appears in the middle. */
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

  /** The factor from plane coordinates to what lengths are told in. */
  scale(i = 0) {
    return this.stage.sides[i]?.mesh.userData.units ?? 50; // without units, in hundredths of the picture's side
  }

  /** A length in words. */
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
    canvas.dataset.points = this.points.length;
    const apart = line ? line[0].distanceTo(line[1]) : 0;
    canvas.dataset.measured = line ? (apart * this.scale()).toFixed(4) : "";
    this.section.hidden = this.tool !== "section" || !line;
    if (line && this.tool === "section") this.cut();
    this.tell(apart);
    this.draw();
  }

  cut() {
    const [from, to] = this.line;
    const profiles = this.stage.sides.map(({ mesh: { geometry } }) =>
      profile(geometry.getAttribute("position").array, geometry.index?.array ?? null, from, to),
    );
    plot(this.plot, profiles, Math.hypot(to.x - from.x, to.y - from.y), (plane) => plane * this.scale());
    this.plot.dataset.profiles = profiles.length;
  }

  tell(apart) {
    let said = "";
    if (this.tool && this.points.length === 0)
      said = gettext("Press the first point, or move the cross-hair with the arrow keys and press Enter.");
    else if (this.tool && this.points.length === 1) said = gettext("Now the second point.");
    else if (this.line) said = fill(gettext("From point to point: %(length)s"), { length: this.length(apart) });
    this.said.textContent = said;
  }

  /** Draw the points, their line and the cross-hair where they are seen just now. */
  draw() {
    const { marks, stage } = this;
    marks.replaceChildren();
    if (!stage.size || !this.tool) return;
    marks.setAttribute("viewBox", `0 0 ${stage.size.width} ${stage.size.height}`);
    const seen = this.points.map((point) => stage.seenAt(point));
    stage.sides.forEach((_, i) => {
      if (seen.length === 2)
        marks.append(shape("line", { x1: seen[0][i].x, y1: seen[0][i].y, x2: seen[1][i].x, y2: seen[1][i].y }));
      for (const places of seen) marks.append(shape("circle", { cx: places[i].x, cy: places[i].y, r: 5 }));
    });
    if (this.cross) {
      const { x, y } = this.cross;
      marks.append(shape("path", { d: `M${x - 14} ${y}h28M${x} ${y - 14}v28`, class: "cross" }));
    }
  }
}

function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
