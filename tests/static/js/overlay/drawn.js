// Made-up characters, drawn as a print or as a carving's clean ink: the same seed is the same character.

/** Numbers in [0, 1) that follow from the seed. */
export function dice(seed) {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** The strokes of a character as [x0, y0, x1, y1] in [-1, 1]: bars, posts, falls and dots. */
export function strokes(seed) {
  const roll = dice(seed);
  const between = (low, high) => low + (high - low) * roll();
  const rows = () => {
    const places = [-0.62, -0.36, -0.1, 0.16, 0.42, 0.66].sort(() => roll() - 0.5);
    return places.slice(0, 2 + Math.floor(roll() * 3));
  };
  const bars = rows().map((y) => [between(-0.75, -0.2), y, between(0.2, 0.75), y - between(0, 0.08)]);
  const posts = rows().map((x) => [x, between(-0.8, -0.2), x, between(0.1, 0.8)]);
  const side = roll() < 0.5 ? -1 : 1;
  const falls = [0, 1].slice(0, Math.floor(roll() * 3)).map((i) => {
    const [x, y] = [between(-0.3, 0.3), between(-0.4, 0.2)];
    return [x, y, x + side * (i ? -1 : 1) * between(0.35, 0.6), y + between(0.4, 0.6)];
  });
  const dots = [0, 1, 2].slice(0, Math.floor(roll() * 4)).map(() => {
    const [x, y] = [between(-0.75, 0.65), between(-0.75, 0.65)];
    return [x, y, x + 0.1, y + 0.12];
  });
  return [...bars, ...posts, ...falls, ...dots];
}

export const moved = ([a, b, c, d, e, f], lines) =>
  lines.map(([x, y, u, v]) => [a * x + c * y + e, b * x + d * y + f, a * u + c * v + e, b * u + d * v + f]);

/** Ink in [0, 1] of the lines, `fat` being half a stroke's width, in a square of n pixels a side. */
export function inked(lines, n, fat) {
  const out = new Float32Array(n * n);
  const half = n / 2;
  for (const [x0, y0, x1, y1] of lines) {
    const long = Math.max(1e-9, (x1 - x0) ** 2 + (y1 - y0) ** 2);
    for (let at = 0; at < out.length; at += 1) {
      const x = ((at % n) + 0.5) / half - 1;
      const y = (Math.floor(at / n) + 0.5) / half - 1;
      const along = Math.min(1, Math.max(0, ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / long));
      const away = Math.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0));
      out[at] = Math.max(out[at], Math.min(1, Math.max(0, (fat - away) * half + 0.5)));
    }
  }
  return out;
}

/** A carving's print: black on white, sharp. */
export const carving = (lines, n, fat = 0.06) => inked(lines, n, fat).map((one) => 255 * (1 - one));

/** A print on old paper, as grey 0 … 255: lit unevenly, grainy, faint or over-inked, with a neighbour's strokes. */
export function printed(lines, n, seed, { fat = 0.06, strength = 1, neighbours = 0, holes = 0, grain = 6 } = {}) {
  const roll = dice(seed + 777);
  const strange = [];
  for (let i = 0; i < neighbours; i += 1) {
    const [at, from, long] = [roll() < 0.5 ? -0.97 : 0.97, -0.9 + roll(), 0.3 + 0.5 * roll()];
    strange.push(roll() < 0.5 ? [at, from, at, from + long] : [from, at, from + long, at]);
  }
  const ink = inked([...lines, ...strange], n, fat);
  for (let i = 0; i < holes; i += 1) {
    const [x, y, wide] = [roll() * n, roll() * n, n * (0.02 + 0.03 * roll())];
    for (let at = 0; at < ink.length; at += 1) {
      if (Math.hypot((at % n) - x, Math.floor(at / n) - y) < wide) ink[at] *= 0.1;
    }
  }
  const slope = (roll() - 0.5) * 50;
  return ink.map((one, at) => {
    const paper = 205 + slope * ((at % n) / n - 0.5);
    return Math.min(
      255,
      Math.max(0, paper - (paper - 45) * strength * one + (roll() + roll() + roll() - 1.5) * grain * 2),
    );
  });
}
