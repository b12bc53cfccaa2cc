// Mending where a block lies, by keys: each move is seen at once, kept at once, and can be undone.
import { part } from "../lib/dom.js";
import { gettext } from "../lib/words.js";
import { MOVES } from "./mending.js";

/** @import { Action } from "../types.d.ts" */
/** @import { Printed } from "./hints.js" */
/** @import { Overlay } from "./index.js" */
/** @import { Mends, PicturedCard, Place } from "./places.js" */

export class Mender {
  /**
   * @param {Overlay} overlay
   * @param {Mends} mends
   */
  constructor(overlay, mends) {
    this.overlay = overlay;
    this.mends = mends;
    this.on = false;
    /** @type {Place[]} */
    this.before = []; // places of the block that is laid over, the oldest first
    /** @type {{ card: PicturedCard, printed: Printed } | null} */
    this.what = null;
  }

  /**
   * Another block is laid over.
   * @param {PicturedCard} card
   * @param {Printed} printed
   */
  begin(card, printed) {
    this.what = { card, printed };
    this.before = [];
  }

  /** @param {boolean} on */
  turn(on) {
    this.on = on;
    part("overlay").dataset.mending = `${on}`;
    part("overlay-mend").setAttribute("aria-pressed", `${on}`);
    part("overlay-mend-keys").hidden = !on;
    if (on) this.overlay.holdStill();
  }

  /**
   * What each key does while a block is being moved.
   * @param {KeyboardEvent} event
   * @returns {Record<string, () => unknown>}
   */
  acts(event) {
    const moves = Object.entries(MOVES).map(([key, move]) => [
      key,
      () => this.move((from) => move(from, event.shiftKey)),
    ]);
    return {
      ...Object.fromEntries(moves),
      s: () => !event.repeat && this.snap(),
      u: () => this.undo(),
      backspace: () => this.undo(),
      j: () => !event.repeat && this.turn(false),
      escape: () => this.turn(false),
    };
  }

  /** @param {(matrix: number[]) => number[]} change */
  async move(change) {
    const { overlay, what } = this;
    const { scene } = overlay;
    if (!what || !scene || !overlay.isReady) return;
    this.before.push(overlay.place());
    const matrix = change(scene.matrix);
    this.stand(overlay.places.unmeasured(what.card, what.printed, matrix, scene));
    await this.measure(matrix);
  }

  /** Let this browser look anew for where the block fits. */
  async snap() {
    const { overlay, what } = this;
    if (!what || !overlay.scene || !overlay.isReady) return;
    const before = overlay.place();
    const { matrix } = await overlay.places.snapped(what.card, what.printed.item.print);
    if (this.what !== what) return;
    this.before.push(before);
    this.stand(overlay.places.unmeasured(what.card, what.printed, matrix, overlay.scene));
    await this.measure(matrix);
  }

  undo() {
    const last = this.before.pop();
    if (last) this.stand(last);
  }

  /**
   * Measure how the block meets the picture where it lies now.
   * @param {number[]} matrix
   */
  async measure(matrix) {
    const { overlay, what } = this;
    if (!what) return;
    const place = await overlay.places.chosen(what.card, what.printed, matrix);
    if (overlay.scene?.matrix === matrix) this.stand({ ...place, matrix });
  }

  /**
   * The block lies here from now on.
   * @param {Place} place
   */
  stand(place) {
    const { overlay, what } = this;
    if (!what) return;
    overlay.stand(place);
    const searched = place.by === "person" ? place.fit : null;
    this.mends.put(what.card, what.printed.item.id, searched);
  }
}

/**
 * The keys that move a block, for the list on "?"; they are heard while it is being moved.
 * @returns {Action[]}
 */
export function mendingKeys() {
  /** @type {[string, string[], string][]} */
  const rows = [
    ["push", ["arrowleft", "arrowright", "arrowup", "arrowdown"], gettext("while moving: push, with Shift farther")],
    ["turn", [",", "."], gettext("while moving: turn")],
    ["scale", ["+", "-"], gettext("while moving: larger, smaller")],
    ["widen", ["w", "n"], gettext("while moving: wider, narrower")],
    ["heighten", ["t", "f"], gettext("while moving: taller, flatter")],
    ["snap", ["s"], gettext("while moving: snap again")],
    ["unmove", ["u", "backspace"], gettext("while moving: undo")],
  ];
  return rows.map(([id, keys, label]) => ({ id: `mend-${id}`, keys, label, act: () => {}, fixed: true }));
}
