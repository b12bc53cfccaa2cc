// Where a suggestion lies on the picture: where somebody put it, where the search laid it, or where this browser finds
// that it fits, in this order.
import { matrixOf, transformOf } from "./frames.js";

/** @import { Fit, ShownCard } from "../types.d.ts" */
/** @import { OverlayClient } from "./client.js" */
/** @import { Printed } from "./hints.js" */
/** @import { Measured, Registration } from "./register.js" */

/** @typedef {ShownCard & { image: string }} PicturedCard */
/** @typedef {"person" | "worker" | "browser"} By who laid it */
/** @typedef {Registration & { by: By, fit: Fit | null }} Place fit: as it is stored, where it is */
/**
 * What a page knows of places that people chose, and does with them.
 * @typedef {object} Mends
 * @property {(card: ShownCard, item: number) => Fit | null} of
 * @property {(card: ShownCard, item: number, fit: Fit | null) => void} put null for where the search laid it
 */

export class Places {
  /**
   * @param {OverlayClient} client
   * @param {Mends | null} mends null on a page where nothing is mended
   */
  constructor(client, mends) {
    this.client = client;
    this.mends = mends;
  }

  /**
   * @param {PicturedCard} card
   * @param {Printed} suggestion
   * @returns {Promise<Place>}
   */
  async of(card, { item, fit: searched = null }) {
    const fit = this.mends?.of(card, item.id) ?? searched;
    if (!fit) return this.snapped(card, item.print);
    const found = await this.client.measure(card.image, item.print, matrixOf(fit.transform, item, card));
    return { ...found, by: fit.by, fit };
  }

  /**
   * Where this browser finds that the print fits.
   * @param {PicturedCard} card
   * @param {string} print
   * @returns {Promise<Place>}
   */
  async snapped(card, print) {
    return { ...(await this.client.register(card.image, print)), by: "browser", fit: null };
  }

  /**
   * A place that a person chose a moment ago.
   * @param {PicturedCard} card
   * @param {Printed} suggestion
   * @param {number[]} matrix
   * @param {Registration} before whose share is shown until this one's is known
   * @returns {Place}
   */
  unmeasured(card, { item }, matrix, { score }) {
    const transform = transformOf(matrix, item, card).map(rounded(5));
    return { matrix, score, kind: "stored", by: "person", fit: { transform, by: "person" } };
  }

  /**
   * A place that a person chose, as it is stored.
   * @param {PicturedCard} card
   * @param {Printed} suggestion
   * @param {number[]} matrix
   * @returns {Promise<Place>}
   */
  async chosen(card, { item }, matrix) {
    const found = await this.client.measure(card.image, item.print, matrix);
    return { ...found, by: "person", fit: stored(found, transformOf(matrix, item, card)) };
  }
}

/**
 * @param {Measured} found
 * @param {number[]} transform
 * @returns {Fit}
 */
function stored({ agreement, residual }, transform) {
  const [agrees, off] = [agreement, residual].map(rounded(4));
  return { transform: transform.map(rounded(5)), agreement: agrees, residual: off, by: "person" };
}

/**
 * Rounds to so many decimal places.
 * @param {number} places
 * @returns {(number: number) => number}
 */
function rounded(places) {
  return (number) => Math.round(number * 10 ** places) / 10 ** places;
}
