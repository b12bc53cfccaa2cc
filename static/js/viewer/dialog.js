// The dialog with the block in it: one for a page, with one canvas and one WebGL context for ever.

const STEP = 6; // degrees a key turns
const LIGHT = 15; // degrees a key moves the light

export class Viewer {
  constructor() {
    const part = (id) => document.getElementById(id);
    this.dialog = part("viewer");
    this.title = part("viewer-title");
    this.canvas = part("viewer-canvas");
    this.wait = part("viewer-wait");
    this.error = part("viewer-error");
    this.light = part("viewer-light");
    this.rake = part("viewer-rake");
    this.follow = part("viewer-follow");
    this.stage = null;
    this.turn = 0;
    part("viewer-close").addEventListener("click", () => this.dialog.close());
    part("viewer-reset").addEventListener("click", () => this.stage?.reset());
    this.dialog.addEventListener("close", () => this.left());
    this.dialog.addEventListener("keydown", (event) => this.key(event));
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close(); // the veil around it
    });
    for (const slider of [this.light, this.rake]) slider.addEventListener("input", () => this.shine());
    this.canvas.addEventListener("pointermove", (event) => this.pointed(event));
  }

  /** blocks: [{ url, title, number?, character?, glyph? }], between which the keys 1 to 5 change. */
  async open(blocks, index) {
    this.blocks = blocks;
    if (!this.dialog.open) this.dialog.showModal();
    await this.show(index);
  }

  async show(index) {
    const block = this.blocks[index];
    if (!block?.url) return;
    const turn = (this.turn += 1);
    this.name(block);
    this.canvas.dataset.ready = "false";
    this.error.hidden = true;
    this.wait.hidden = false;
    try {
      this.stage ??= await this.raise();
      await this.stage.show(block.url);
      if (turn !== this.turn) return;
      this.shine();
      this.canvas.dataset.ready = "true";
      this.canvas.focus({ preventScroll: true });
    } catch (error) {
      if (turn === this.turn && error.name !== "AbortError") this.fail(error);
    }
    if (turn === this.turn) this.wait.hidden = true;
  }

  /** The title; its character is a picture, for fonts of the system may lack it. */
  name({ number, character, glyph, title }) {
    const words = [number && `${number}. `, null, ` ${title}`];
    if (glyph) {
      const image = Object.assign(new Image(), { src: glyph, alt: character, className: "glyph" });
      words[1] = image;
    }
    this.title.replaceChildren(...words.filter(Boolean));
  }

  async raise() {
    const { Stage } = await import("./stage.js");
    return new Stage(this.canvas, (message) => this.fail(new Error(message)));
  }

  left() {
    this.turn += 1;
    this.stage?.clear();
    this.canvas.dataset.ready = "false";
  }

  fail(error) {
    this.error.textContent = error.message;
    this.error.hidden = false;
    this.wait.hidden = true;
  }

  shine() {
    this.stage?.shine(Number(this.light.value), Number(this.rake.value));
  }

  /** The light comes from where the pointer is: from low down at the edge, from above in the middle. */
  pointed(event) {
    if (!this.follow.checked || event.buttons || event.pointerType === "touch") return;
    const box = this.canvas.getBoundingClientRect();
    const x = (event.clientX - box.left - box.width / 2) / (box.height / 2);
    const y = (box.top + box.height / 2 - event.clientY) / (box.height / 2);
    const degrees = (Math.atan2(y, x) * 180) / Math.PI;
    this.light.value = Math.round((degrees + 360) % 360);
    this.rake.value = Math.round(80 - 68 * Math.min(1, Math.hypot(x, y)));
    this.shine();
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.matches("input[type=range]") && event.key.startsWith("Arrow")) return;
    const stage = this.stage;
    const acts = {
      ArrowLeft: () => stage?.turn(-STEP, 0),
      ArrowRight: () => stage?.turn(STEP, 0),
      ArrowUp: () => stage?.turn(0, -STEP),
      ArrowDown: () => stage?.turn(0, STEP),
      "+": () => stage?.zoom(1 / 1.15),
      "=": () => stage?.zoom(1 / 1.15),
      "-": () => stage?.zoom(1.15),
      l: () => this.swing(LIGHT),
      L: () => this.swing(-LIGHT),
      r: () => stage?.reset(),
      0: () => stage?.reset(),
    };
    for (const number of "12345") acts[number] = () => this.blocks.length > 1 && this.show(number - 1);
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  swing(by) {
    this.light.value = (Number(this.light.value) + by + 360) % 360;
    this.shine();
  }
}
