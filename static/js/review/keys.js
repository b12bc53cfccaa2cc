// The keys of the review, each declared once: its name, its usual keys, its line in the list on "?", and what
// it does. A button with `data-action` of the same name does the same, and shows the key in its <kbd data-key>.
import { fill, gettext } from "../lib/words.js";
import { alike, find, focusedRank, view } from "./card/dialogs.js";

/** @import { Action } from "../types.d.ts" */
/** @import { Choice } from "./answering/refusals.js" */
/** @import { Review } from "./review.js" */

/**
 * The keys, in the order of the list.
 * @param {Review} review
 * @returns {Action[]}
 */
export function keysOf(review) {
  return [...choosing(review), ...answering(review), ...describing(review), ...moving(review), ...refusing(review)];
}

/**
 * @param {Review} review
 * @returns {Action[]}
 */
function choosing({ actions }) {
  const first = gettext("the first suggestion matches, or everything marked");
  return [
    { id: "accept", keys: ["enter", "space"], label: first, act: () => actions.accept() },
    ...[1, 2, 3, 4, 5].map((rank) => ({
      id: `choose-${rank}`,
      keys: [`${rank}`],
      label: fill(gettext("suggestion %(rank)s matches"), { rank }),
      act: () => actions.choose(rank),
    })),
  ];
}

/**
 * Answers other than a match. A reason's key and words are those of its line in webapp/review.
 * @param {Review} review
 * @returns {Action[]}
 */
function answering({ actions, reasons }) {
  return [
    { id: "none", keys: ["0"], label: gettext("none matches"), act: () => actions.answer({ verdict: "none" }) },
    ...reasons.map(({ id, key, label }) => ({
      id,
      keys: [key],
      label: fill(gettext("none: %(reason)s"), { reason: label }),
      act: () => actions.answer({ verdict: "none", reason: id }),
    })),
    { id: "unsure", keys: ["q"], label: gettext("unsure"), act: () => actions.answer({ verdict: "unsure" }) },
    { id: "skip", keys: ["s"], label: gettext("skip for now"), act: () => actions.answer({ verdict: "skip" }) },
  ];
}

/**
 * @param {Review} review
 * @returns {Action[]}
 */
function describing(review) {
  const box = gettext("mend the box that the picture was cut from");
  const { actions, remarks } = review;
  const like = gettext("find blocks like the suggestion in focus, or the first");
  const carvings = gettext("the next five carvings of this character");
  const relation = gettext("change the relation of this match, or of the next ones");
  return [
    { id: "find", keys: ["f", "/"], label: gettext("find another block in the gallery"), act: () => find(review) },
    { id: "alike", keys: ["a"], label: like, act: () => alike(review, focusedRank()) },
    { id: "carvings", keys: ["k"], label: carvings, act: () => review.turnCarvings() },
    { id: "several", keys: ["m"], label: gettext("mark multiple matches"), act: () => actions.several() },
    { id: "relation", keys: ["r"], label: relation, act: () => actions.relate() },
    { id: "mend-box", keys: ["b"], label: box, act: () => review.place.mend() },
    { id: "page", keys: ["p"], label: gettext("show the picture on its page"), act: () => review.place.openPage() },
    { id: "flag", keys: ["!"], label: gettext("flag for a reviewer"), act: () => remarks.toggle() },
    { id: "comment", keys: ["t", ";"], label: gettext("write a comment"), act: () => remarks.open() },
    { id: "undo", keys: ["u"], label: gettext("undo the last answer"), act: () => actions.undo() },
  ];
}

/**
 * @param {Review} review
 * @returns {Action[]}
 */
function moving(review) {
  const { history } = review;
  const [before, after] = [gettext("previous picture, answered or not"), gettext("next picture, answered or not")];
  const last = gettext("recent answers: arrows move, Enter opens");
  const turn = gettext("view the suggestion in focus, or the first, in 3D");
  return [
    { id: "previous", keys: ["arrowleft"], label: before, act: () => review.move(-1), repeats: true },
    { id: "next", keys: ["arrowright"], label: after, act: () => review.move(1), repeats: true },
    { id: "history", keys: ["h"], label: last, act: () => history.focus() },
    { id: "view", keys: ["v"], label: turn, act: () => view(review, focusedRank()) },
    { id: "order", keys: ["w"], label: gettext("change the order"), act: () => review.chooseOrder() },
  ];
}

/**
 * @param {Review} review
 * @returns {Action[]}
 */
function refusing(review) {
  /** @type {(choice: Choice) => () => void} */
  const decide = (choice) => () => review.delivery.refusals?.decide(choice);
  return [
    { id: "refusal-give", keys: ["y"], label: gettext("a rejected answer: send it anyway"), act: decide("give") },
    { id: "refusal-look", keys: ["l"], label: gettext("a rejected answer: look again"), act: decide("look") },
    { id: "refusal-drop", keys: ["x"], label: gettext("a rejected answer: discard it"), act: decide("drop") },
    { id: "help", keys: ["?"], label: gettext("this list"), act: () => review.keysDialog?.open() },
  ];
}
