// What the viewer's keys do.

const STEP = 6; // degrees a key turns
const LIGHT = 15; // degrees a key moves the light
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** What a key press asks of the viewer, as a function; null where it asks for nothing. */
export function meaning(event, viewer) {
  const { stage, measure } = viewer;
  if (event.key in ARROWS) {
    const [across, down] = ARROWS[event.key];
    if (measure?.tool && !event.shiftKey) return () => measure.move(across, down);
    return () => stage?.turn(across * STEP, down * STEP);
  }
  const digit = /^Digit([1-5])$/.exec(event.code);
  if (event.shiftKey && digit)
    return () => viewer.blocks[digit[1] - 1]?.url && digit[1] - 1 !== viewer.index && viewer.compare(digit[1] - 1);
  if (/^[1-5]$/.test(event.key)) return () => viewer.blocks.length > 1 && viewer.show(event.key - 1);
  if (event.key === "Escape") return measure?.tool ? () => viewer.leaveTool() : null;
  if (event.key === "Enter" || event.key === " ") return measure?.tool ? () => measure.set() : null;
  const acts = {
    "+": () => stage?.zoom(1 / 1.15),
    "=": () => stage?.zoom(1 / 1.15),
    "-": () => stage?.zoom(1.15),
    l: () => viewer.swing(event.shiftKey ? -LIGHT : LIGHT),
    r: () => stage?.reset(),
    0: () => stage?.reset(),
    p: () => viewer.project(),
    h: () => viewer.colour(),
    m: () => viewer.take("ruler"),
    x: () => viewer.take("section"),
    c: () => viewer.compare(),
  };
  return acts[event.key.toLowerCase()] ?? null;
}
