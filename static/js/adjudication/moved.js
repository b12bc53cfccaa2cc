// Blocks that somebody moved on the picture, the reviewer or an annotator: settling by one sends where it lies,
// and so does approving the label once the reviewer has moved its block.

/** @import { Fit, ShownCard } from "../types.d.ts" */

export class MovedBlocks {
  /**
   * @param {HTMLFormElement} form of the rulings
   * @param {ShownCard & { label: number | null }} card where annotators put its blocks; label: the label's item
   */
  constructor(form, card) {
    /** @type {Map<string, Fit>} */
    this.fits = new Map();
    for (const { item, fit } of card.suggestions) {
      if (fit?.by === "person") this.fits.set(`${item.id}`, fit);
    }
    this.approved = `${card.label}`;
    /** @type {Set<string>} */
    this.byReviewer = new Set();
    form.addEventListener("formdata", ({ formData }) => this.add(formData));
  }

  /**
   * Where this item was put; null where it lies as the search laid it.
   * @param {ShownCard} _card
   * @param {number} item
   * @returns {Fit | null}
   */
  of(_card, item) {
    return this.fits.get(`${item}`) ?? null;
  }

  /**
   * @param {ShownCard} _card
   * @param {number} item
   * @param {Fit | null} fit
   */
  put(_card, item, fit) {
    this.byReviewer.add(`${item}`);
    if (fit) this.fits.set(`${item}`, fit);
    else this.fits.delete(`${item}`);
  }

  /** @param {FormData} sent */
  add(sent) {
    const approves = sent.get("kind") === "approve" && this.byReviewer.has(this.approved);
    const fit = this.fits.get(approves ? this.approved : `${sent.get("choice")}`);
    if (!fit) return;
    const { transform, agreement = null, residual = null } = fit;
    sent.set("fit", JSON.stringify({ transform, agreement, residual }));
  }
}
