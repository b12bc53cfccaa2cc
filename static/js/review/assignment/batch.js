// The way through a batch: which query comes after which, and how each stands.

/** @typedef {"a" | "s" | "-"} State answered, skipped, open */

export class BatchStates {
  /** @param {{ ids: number[], states: string }} batch queries in order, and a letter for each */
  constructor({ ids, states }) {
    this.ids = ids;
    this.states = [...states];
    this.places = new Map(ids.map((id, place) => [id, place]));
    this.here = 0; // place of the last card shown that is of this batch
  }

  get length() {
    return this.ids.length;
  }

  /**
   * Whether the query is of this batch: cards of others may be assigned in between.
   * @param {number} id
   */
  has(id) {
    return this.places.has(id);
  }

  /**
   * The query's place, from 0; that of the card shown last where it is none of the batch's.
   * @param {number} id
   */
  place(id) {
    return this.places.get(id) ?? this.here;
  }

  /**
   * This card is shown now.
   * @param {number} id
   */
  stand(id) {
    this.here = this.place(id);
  }

  /**
   * How many are so.
   * @param {State} state
   */
  count(state) {
    return this.states.reduce((sum, one) => sum + (one === state ? 1 : 0), 0);
  }

  /**
   * @param {number} id
   * @param {State} state
   */
  set(id, state) {
    const place = this.places.get(id);
    if (place !== undefined) this.states[place] = state;
  }

  /**
   * The query so many places further; null beyond the ends.
   * @param {number} id
   * @param {number} by
   * @returns {number | null}
   */
  step(id, by) {
    return this.ids[this.place(id) + by] ?? null;
  }
}
