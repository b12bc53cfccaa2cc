// The dialog with the block in it: one for a page, with one canvas and one WebGL context for ever.
import { takenByInputMethod } from "../keys/presses.js";
import { hearKeys } from "../lib/dialogs.js";
import { onClick, part } from "../lib/dom.js";
import { marked } from "../lib/han.js";
import { inWords, isAbort } from "../lib/net.js";
import { characterPicture } from "../lib/pictures.js";
import { number } from "../lib/words.js";
import { meaning } from "./keys.js";

/** @import { Measure, Tool } from "./measure.js" */
/** @import { Stage } from "./stage.js" */

/**
 * @typedef {object} Block
 * @property {string | null} url its mesh
 * @property {string} title
 * @property {number} [number] its place among those that the keys 1 to 5 change between
 * @property {string} [character]
 * @property {string | null} [glyph] the character's picture
 */

export class Viewer {
  constructor() {
    this.dialog = part("viewer", HTMLDialogElement);
    this.canvas = part("viewer-canvas", HTMLCanvasElement);
    this.light = part("viewer-light", HTMLInputElement);
    this.rake = part("viewer-rake", HTMLInputElement);
    this.follow = part("viewer-follow", HTMLInputElement);
    /** @type {Stage | null} */
    this.stage = null;
    /** @type {Measure | null} */
    this.measure = null;
    this.turn = 0;
    /** @type {Block[]} */
    this.blocks = [];
    this.index = 0;
    /** @type {number | null} */
    this.second = null; // index of the block compared with
    this.listen();
  }

