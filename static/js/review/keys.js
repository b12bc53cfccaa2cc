// Everything that a key does in the review: its name, its usual keys, and what the list on "?" calls it.
import { fill, gettext } from "../lib/words.js";
import { alike, find, view } from "./card/dialogs.js";

export function actions(review) {
  const { deeds, remarks, past } = review;
  const refusal = (what) => () => review.post.refusals.decide(what);
  return [
    {
      id: "accept",
      keys: ["enter", "space"],
      label: gettext("the first candidate matches, or all that is marked"),
      act: () => deeds.accept(),
    },
    ...[1, 2, 3, 4, 5].map((rank) => ({
      id: `choose-${rank}`,
      keys: [`${rank}`],
      label: fill(gettext("candidate %(rank)s matches"), { rank }),
      act: () => deeds.choose(rank),
    })),
    ...answers(deeds),
    { id: "find", keys: ["f", "/"], label: gettext("find another block in the gallery"), act: () => find(review) },
    {
      id: "alike",
      keys: ["a"],
      label: gettext("find blocks like a candidate: the one in focus, else the first"),
      act: () => alike(review, review.focused()),
    },
    { id: "several", keys: ["m"], label: gettext("mark several matches"), act: () => deeds.several() },
    {
      id: "relation",
      keys: ["r"],
      label: gettext("turn the relation of the match shown, else of the next ones"),
      act: () => deeds.relate(),
    },
    { id: "flag", keys: ["!"], label: gettext("flag for a reviewer"), act: () => remarks.toggle() },
    { id: "comment", keys: ["t", ";"], label: gettext("write a comment"), act: () => remarks.open() },
    { id: "undo", keys: ["u"], label: gettext("undo the last answer"), act: () => deeds.undo() },
    {
      id: "previous",
      keys: ["arrowleft"],
      label: gettext("previous picture, answered or not"),
      act: () => review.move(-1),
      repeats: true,
    },
    {
      id: "next",
      keys: ["arrowright"],
      label: gettext("next picture, answered or not"),
      act: () => review.move(1),
      repeats: true,
    },
    {
      id: "history",
      keys: ["h"],
      label: gettext("the last answers: arrows move, Enter opens"),
      act: () => past.focus(),
    },
    {
      id: "view",
      keys: ["v"],
      label: gettext("turn a candidate in 3D: the one in focus, else the first"),
      act: () => view(review, review.focused()),
    },
    {
      id: "order",
      keys: ["w"],
      label: gettext("choose the order"),
      act: () => document.getElementById("review-order").focus(),
    },
    { id: "refusal-give", keys: ["y"], label: gettext("a refused answer: give it all the same"), act: refusal("give") },
    { id: "refusal-look", keys: ["l"], label: gettext("a refused answer: look again"), act: refusal("look") },
    { id: "refusal-drop", keys: ["x"], label: gettext("a refused answer: let it go"), act: refusal("drop") },
    { id: "help", keys: ["?"], label: gettext("this list"), act: () => review.keys.open() },
  ];
}

function answers(deeds) {
  const said = (id, key, label, verdict, reason = "") => ({
    id,
    keys: [key],
    label,
    act: () => deeds.answer({ verdict, reason }),
  });
  return [
    said("none", "0", gettext("none of them matches"), "none"),
    said("not_in_gallery", "g", gettext("none: not in the gallery"), "none", "not_in_gallery"),
    said("damaged", "d", gettext("none: damaged"), "none", "damaged"),
    said("bad_crop", "c", gettext("none: bad crop"), "none", "bad_crop"),
    said("not_in_unicode", "n", gettext("none: not in Unicode"), "none", "not_in_unicode"),
    said("unsure", "q", gettext("unsure"), "unsure"),
    said("skip", "s", gettext("skip for now"), "skip"),
  ];
}
