// The keys of the second pass, each declared once: the review's own keys, wherever it has one for the same.
import { composing } from "../keys/presses.js";
import { part } from "../lib/dom.js";
import { fill, gettext } from "../lib/words.js";
import { alike, find, focusedRank, view } from "../review/card/dialogs.js";

/** @import { Action } from "../types.d.ts" */
/** @import { Rulings } from "./rulings.js" */

/**
 * The keys, in the order of the list.
 * @param {Rulings} rulings
 * @returns {Action[]}
 */
export function keysOf(rulings) {
  return [...settling(rulings), ...asking(rulings), ...moving(rulings)];
}

/**
 * @param {Rulings} rulings
 * @returns {Action[]}
 */
function settling(rulings) {
  const approve = gettext("the label is right: approve it");
  return [
    { id: "approve", keys: ["enter", "space"], label: approve, act: () => rulings.approve() },
    ...rulings.card.suggestions.map(({ rank }) => ({
      id: `choose-${rank}`,
      keys: [`${rank}`],
      label: fill(gettext("settle it: candidate %(rank)s"), { rank }),
      act: () => rulings.choose(rank),
    })),
    { id: "none", keys: ["0"], label: gettext("settle it: none"), act: () => rulings.settle("none") },
    ...rulings.reasons.map(({ id, key, label }) => ({
      id,
      keys: [key],
      label: fill(gettext("settle it: %(reason)s"), { reason: label }),
      act: () => rulings.settle(id),
    })),
  ];
}

/**
 * @param {Rulings} rulings
 * @returns {Action[]}
 */
function asking(rulings) {
  const other = gettext("settle it by another block of the gallery: find it");
  const like = gettext("find blocks like a candidate: the one in focus, else the first");
  const back = gettext("send it back: write why, then Ctrl + Enter");
  const comment = gettext("write a comment, kept with your ruling; Esc leaves it");
  const relation = gettext("turn the relation that your match gets");
  const flag = gettext("take the flag down, and rule nothing");
  return [
    { id: "find", keys: ["f", "/"], label: other, act: () => find(rulings) },
    { id: "alike", keys: ["a"], label: like, act: () => alike(rulings, focusedRank()) },
    { id: "back", keys: ["b"], label: back, act: () => rulings.sendBack() },
    { id: "comment", keys: ["t", ";"], label: comment, act: () => rulings.write("comment") },
    { id: "relation", keys: ["r"], label: relation, act: () => rulings.relate() },
    { id: "flag", keys: ["!"], label: flag, act: () => rulings.lower() },
  ];
}

/**
 * @param {Rulings} rulings
 * @returns {Action[]}
 */
function moving(rulings) {
  const last = gettext("back to the picture that you ruled on last");
  const before = gettext("previous picture, without a ruling");
  const next = gettext("next picture, without a ruling");
  const turn = gettext("turn a candidate in 3D: the one in focus, else the first");
  return [
    { id: "undo", keys: ["u"], label: last, act: follow("second-back") },
    { id: "previous", keys: ["arrowleft"], label: before, act: follow("second-before"), repeats: true },
    { id: "next", keys: ["arrowright"], label: next, act: follow("second-next"), repeats: true },
    { id: "view", keys: ["v"], label: turn, act: () => view(rulings, focusedRank()) },
    { id: "list", keys: ["l"], label: gettext("the list of pictures"), act: follow("second-list") },
    { id: "help", keys: ["?"], label: gettext("this list"), act: () => rulings.keysDialog?.open() },
  ];
}

/** @param {string} id of a link, where the page has it */
const follow = (id) => () => document.getElementById(id)?.click();

/**
 * In the comment, Esc leaves the field, and Ctrl + Enter does what it was opened for.
 * @param {HTMLTextAreaElement} field
 */
export function leaveComment(field) {
  field.addEventListener("keydown", (event) => {
    if (composing(event)) return;
    const done = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    if (event.key !== "Escape" && !done) return;
    event.preventDefault();
    field.blur();
    if (done && field.dataset.for === "back") part("send-back").click();
  });
}
