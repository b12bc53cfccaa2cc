// The keys of the page view, each declared once: its name, its usual keys, its line in the list on "?", and what
// it does. A button with `data-action` of the same name does the same, and shows the key in its <kbd data-key>.
import { fill, gettext } from "../lib/words.js";

/** @import { Action } from "../types.d.ts" */
/** @import { Workplace } from "./workplace.js" */

/**
 * The keys, in the order of the list.
 * @param {Workplace} work
 * @returns {Action[]}
 */
export function keysOf(work) {
  const keys = [
    ...walking(work),
    ...answering(work),
    ...mending(work),
    ...shaping(work),
    ...ordering(work),
    ...seeing(work),
    ...turning(work),
  ];
  return work.place.face ? keys.flatMap(onFace) : keys;
}

const PAGES_ONLY = /^(box-(more|snap)|card-(none|\d))$/; // nothing matches a face's box, or fits it to ink

/**
 * A key as it is on a woodblock's face; none where it has no use there.
 * @param {Action} key
 * @returns {Action[]}
 */
function onFace(key) {
  if (PAGES_ONLY.test(key.id)) return [];
  /** @type {Record<string, string>} */
  const labels = {
    "walk-first": gettext("first box of the face"),
    "walk-last": gettext("last box of the face"),
    "page-before": gettext("the face, or its print"),
    "page-after": gettext("the face, or its print"),
    "open-next": gettext("next box without a character"),
    "open-before": gettext("previous box without a character"),
    "card-open": gettext("open the box’s item in the gallery"),
    "box-all": gettext("find the characters of the whole face anew"),
    zoom: gettext("the whole face, or the box"),
    turn: gettext("turn the face by a quarter"),
    exchange: gettext("back to the woodblock"),
  };
  return [{ ...key, label: labels[key.id] ?? key.label }];
}

/**
 * @param {Workplace} work
 * @returns {Action[]}
 */
function walking({ view, leaf }) {
  const held = { repeats: true };
  return [
    {
      id: "walk-down",
      keys: ["arrowdown"],
      label: gettext("next box in reading order"),
      act: () => view.walk("down"),
      ...held,
    },
    {
      id: "walk-up",
      keys: ["arrowup"],
      label: gettext("previous box in reading order"),
      act: () => view.walk("up"),
      ...held,
    },
    {
      id: "walk-left",
      keys: ["arrowleft"],
      label: gettext("the box to the left"),
      act: () => view.walk("left"),
      ...held,
    },
    {
      id: "walk-right",
      keys: ["arrowright"],
      label: gettext("the box to the right"),
      act: () => view.walk("right"),
      ...held,
    },
    { id: "walk-first", keys: ["home"], label: gettext("first box of the page"), act: () => view.end(0) },
    { id: "walk-last", keys: ["end"], label: gettext("last box of the page"), act: () => view.end(-1) },
    { id: "page-before", keys: ["pageup"], label: gettext("previous page"), act: () => leaf(-1) },
    { id: "page-after", keys: ["pagedown"], label: gettext("next page"), act: () => leaf(1) },
  ];
}

/**
 * @param {Workplace} work
 * @returns {Action[]}
 */
function answering(work) {
  const { card } = work;
  return [
    { id: "open-next", keys: ["n"], label: gettext("next open box, with its card"), act: () => work.nextOpen(1) },
    { id: "open-before", keys: ["shift+n"], label: gettext("previous open box"), act: () => work.nextOpen(-1) },
    {
      id: "card-open",
      keys: ["enter"],
      label: gettext("open the card of the box in the review"),
      act: () => work.open(),
    },
    ...[1, 2, 3, 4, 5].map((rank) => ({
      id: `card-${rank}`,
      keys: [`${rank}`],
      label: fill(gettext("suggestion %(rank)s matches"), { rank }),
      act: () => card.choose(rank),
    })),
    { id: "card-none", keys: ["0"], label: gettext("none matches"), act: () => card.none() },
  ];
}

/**
 * @param {Workplace} work
 * @returns {Action[]}
 */
function mending(work) {
  const { mending: mend } = work;
  const below = gettext("draw a box; pressed again, put one below the box chosen");
  const more = gettext("find more characters in this column");
  return [
    { id: "box-draw", keys: ["b"], label: below, act: () => mend.draw() },
    { id: "box-more", keys: ["f"], label: more, act: () => mend.findMore() },
    {
      id: "box-all",
      keys: ["shift+f"],
      label: gettext("find the characters of the whole page anew"),
      act: () => mend.findAll(),
    },
    { id: "box-delete", keys: ["backspace", "delete"], label: gettext("delete"), act: () => mend.remove() },
    { id: "box-cut", keys: ["c"], label: gettext("cut in two at the gap"), act: () => mend.cut() },
    {
      id: "box-scissors",
      keys: ["shift+c"],
      label: gettext("scissors: draw a line through boxes"),
      act: () => mend.take("scissors"),
    },
    {
      id: "box-join",
      keys: ["j"],
      label: gettext("join the boxes chosen, or with the next one"),
      act: () => mend.join(),
    },
    { id: "box-snap", keys: ["i"], label: gettext("fit to the ink"), act: () => mend.snap() },
    { id: "box-not", keys: ["x"], label: gettext("not a character, or one after all"), act: () => mend.notCharacter() },
    {
      id: "box-kind",
      keys: ["k"],
      label: gettext("change the kind: main text, small note, heading …"),
      act: () => mend.kind(),
    },
    { id: "undo", keys: ["u", "ctrl+z"], label: gettext("undo"), act: () => work.undo(), repeats: true },
    {
      id: "redo",
      keys: ["y", "ctrl+y", "ctrl+shift+z"],
      label: gettext("redo"),
      act: () => work.redo(),
      repeats: true,
    },
    {
      id: "deleted",
      keys: ["shift+u"],
      label: gettext("deleted boxes: bring one back"),
      act: () => work.deleted.open(),
    },
  ];
}

