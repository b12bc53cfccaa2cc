// Groups of pictures with one suggestion: the wrong ones are picked out, the rest is confirmed.
import { postJson } from "../lib/net.js";
import { toast } from "../lib/toast.js";
import { uuid } from "../lib/uuid.js";
import { fill, gettext, ngettext, number } from "../lib/words.js";
import { say } from "./actions.js";
import { step } from "./walk.js";

const BOUNCE = 400; // milliseconds in which a second Enter would confirm a group unseen

export class Grid {
  constructor(page, deeds) {
    this.page = page;
    this.deeds = deeds;
    this.keys = document.getElementById("sure-keys");
    this.confirmedAt = -Infinity;
    this.made = new Map(); // group element by the key of its deed
    deeds.undone = (deed) => this.reopen(deed);
  }

  start() {
    for (const group of this.groups()) this.count(group);
    document.getElementById("groups").addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("keydown", (event) => this.pressed(event));
    document
      .getElementById("groups")
      .addEventListener("focusin", ({ target }) => this.rove(target.closest(".bulk-tile")));
    document.getElementById("sure-keys-open")?.addEventListener("click", () => this.keys.showModal());
    this.tiles()[0]?.focus({ preventScroll: true });
  }

  groups(state = "open") {
    return [...document.querySelectorAll(`.bulk-group[data-state="${state}"]`)];
  }

  tiles() {
    return [...document.querySelectorAll('.bulk-group[data-state="open"] .bulk-tile')];
  }

  /** One tile alone is met by Tab; arrows go on from there. */
  rove(tile) {
    if (!tile) return;
    for (const other of document.querySelectorAll('.bulk-tile[tabindex="0"]')) other.tabIndex = -1;
    tile.tabIndex = 0;
  }

