// The way through a batch: which query comes after which, and how each stands.

export class Deck {
  /** ids: queries in order. states: a letter for each: "a" answered, "s" skipped, "-" open. */
  constructor({ ids, states }) {
    this.ids = ids;
    this.states = [...states];
    this.places = new Map(ids.map((id, place) => [id, place]));
    this.here = 0; // place of the last card shown that is of this batch
  }

  get length() {
    return this.ids.length;
  }

  /** Whether the query is of this batch: cards of others may be dealt in between. */
  has(id) {
    return this.places.has(id);
  }

  /** The query's place, from 0; that of the card shown last where it is none of the batch's. */
  place(id) {
    return this.places.get(id) ?? this.here;
  }

  stand(id) {
    this.here = this.place(id);
  }

  count(state) {
    return this.states.reduce((sum, one) => sum + (one === state ? 1 : 0), 0);
  }

  set(id, state) {
    const place = this.places.get(id);
    if (place !== undefined) this.states[place] = state;
  }

  step(id, by) {
    return this.ids[this.place(id) + by] ?? null;
  }
}
