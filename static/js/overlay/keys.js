// The overlay's keys. While it is open it takes a few keys before the card does; all the others stay the card's.
import { meant, namesOf, takenByInputMethod } from "../keys/presses.js";
import { around } from "../lib/dom.js";

/** @import { Overlay } from "./index.js" */

const PEEK = 350; // milliseconds after which a key was held, not pressed
const BOUNCE = 250; // milliseconds after a change in which the same number is one press, not two

/** @param {KeyboardEvent} event */
function isOthers(event) {
  if (takenByInputMethod(event) || event.defaultPrevented || document.querySelector("dialog[open]")) return true;
  const editable = event.target instanceof HTMLElement && event.target.isContentEditable;
  return editable || Boolean(around(event, "input:not([type=range]), select, textarea"));
}

/**
 * Hear the keys. Returns what the key does that opens and closes it: held down, it closes when it is let go.
 * @param {Overlay} overlay
 */
export function listen(overlay) {
  let last = ""; // the key that went down last
  /** @type {{ code: string, at: number } | null} */
  let held = null; // the one that opened it, and when
  document.addEventListener(
    "keydown",
    (event) => {
      if (!event.repeat) last = event.code;
      if (!overlay.isOpen || isOthers(event)) return;
      if (take(overlay, event)) event.preventDefault();
    },
    true,
  );
  document.addEventListener("keyup", (event) => {
    if (event.code !== held?.code) return;
    if (performance.now() - held.at > PEEK) overlay.close();
    held = null;
  });
  return () => {
    held = overlay.isOpen ? null : { code: last, at: performance.now() };
    overlay.toggle();
  };
}

/** While several matches are marked, Enter ends that. */
const several = () => document.getElementById("several")?.getAttribute("aria-pressed") === "true";

/**
 * Whether the key was the overlay's.
 * @param {Overlay} overlay
 * @param {KeyboardEvent} event
 */
function take(overlay, event) {
  const inside = around(event, "button, a, summary, input");
  if (overlay.mender?.on) {
    const moved = meant(event, overlay.mender.acts(event));
    moved?.();
    if (moved) return true;
  }
  if (inside?.matches("input[type=range]") && event.key.startsWith("Arrow")) return false;
  const rank = namesOf(event).find((name) => overlay.isNumbered(name));
  if (rank) return number(overlay, event, Number(rank));
  /** @type {Record<string, () => unknown>} */
  const acts = {
    escape: () => overlay.close(),
    arrowleft: () => overlay.step(-1),
    arrowright: () => overlay.step(1),
    arrowup: () => overlay.slide(1),
    arrowdown: () => overlay.slide(-1),
    b: () => !event.repeat && overlay.next(),
    e: () => !event.repeat && overlay.hint(),
  };
  if (!inside) acts.space = () => overlay.standStill();
  if (!inside && !several()) acts.enter = () => !event.repeat && overlay.choose();
  const act = meant(event, acts);
  act?.();
  return act !== null;
}

/**
 * Another candidate's number lays it over; the shown one's own number is an answer, and the card's.
 * @param {Overlay} overlay
 * @param {KeyboardEvent} event
 * @param {number} rank
 */
function number(overlay, event, rank) {
  if (rank !== overlay.rank) {
    if (!event.repeat) overlay.lay(rank);
    return true;
  }
  return event.repeat || performance.now() - overlay.changed < BOUNCE;
}
