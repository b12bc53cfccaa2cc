// Key presses of the review. Ignored while somebody types, composes, or has a dialog open.

const BOUNCE = 120; // milliseconds in which the same key again is one press, not two
const SILENT = new Set(["dead", "process", "unidentified", "shift", "control", "alt", "altgraph", "meta", "capslock"]);

/** The key of a press as shortcuts know it: "d", "?", "enter", "space"; null for what is the browser's. */
export function keyOf(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const key = event.key.toLowerCase();
  if (SILENT.has(key)) return null;
  return key === " " ? "space" : key;
}

/** Whether the press belongs to an input method that is putting a character together. */
export function composing(event) {
  return event.isComposing || event.keyCode === 229;
}

function typing(target) {
  if (target.closest?.("dialog:not([open])")) return false; // closed a moment ago: the focus has not left it yet
  return target.isContentEditable || target.matches?.("input, select, textarea");
}

/** On a button or a link, Enter and Space are its own. */
function pressing(key, target) {
  return (key === "enter" || key === "space") && target.closest?.("button, a, summary");
}

/** Carry out what is pressed. find(key): the action { act, repeats } bound to a key, or null. */
export function listen(find) {
  let last = { key: "", at: -Infinity };
  document.addEventListener("keydown", (event) => {
    if (composing(event) || event.defaultPrevented || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const key = keyOf(event);
    const action = key && find(key);
    if (!action || pressing(key, event.target)) return;
    event.preventDefault();
    if (event.repeat && !action.repeats) return;
    const bounced = !action.repeats && key === last.key && event.timeStamp - last.at < BOUNCE;
    last = { key, at: event.timeStamp };
    if (!bounced) action.act();
  });
}
