// The arrow keys go through the doubtful labels; Enter opens the card that has the focus, as any link.
const cards = () => [...document.querySelectorAll("#audit-rows .audit-picture")];

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, select, textarea")) return;
  const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const all = cards();
  if (!way || !all.length) return;
  const from = all.findIndex((card) => card.closest("li").contains(document.activeElement));
  const to = from < 0 ? 0 : Math.min(all.length - 1, Math.max(0, from + way));
  event.preventDefault();
  all[to].focus();
  all[to].closest("li").scrollIntoView({ block: "nearest" });
});
