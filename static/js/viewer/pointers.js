// Pointers on the stage: one turns, one with Shift or the other button shifts, two pinch; the wheel zooms.

const STILL = 5; // pixels that a press may wander and still be a press, not a drag

/** pressed(x, y): a press that was no drag, in pixels of the canvas. */
export function hands(canvas, stage, pressed) {
  const held = new Map();
  let apart = 0;
  let start = null;
  const gap = () => {
    const [a, b] = [...held.values()];
    return Math.hypot(a.x - b.x, a.y - b.y);
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    held.set(event.pointerId, { x: event.clientX, y: event.clientY });
    start = held.size === 1 && event.button === 0 ? { x: event.clientX, y: event.clientY } : null;
    if (held.size === 2) apart = gap();
  });
  canvas.addEventListener("pointermove", (event) => {
    const last = held.get(event.pointerId);
    if (!last) return;
    if (start && Math.hypot(event.clientX - start.x, event.clientY - start.y) > STILL) start = null;
    const [dx, dy] = [event.clientX - last.x, event.clientY - last.y];
    held.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const scale = stage.perPixel();
    if (held.size === 2) {
      const now = gap();
      stage.zoom(apart / (now || 1));
      apart = now;
      stage.shift((-dx * scale) / 2, (dy * scale) / 2);
    } else if (event.shiftKey || event.buttons === 2) stage.shift(-dx * scale, dy * scale);
    else if (!start) stage.turn(dx * 0.4, dy * 0.4);
  });
  canvas.addEventListener("pointerup", (event) => {
    if (start && held.has(event.pointerId)) {
      const box = canvas.getBoundingClientRect();
      pressed(event.clientX - box.left, event.clientY - box.top);
    }
    start = null;
    held.delete(event.pointerId);
  });
  canvas.addEventListener("pointercancel", (event) => held.delete(event.pointerId));
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      stage.zoom(Math.exp(event.deltaY * 0.0012));
    },
    { passive: false },
  );
}
