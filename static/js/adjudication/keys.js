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
  const approve = gettext("approve the label");
  return [
    { id: "approve", keys: ["enter", "space"], label: approve, act: () => rulings.approve() },
    ...rulings.card.suggestions.map(({ rank }) => ({
      id: `choose-${rank}`,
      keys: [`${rank}`],
      label: fill(gettext("settle: suggestion %(rank)s"), { rank }),
      act: () => rulings.choose(rank),
    })),
    { id: "none", keys: ["0"], label: gettext("settle: none"), act: () => rulings.settle("none") },
    ...rulings.reasons.map(({ id, key, label }) => ({
      id,
      keys: [key],
      label: fill(gettext("settle: %(reason)s"), { reason: label }),
      act: () => rulings.settle(id),
    })),
  ];
}

/**
 * @param {Rulings} rulings
 * @returns {Action[]}
 */
function asking(rulings) {
  const other = gettext("settle: find another block in the gallery");
  const like = gettext("find blocks like the suggestion in focus, or the first");
  const back = gettext("send back: write why, then Ctrl + Enter");
  const comment = gettext("write a comment for your decision; Esc leaves the field");
  const relation = gettext("change the relation of your match");
  const flag = gettext("remove the flag without deciding");
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
  const last = gettext("back to the picture you decided last");
  const before = gettext("previous picture without deciding");
  const next = gettext("next picture without deciding");
  const turn = gettext("view the suggestion in focus, or the first, in 3D");
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
