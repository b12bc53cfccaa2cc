// Everything that a key does in the second pass: the review's own keys, wherever it has one for the same.
import { fill, gettext } from "../lib/words.js";
import { alike, find, view } from "../review/card/dialogs.js";

const part = (id) => document.getElementById(id);

export function actions(desk) {
  return [
    {
      id: "approve",
      keys: ["enter", "space"],
      label: gettext("the label is right: approve it"),
      act: () => desk.approve(),
    },
    ...desk.card.suggestions.map(({ rank }) => ({
      id: `choose-${rank}`,
      keys: [`${rank}`],
      label: fill(gettext("settle it: candidate %(rank)s"), { rank }),
      act: () => desk.choose(rank),
    })),
    ...nones(desk),
    {
      id: "find",
      keys: ["f", "/"],
      label: gettext("settle it by another block of the gallery: find it"),
      act: () => find(desk),
    },
    {
      id: "alike",
      keys: ["a"],
      label: gettext("find blocks like a candidate: the one in focus, else the first"),
      act: () => alike(desk, desk.focused()),
    },
    {
      id: "back",
      keys: ["b"],
      label: gettext("send it back: write why, then Ctrl + Enter"),
      act: () => desk.sendBack(),
    },
    {
      id: "comment",
      keys: ["t", ";"],
      label: gettext("write a comment, kept with your ruling; Esc leaves it"),
      act: () => desk.comment(),
    },
    { id: "relation", keys: ["r"], label: gettext("turn the relation that your match gets"), act: () => desk.relate() },
    { id: "flag", keys: ["!"], label: gettext("take the flag down, and rule nothing"), act: () => desk.lower() },
    {
      id: "undo",
      keys: ["u"],
      label: gettext("back to the picture that you ruled on last"),
      act: () => follow("second-back"),
    },
    {
      id: "previous",
      keys: ["arrowleft"],
      label: gettext("previous picture, without a ruling"),
      act: () => follow("second-before"),
      repeats: true,
    },
    {
      id: "next",
      keys: ["arrowright"],
      label: gettext("next picture, without a ruling"),
      act: () => follow("second-next"),
      repeats: true,
    },
    {
      id: "view",
      keys: ["v"],
      label: gettext("turn a candidate in 3D: the one in focus, else the first"),
      act: () => view(desk, desk.focused()),
    },
    { id: "list", keys: ["l"], label: gettext("the list of pictures"), act: () => follow("second-list") },
    { id: "help", keys: ["?"], label: gettext("this list"), act: () => desk.keys.open() },
  ];
}

function nones(desk) {
  const said = (id, key, label) => ({ id, keys: [key], label, act: () => desk.settle(id) });
  return [
    said("none", "0", gettext("settle it: none")),
    said("not_in_gallery", "g", gettext("settle it: not in the gallery")),
    said("damaged", "d", gettext("settle it: damaged")),
    said("bad_crop", "c", gettext("settle it: bad crop")),
    said("not_in_unicode", "n", gettext("settle it: not in Unicode")),
  ];
}

function follow(id) {
  part(id)?.click();
}

/** In the comment, Esc leaves the field, and Ctrl + Enter does what it was opened for. */
export function letters() {
  const field = part("second-comment");
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const done = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    if (event.key !== "Escape" && !done) return;
    event.preventDefault();
    field.blur();
    if (done && field.dataset.for === "back") part("send-back").click();
  });
}
