// The review page: its parts put together, its buttons and keys.
import { Finder } from "../finder/finder.js";
import { pressButtons } from "../keys/buttons.js";
import { KeysDialog } from "../keys/dialog.js";
import { listen } from "../keys/listen.js";
import { OwnKeys } from "../keys/own.js";
import { composing } from "../keys/presses.js";
import { Shortcuts } from "../keys/shortcuts.js";
import { onClick, pageData, part, within } from "../lib/dom.js";
import { mountOverlay } from "../overlay/index.js";
import { Viewer } from "../viewer/dialog.js";
import { candidates } from "./card/candidate.js";
import { alike, view, viewFound } from "./card/dialogs.js";
import { foundOf } from "./card/view.js";
import { keysOf } from "./keys.js";
import { Review } from "./review.js";

/** @import { PageData } from "./review.js" */

/** @param {PageData & { keys: { url: string, own: Record<string, string[]> | null } }} data */
function mount(data) {
  const explicit = new URLSearchParams(location.search).has("query");
  const finder = new Finder({ picked: (item) => review.actions.take(item) });
  const review = new Review(data, explicit, { finder, viewer: new Viewer() });
  const shortcuts = new Shortcuts(OwnKeys.ofPage("review", data));
  review.keysDialog = new KeysDialog(shortcuts);
  for (const action of keysOf(review)) shortcuts.add(action);
  mountOverlay(shortcuts, (card) => review.cards.peek(review.upcoming(card.id))?.card ?? null, review.mends);
  pressButtons(shortcuts);
  press(review);
  review.start();
  listen((names) => shortcuts.ofAny(names));
}

/**
 * What is pressed and has no key.
 * @param {Review} review
 */
function press(review) {
  const order = part("review-order", HTMLSelectElement);
  onClick("found-view", () => review.card && viewFound(review, foundOf(review.card, review.decision())));
  onClick("review-skipped", () => review.again());
  onClick("review-first", () => review.visit(review.batch.ids[0]));
  review.keysDialog?.dialog.addEventListener("close", () => review.mark()); // its note names keys
  order.value = review.assignment.order;
  order.addEventListener("change", () => {
    order.blur();
    review.reorder(order.value);
  });
  document.addEventListener("keydown", (event) => {
    const leaves = event.key === "Escape" && !composing(event) && !event.defaultPrevented;
    if (leaves && !document.querySelector("dialog[open]")) review.actions.leaveSeveral();
  });
  for (const element of candidates) {
    const rank = Number(element.dataset.rank);
    within(element, ".candidate-view").addEventListener("click", () => view(review, rank));
    within(element, ".candidate-like").addEventListener("click", () => alike(review, rank));
  }
}

if (document.getElementById("review-data")) mount(pageData("review-data"));
else part("keys-open").hidden = true;