  listen() {
    onClick("viewer-close", () => this.dialog.close());
    onClick("viewer-reset", () => this.stage?.reset());
    onClick("viewer-parallel", () => this.project());
    onClick("viewer-heights", () => this.colour());
    onClick("viewer-ruler", () => this.take("ruler"));
    onClick("viewer-section", () => this.take("section"));
    onClick("viewer-compare", () => this.compare());
    this.dialog.addEventListener("close", () => this.left());
    this.dialog.addEventListener("cancel", (event) => this.leaveTool() && event.preventDefault());
    hearKeys(this.dialog, (event) => this.key(event));
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close(); // the veil around it
    });
    for (const slider of [this.light, this.rake]) slider.addEventListener("input", () => this.shine());
    this.canvas.addEventListener("pointermove", (event) => this.pointed(event));
  }

  /**
   * Open the dialog with the block of this index.
   * @param {Block[]} blocks between which the keys 1 to 5 change
   * @param {number} index
   */
  async open(blocks, index) {
    this.blocks = blocks;
    this.second = null;
    part("viewer-compare", HTMLButtonElement).disabled = blocks.filter(({ url }) => url).length < 2;
    if (!this.dialog.open) this.dialog.showModal();
    await this.show(index);
  }

  /**
   * Show the block of this index, beside the one that it is compared with, where there is one.
   * @param {number} index
   */
  async show(index) {
    const block = this.blocks[index];
    if (!block?.url) return;
    this.turn += 1;
    const { turn } = this;
    if (this.second === index) this.second = this.index;
    this.index = index;
    const second = this.second === null ? undefined : this.blocks[this.second];
    const shown = second ? [block, second] : [block];
    this.name(shown);
    this.canvas.dataset.ready = "false";
    part("viewer-error").hidden = true;
    part("viewer-wait").hidden = false;
    try {
      this.stage ??= await this.raise();
      await this.stage.show(shown.map(({ url }) => url ?? ""));
      if (turn !== this.turn) return;
      this.measure?.forget();
      this.shine();
      this.legend();
      this.canvas.dataset.ready = "true";
      this.focus();
    } catch (error) {
      if (turn === this.turn && !isAbort(error)) this.fail(inWords(error));
    }
    if (turn === this.turn) part("viewer-wait").hidden = true;
  }

  /** Put the focus on the block, unless a tool has it. */
  focus() {
    const tool =
      this.dialog.contains(document.activeElement) && document.activeElement?.matches(".viewer-tools button");
    if (!tool) this.canvas.focus({ preventScroll: true });
  }

  /**
   * Titles; a character is a picture, for fonts of the system may lack it.
   * @param {Block[]} shown
   */
  name(shown) {
    const titles = shown.map(({ number: place, character = "", glyph, title }) => {
      const one = document.createElement("span");
      if (place) one.append(`${place}. `);
      if (glyph) one.append(characterPicture(glyph, character));
      one.append(" ", ...marked(title));
      return one;
    });
    part("viewer-title").replaceChildren(...titles);
    part("viewer-compare").setAttribute("aria-pressed", `${shown.length === 2}`);
  }

  async raise() {
    const [{ Stage }, { Measure }] = await Promise.all([import("./stage.js"), import("./measure.js")]);
    const stage = new Stage(this.canvas, {
      lost: (message) => this.fail(message),
      painted: () => this.measure?.draw(),
      pressed: (x, y) => this.measure?.press(x, y),
    });
    const parts = {
      marks: part("viewer-marks", SVGSVGElement),
      plot: part("viewer-plot", SVGSVGElement),
      section: part("viewer-cut"),
      words: part("viewer-said"),
    };
    this.measure = new Measure(stage, parts);
    return stage;
  }

  left() {
    this.turn += 1;
    if (this.measure?.tool) this.take(this.measure.tool);
    this.stage?.clear();
    this.canvas.dataset.ready = "false";
  }

  /** @param {string} message */
  fail(message) {
    part("viewer-error").textContent = message;
    part("viewer-error").hidden = false;
    part("viewer-wait").hidden = true;
  }

  shine() {
    this.stage?.shine(Number(this.light.value), Number(this.rake.value));
  }

  /**
   * The light comes from where the pointer is: from low down at the edge, from above in the middle.
   * @param {PointerEvent} event
   */
  pointed(event) {
    if (!this.follow.checked || event.buttons || event.pointerType === "touch") return;
    const box = this.canvas.getBoundingClientRect();
    const x = (event.clientX - box.left - box.width / 2) / (box.height / 2);
    const y = (box.top + box.height / 2 - event.clientY) / (box.height / 2);
    const degrees = (Math.atan2(y, x) * 180) / Math.PI;
    this.light.value = `${Math.round((degrees + 360) % 360)}`;
    this.rake.value = `${Math.round(80 - 68 * Math.min(1, Math.hypot(x, y)))}`;
    this.shine();
  }

  project() {
    if (!this.stage) return;
    const parallel = this.stage.projection === "perspective";
    this.stage.project(parallel ? "parallel" : "perspective");
    part("viewer-parallel").setAttribute("aria-pressed", `${parallel}`);
  }

  colour() {
    if (!this.stage) return;
    const heights = this.stage.colours === "wood";
    this.stage.colour(heights ? "heights" : "wood");
    part("viewer-heights").setAttribute("aria-pressed", `${heights}`);
    this.legend();
  }

  /** What the colours of heights stand for. */
  legend() {
    const range = this.stage?.range();
    part("viewer-legend").hidden = this.stage?.colours === "wood" || !range;
    if (!range || !this.measure) return;
    part("viewer-high").textContent = `+${this.measure.length(range.high - range.low)}`;
    part("viewer-low").textContent = number(0);
  }

  /**
   * Take up a tool, or lay it down.
   * @param {Tool} tool
   */
  take(tool) {
    const { measure } = this;
    if (!measure) return;
    measure.take(tool);
    for (const one of ["ruler", "section"])
      part(`viewer-${one}`).setAttribute("aria-pressed", `${measure.tool === one}`);
  }

  /** Lay the tool in hand down; whether there was one. */
  leaveTool() {
    const tool = this.measure?.tool ?? "";
    if (tool) this.take(tool);
    return Boolean(tool);
  }

  /**
   * Put the block of this index beside the one shown.
   * @param {number} index
   */
  compareWith(index) {
    if (this.blocks[index]?.url && index !== this.index) this.compare(index);
  }

  /** Put the next block beside this one, or take it away. */
  compare(index = this.next()) {
    if (!this.stage || index === null) return;
    this.second = this.second === null || index !== this.second ? index : null;
    this.show(this.index);
  }

  next() {
    if (this.second !== null) return this.second;
    const others = this.blocks.map((_, i) => (this.index + 1 + i) % this.blocks.length);
    return others.find((i) => i !== this.index && this.blocks[i].url) ?? null;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || takenByInputMethod(event)) return;
    const target = /** @type {Element} */ (event.target);
    if (target.matches("input[type=range]") && event.key.startsWith("Arrow")) return;
    if (target.matches("button, input[type=checkbox]") && (event.key === "Enter" || event.key === " ")) return;
    const act = meaning(event, this);
    if (!act) return;
    event.preventDefault();
    if (!event.repeat || event.key.startsWith("Arrow") || "+-=lL".includes(event.key)) act();
  }

  /**
   * Swing the light around.
   * @param {number} by degrees
   */
  swing(by) {
    this.light.value = `${(Number(this.light.value) + by + 360) % 360}`;
    this.shine();
  }
}
