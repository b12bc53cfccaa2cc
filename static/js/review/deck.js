// The way through a batch: which query comes after which, and how each stands.

export class Deck {
  /** ids: queries in order. states: a letter for each: "a" answered, "s" skipped, "-" open. */
  constructor({ ids, states }) {
    this.ids = ids;
    this.states = [...states];
    this.places = new Map(ids.map((id, place) => [id, place]));
  }

  get length() {
    return this.ids.length;
  }

  place(id) {
    return this.places.get(id);
  }

  count(state) {
    return this.states.reduce((sum, one) => sum + (one === state ? 1 : 0), 0);
  }

  set(id, state) {
    const place = this.places.get(id);
    if (place !== undefined) this.states[place] = state;
  }

  state(id) {
    return this.states[this.places.get(id)];
  }

  step(id, by) {
    return this.ids[this.places.get(id) + by] ?? null;
  }

  /** The next open query after this one, and then from the beginning; null when none is open. */
  nextOpen(id) {
    const from = this.places.get(id) + 1;
    const after = this.states.indexOf("-", from);
    const place = after >= 0 ? after : this.states.indexOf("-");
    return place >= 0 && this.ids[place] !== id ? this.ids[place] : null;
  }

  /** The next skipped query after this one; from the beginning where `id` is null. Null at the end. */
  nextSkipped(id = null) {
    const place = this.states.indexOf("s", id === null ? 0 : this.places.get(id) + 1);
    return place >= 0 ? this.ids[place] : null;
  }

  /** Queries that will likely be asked for next: the coming open ones, and the neighbours. */
  coming(id, many) {
    const found = new Set();
    for (let next = this.nextOpen(id); next && found.size < many && !found.has(next); next = this.nextOpen(next)) {
      found.add(next);
    }
    for (const by of [1, -1, 2, -2]) {
      const neighbour = this.step(id, by);
      if (neighbour) found.add(neighbour);
    }
    found.delete(id);
    return [...found];
  }
}