/** @type {Record<string, { x: number, y: number }>} */
const WAYS = { up: { x: 0, y: -1 }, down: { x: 0, y: 1 }, left: { x: -1, y: 0 }, right: { x: 1, y: 0 } };

/**
 * Moving and sizing by fine steps; a key that is held goes faster.
 * @param {Pick<Workplace, "mending">} work
 * @returns {Action[]}
 */
export function shaping({ mending: mend }) {
  const moves = {
    up: gettext("move the box up"),
    down: gettext("move the box down"),
    left: gettext("move the box to the left"),
    right: gettext("move the box to the right"),
  };
  /** @type {[string, string, string, string, string][]} */
  const sides = [
    ["w", "n", "up", gettext("larger at the top"), gettext("smaller at the top")],
    ["s", "s", "down", gettext("larger at the bottom"), gettext("smaller at the bottom")],
    ["a", "w", "left", gettext("larger on the left"), gettext("smaller on the left")],
    ["d", "e", "right", gettext("larger on the right"), gettext("smaller on the right")],
  ];
  const move = Object.entries(moves).map(([way, label]) => ({
    id: `move-${way}`,
    keys: [`shift+arrow${way}`],
    label,
    act: () => mend.move(WAYS[way]),
    repeats: true,
  }));
  const size = sides.flatMap(([key, side, way, larger, smaller]) => [
    { id: `grow-${way}`, keys: [key], label: larger, act: () => mend.size(side, WAYS[way]), repeats: true },
    {
      id: `shrink-${way}`,
      keys: [`shift+${key}`],
      label: smaller,
      act: () => mend.size(side, back(WAYS[way])),
      repeats: true,
    },
  ]);
  return [...move, ...size];
}

/** @param {{ x: number, y: number }} way */
const back = ({ x, y }) => ({ x: -x, y: -y });

/**
 * @param {Workplace} work
 * @returns {Action[]}
 */
function ordering({ mending: mend }) {
  return [
    {
      id: "order-draw",
      keys: ["o"],
      label: gettext("reading order: draw a line through boxes"),
      act: () => mend.take("order"),
    },
    {
      id: "order-before",
      keys: [","],
      label: gettext("read the box one place earlier"),
      act: () => mend.shiftOrder(-1),
    },
    { id: "order-after", keys: ["."], label: gettext("read the box one place later"), act: () => mend.shiftOrder(1) },
    { id: "lasso", keys: ["l"], label: gettext("lasso: choose many boxes"), act: () => mend.take("lasso") },
    { id: "column", keys: ["g"], label: gettext("choose the whole column"), act: () => mend.column() },
    {
      id: "choose-none",
      keys: ["escape"],
      label: gettext("put the tool away, choose nothing"),
      act: () => mend.leave(),
      fixed: true,
    },
  ];
}

/**
 * @param {Workplace} work
 * @returns {Action[]}
 */
function seeing(work) {
  const { view } = work;
  return [
    {
      id: "doubt-next",
      keys: ["e"],
      label: gettext("light up suspicious boxes, go to the next"),
      act: () => work.doubt(1),
    },
    {
      id: "doubt-before",
      keys: ["shift+e"],
      label: gettext("go to the previous suspicious box"),
      act: () => work.doubt(-1),
    },
    { id: "mask", keys: ["m"], label: gettext("mask: hide what is boxed"), act: () => work.mask() },
    { id: "ways", keys: ["r"], label: gettext("show the reading order"), act: () => work.ways() },
    { id: "zoom", keys: ["z", "space"], label: gettext("the whole page, or the box"), act: () => work.zoom() },
    { id: "zoom-in", keys: ["+", "="], label: gettext("larger"), act: () => view.stage.zoom(1.4), repeats: true },
    { id: "zoom-out", keys: ["-"], label: gettext("smaller"), act: () => view.stage.zoom(1 / 1.4), repeats: true },
  ];
}

/**
 * @param {Workplace} work
 * @returns {Action[]}
 */
function turning(work) {
  return [
    { id: "turn", keys: ["t"], label: gettext("turn the page by a quarter"), act: () => work.mending.turn() },
    { id: "exchange", keys: ["p"], label: gettext("text and formats: import, export"), act: () => work.exchange() },
    { id: "help", keys: ["?"], label: gettext("this list"), act: () => work.keysDialog?.open() },
  ];
}
