// The arrow keys go through the doubtful labels; Enter opens the card that has the focus, as any link.
import { all, around } from "../lib/dom.js";

/** @type {Record<string, number>} */
const WAYS = { ArrowDown: 1, ArrowUp: -1 };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || around(event, "input, select, textarea")) return;
  const way = WAYS[event.key];
  const cards = /** @type {HTMLElement[]} */ (all("#audit-rows .audit-picture"));
  if (!way || !cards.length) return;
  const from = cards.findIndex((card) => card.closest("li")?.contains(document.activeElement));
  const to = from < 0 ? 0 : Math.min(cards.length - 1, Math.max(0, from + way));
  event.preventDefault();
  cards[to].focus();
  cards[to].closest("li")?.scrollIntoView({ block: "nearest" });
});
