// Keys of a whole page. Ignored while somebody types, composes, or has a dialog open.
import { namesOf, takenByInputMethod } from "./presses.js";

/** @import { Action } from "../types.d.ts" */

const BOUNCE = 120; // milliseconds in which the same key again is one press, not two

/** @param {Element} target */
function typing(target) {
  if (target.closest("dialog:not([open])")) return false; // closed a moment ago: the focus has not left it yet
  return (target instanceof HTMLElement && target.isContentEditable) || target.matches("input, select, textarea");
}

/**
 * On a button or a link, Enter and Space are its own.
 * @param {string[]} names
 * @param {Element} target
 */
function pressing(names, target) {
  return (names.includes("enter") || names.includes("space")) && target.closest("button, a, summary");
}

/**
 * Carry out what is pressed on the page.
 * @param {(names: string[]) => Action | null} find the action that is bound to the first of these that has one
 * @param {(event: KeyboardEvent) => string[]} [read] what a press may mean
 */
export function listen(find, read = namesOf) {
  /** @type {{ code: string, action: Action | null, at: number }} */
  let last = { code: "", action: null, at: -Infinity };
  document.addEventListener("keydown", (event) => {
    const target = event.target instanceof Element ? event.target : document.documentElement;
    if (takenByInputMethod(event) || event.defaultPrevented || typing(target)) return;
    if (document.querySelector("dialog[open]")) return;
    const names = read(event);
    const action = find(names);
    if (!action || pressing(names, target)) return;
    event.preventDefault();
    if (event.repeat && !action.repeats) return;
    // An input method may tell of one press twice: as its own, and as the key's.
    const same = action === last.action || (event.code !== "" && event.code === last.code);
    const bounced = !action.repeats && same && event.timeStamp - last.at < BOUNCE;
    last = { code: event.code, action, at: event.timeStamp };
    if (!bounced) action.act();
  });
}
