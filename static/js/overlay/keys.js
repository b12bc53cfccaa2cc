// The overlay's keys. While it is open it takes a few keys before the card does; all the others stay the card's.

const PEEK = 350; // milliseconds after which a key was held, not pressed
const BOUNCE = 250; // milliseconds after a change in which the same number is one press, not two

function other(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.keyCode === 229) return true;
  if (event.defaultPrevented || document.querySelector("dialog[open]")) return true;
  return event.target.isContentEditable || event.target.matches?.("input:not([type=range]), select, textarea");
}

/** Returns what the key does that opens and closes it: held down, it closes when it is let go. */
export function listen(overlay) {
  let last = ""; // the key that went down last
  let held = null; // the one that opened it, and when
  document.addEventListener(
    "keydown",
    (event) => {
      if (!event.repeat) last = event.code;
      if (!overlay.isOpen || other(event)) return;
      if (take(overlay, event, event.key.toLowerCase())) event.preventDefault();
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

/** Whether the key was the overlay's. */
function take(overlay, event, key) {
  const within = event.target.closest?.("button, a, summary, input");
  if (within?.matches("input[type=range]") && key.startsWith("arrow")) return false;
  if (overlay.numbered(key) && !event.shiftKey) return number(overlay, event, Number(key));
  const acts = {
    escape: () => overlay.close(),
    arrowleft: () => overlay.step(-1),
    arrowright: () => overlay.step(1),
    arrowup: () => overlay.slide(1),
    arrowdown: () => overlay.slide(-1),
    b: () => !event.repeat && overlay.next(),
    e: () => !event.repeat && overlay.hint(),
  };
  if (!within) acts[" "] = () => overlay.hold();
  if (!within && !several()) acts.enter = () => !event.repeat && overlay.choose();
  acts[key]?.();
  return key in acts;
}

/** Another candidate's number lays it over; the shown one's own number is an answer, and the card's. */
function number(overlay, event, rank) {
  if (rank !== overlay.rank) {
    if (!event.repeat) overlay.lay(rank);
    return true;
  }
  return event.repeat || performance.now() - overlay.changed < BOUNCE;
}