  clicked(event) {
    const tile = event.target.closest(".bulk-tile");
    const confirm = event.target.closest(".bulk-confirm");
    if (tile) this.pick(tile);
    if (confirm) this.confirm(confirm.closest(".bulk-group"));
  }

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]") || event.target.matches("input, select, textarea")) return;
    const act = this.meaning(event);
    if (!act) return;
    event.preventDefault();
    act();
  }

  meaning(event) {
    const key = event.key.toLowerCase();
    const tile = document.activeElement?.closest?.(".bulk-tile");
    if (key === "?") return () => this.keys.showModal();
    if (key === "u") return () => !event.repeat && this.undo();
    if (/^(arrow|home$|end$)/.test(key)) return this.tiles().length ? () => this.move(tile, event.key) : null;
    if (!tile) return null;
    if (key === "x") return () => !event.repeat && this.pick(tile);
    if (key === "a") return () => !event.repeat && this.pickFrom(tile);
    if (key === "n") return () => this.leave(tile.closest(".bulk-group"));
    if (key === "enter") return () => this.entered(event, tile);
    return null; // Space is the button's own
  }

  entered(event, tile) {
    if (event.repeat || event.timeStamp - this.confirmedAt < BOUNCE) return;
    this.confirm(tile.closest(".bulk-group"));
  }

  move(tile, key) {
    const tiles = this.tiles();
    const from = tiles.indexOf(tile);
    const places = tiles.map((one) => {
      const box = one.getBoundingClientRect();
      return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
    });
    show(tiles[from < 0 ? 0 : step(places, from, key)]);
  }

  pick(tile, out = tile.getAttribute("aria-pressed") !== "true") {
    const group = tile.closest(".bulk-group");
    if (group.dataset.state !== "open") return;
    tile.setAttribute("aria-pressed", out);
    this.count(group);
  }

  pickFrom(tile) {
    const tiles = [...tile.closest(".bulk-group").querySelectorAll(".bulk-tile")];
    const out = tile.getAttribute("aria-pressed") !== "true";
    for (const one of tiles.slice(tiles.indexOf(tile))) this.pick(one, out);
  }

  count(group) {
    const right = group.querySelectorAll('.bulk-tile[aria-pressed="false"]').length;
    const said = ngettext("Confirm this one", "Confirm these %(count)s", right);
    const none = gettext("None is right");
    group.querySelector(".bulk-confirm-said").textContent = right ? fill(said, { count: number(right) }) : none;
  }

  async confirm(group) {
    if (group.dataset.state !== "open") return;
    group.dataset.state = "saving";
    group.dataset.key ||= uuid(); // kept, so that trying again is the same deed
    this.confirmedAt = performance.now();
    const tiles = [...group.querySelectorAll(".bulk-tile")];
    const ids = ({ dataset }) => [Number(dataset.query), Number(dataset.first)];
    const isOut = (tile) => tile.getAttribute("aria-pressed") === "true";
    const body = {
      key: group.dataset.key,
      item: Number(group.dataset.item),
      right: tiles.filter((tile) => !isOut(tile)).map(ids),
      wrong: tiles.filter(isOut).map((tile) => ids(tile)[0]),
    };
    this.goOn(group);
    try {
      this.confirmed(group, await postJson(this.page.dataset.confirm, body), body);
    } catch (error) {
      this.failed(group, error);
    }
  }

  confirmed(group, deed, { wrong }) {
    group.dataset.state = "done";
    this.made.set(deed.key, group);
    const said = told(deed, wrong.length);
    const what = group.querySelector("h2").textContent.trim() || group.querySelector("h2 img")?.alt;
    this.deeds.note(deed, `${what}: ${said}`, this.page.dataset.confirm.replace("confirm/", `${deed.key}/undo/`));
    say(said);
    if (deed.left) toast(left(deed.left), { bad: true });
    this.finish();
  }

  failed(group, error) {
    group.dataset.state = "open";
    if (!error.retryable) group.dataset.key = "";
    const what = error.retryable ? gettext("The group is not saved yet: press Enter to try again") : error.message;
    toast([what, error.hint].filter(Boolean).join("; "), { bad: true });
    show(group.querySelector(".bulk-tile"));
  }

  goOn(group) {
    const groups = [...document.querySelectorAll(".bulk-group")];
    const after = groups.slice(groups.indexOf(group) + 1).concat(groups);
    const next = after.find((one) => one.dataset.state === "open");
    if (next) show(next.querySelector(".bulk-tile"), "start");
  }

  leave(group) {
    this.goOn(group);
  }

  finish() {
    if (this.groups().length || this.groups("saving").length) return;
    const done = document.getElementById("sure-done");
    document.getElementById("sure-more").hidden = true;
    done.hidden = false;
    (done.querySelector("a") ?? done).focus();
  }

  undo() {
    const row = this.deeds.newest();
    if (row) this.deeds.undo(row);
  }

  reopen(deed) {
    const group = this.made.get(deed.key);
    if (!group) return;
    group.dataset.state = "open";
    group.dataset.key = "";
    document.getElementById("sure-done").hidden = true;
    show(group.querySelector(".bulk-tile"));
  }
}

function show(tile, block = "nearest") {
  tile.focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  (block === "start" ? tile.closest(".bulk-group") : tile).scrollIntoView({
    block,
    behavior: calm ? "auto" : "smooth",
  });
}

function told(deed, wrong) {
  const written = fill(ngettext("%(count)s answer confirmed", "%(count)s answers confirmed", deed.written), {
    count: number(deed.written),
  });
  if (!wrong) return written;
  return `${written}; ${fill(ngettext("%(count)s picked out", "%(count)s picked out", wrong), { count: number(wrong) })}`;
}

/** Pictures that were left as they are. */
export function left(count) {
  const said = ngettext(
    "%(count)s picture was left: it changed, was answered, or is in somebody's hands",
    "%(count)s pictures were left: they changed, were answered, or are in somebody's hands",
    count,
  );
  return fill(said, { count: number(count) });
}
