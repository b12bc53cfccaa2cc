// The review page: its parts put together, its buttons and keys.

import { Finder } from "../finder/finder.js";
import { KeysDialog } from "../keys/dialog.js";
import { composing, listen } from "../keys/presses.js";
import { Shortcuts } from "../keys/shortcuts.js";
import { mountOverlay } from "../overlay/index.js";
import { Viewer } from "../viewer/dialog.js";
import { candidates } from "./card/candidate.js";
import { alike, find, view, viewFound } from "./card/dialogs.js";
import { actions } from "./keys.js";
import { Review } from "./review.js";

const part = (id) => document.getElementById(id);

function mount(told) {
  const review = new Review(told, new URLSearchParams(location.search).has("query"));
  review.viewer = new Viewer();
  review.finder = new Finder({ picked: (item) => review.deeds.take(item) });
  review.shortcuts = new Shortcuts({ name: `mocban-keys-${told.person}`, store: window.localStorage });
  review.keys = new KeysDialog(review.shortcuts);
  for (const action of actions(review)) review.shortcuts.add(action);
  mountOverlay(review.shortcuts, (card) => review.cards.peek(review.upcoming(card.id))?.card ?? null);
  press(review);
  review.start();
  listen((key) => review.shortcuts.of(key));
}

/** Let the buttons do what their keys do. */
function press(review) {
  const { deeds } = review;
  const on = (id, act) => part(id).addEventListener("click", act);
  on("review-previous", () => review.move(-1));
  on("review-next", () => review.move(1));
  on("answer-undo", () => deeds.undo());
  on("answer-find", () => find(review));
  on("relation", () => deeds.relate());
  on("several", () => deeds.several());
  on("flag", () => review.remarks.toggle());
  on("comment", () => review.remarks.open());
  on("found-view", () => viewFound(review, found(review.decision())));
  on("review-skipped", () => review.again());
  on("review-first", () => review.visit(review.deck.ids[0]));
  part("review-order").value = review.dealer.order;
  part("review-order").addEventListener("change", ({ target }) => {
    target.blur();
    review.reorder(target.value);
  });
  document.addEventListener("keydown", (event) => {
    const leaves = event.key === "Escape" && !composing(event) && !event.defaultPrevented;
    if (leaves && review.several.on && !document.querySelector("dialog[open]")) deeds.several();
  });
  for (const button of document.querySelectorAll(".review-answers [data-verdict]")) {
    const { verdict, reason = "" } = button.dataset;
    button.addEventListener(
      "click",
      once(() => deeds.answer({ verdict, reason })),
    );
  }
  for (const element of candidates) {
    const rank = Number(element.dataset.rank);
    element.querySelector(".candidate-choose").addEventListener(
      "click",
      once(() => deeds.choose(rank)),
    );
    element.querySelector(".candidate-view").addEventListener("click", () => view(review, rank));
    element.querySelector(".candidate-like").addEventListener("click", () => alike(review, rank));
  }
}

/** The block found by hand that an answer shows. */
function found(decision) {
  return decision?.found ?? decision?.also?.find((one) => one.found)?.found ?? null;
}

/** The second click of a double click would answer the next card unseen. */
function once(act) {
  return (event) => {
    if (event.detail < 2) act();
  };
}

const told = part("review-told");
if (told) mount(JSON.parse(told.textContent));
else part("keys-open").hidden = true;
