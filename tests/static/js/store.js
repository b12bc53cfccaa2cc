/** What a browser keeps, in memory. */
export function store(kept = {}) {
  const names = new Map(Object.entries(kept));
  return {
    get length() {
      return names.size;
    },
    key: (place) => [...names.keys()][place] ?? null,
    getItem: (name) => names.get(name) ?? null,
    setItem: (name, value) => names.set(name, value),
    removeItem: (name) => names.delete(name),
  };
}

/** A browser that keeps nothing. */
export function closedStore() {
  const deny = () => {
    throw new Error("closed");
  };
  return { getItem: deny, setItem: deny, removeItem: deny, key: deny, length: 0 };
}
