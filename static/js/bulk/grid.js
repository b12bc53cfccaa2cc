// Groups of pictures with one suggestion: the wrong ones are picked out, the rest is confirmed.
import { meant, takenByInputMethod } from "../keys/presses.js";
import { all, around, part, within } from "../lib/dom.js";
import { inWords, NetError, postJson } from "../lib/net.js";
import { toast } from "../lib/toast.js";
import { uuid } from "../lib/uuid.js";
import { fill, gettext, ngettext, number } from "../lib/words.js";
import { leftAlone, say } from "./actions.js";
import { step } from "./walk.js";

/** @import { BulkAction, BulkActions } from "./actions.js" */

const BOUNCE = 400; // milliseconds in which a second Enter would confirm a group unseen

export class Grid {
  /**
   * @param {HTMLElement} page
   * @param {BulkActions} actions
   */
  constructor(page, actions) {
    this.page = page;
    this.actions = actions;
    this.keys = part("sure-keys", HTMLDialogElement);
    this.confirmedAt = -Infinity;
    /** @type {Map<string, HTMLElement>} */
    this.made = new Map(); // group element by the key of its action
    actions.undone = (action) => this.reopen(action);
  }

  start() {
    for (const group of this.groups()) this.count(group);
    part("groups").addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("keydown", (event) => this.pressed(event));
    part("groups").addEventListener("focusin", (event) => this.rove(around(event, ".bulk-tile")));
    document.getElementById("sure-keys-open")?.addEventListener("click", () => this.keys.showModal());
    this.tiles()[0]?.focus({ preventScroll: true });
  }

  /** @returns {HTMLElement[]} */
  groups(state = "open") {
    return all(`.bulk-group[data-state="${state}"]`);
  }

  /** @returns {HTMLElement[]} */
  tiles() {
    return all('.bulk-group[data-state="open"] .bulk-tile');
  }

  /**
   * One tile alone is met by Tab; arrows go on from there.
   * @param {HTMLElement | null} tile
   */
  rove(tile) {
    if (!tile) return;
    for (const other of all('.bulk-tile[tabindex="0"]')) other.tabIndex = -1;
    tile.tabIndex = 0;
  }

  /** @param {Event} event */
  clicked(event) {
    const tile = around(event, ".bulk-tile");
    const confirm = around(event, ".bulk-confirm");
    if (tile) this.pick(tile);
    if (confirm) this.confirm(groupOf(confirm));
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (takenByInputMethod(event) || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (around(event, "input, select, textarea")) return;
    const tile = /** @type {HTMLElement | null} */ (document.activeElement?.closest(".bulk-tile") ?? null);
    const act = meant(event, { ...this.acts(event), ...(tile ? this.tileActs(event, tile) : {}) });
    if (!act) return;
    event.preventDefault();
    act();
  }

  /**
   * What keys do wherever the focus is.
   * @param {KeyboardEvent} event
   * @returns {Record<string, () => unknown>}
   */
  acts(event) {
    const move = this.tiles().length ? () => this.move(event.key) : null;
    const arrows = ["arrowleft", "arrowright", "arrowup", "arrowdown", "home", "end"].map((key) => [key, move]);
    return {
      "?": () => this.keys.showModal(),
      u: () => !event.repeat && this.undo(),
      ...(move ? Object.fromEntries(arrows) : {}),
    };
  }

  /**
   * What keys do on a tile. Space is the button's own.
   * @param {KeyboardEvent} event
   * @param {HTMLElement} tile
   * @returns {Record<string, () => unknown>}
   */
  tileActs(event, tile) {
    return {
      x: () => !event.repeat && this.pick(tile),
      a: () => !event.repeat && this.pickFrom(tile),
      n: () => this.goOn(groupOf(tile)),
      enter: () => this.entered(event, tile),
    };
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLElement} tile
   */
  entered(event, tile) {
    if (event.repeat || event.timeStamp - this.confirmedAt < BOUNCE) return;
    this.confirm(groupOf(tile));
  }

  /** @param {string} key */
  move(key) {
    const tiles = this.tiles();
    const from = tiles.findIndex((tile) => tile === document.activeElement);
    const places = tiles.map((one) => {
      const box = one.getBoundingClientRect();
      return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
    });
    show(tiles[from < 0 ? 0 : step(places, from, key)]);
  }

  /**
   * Pick a tile out of its group, or put it back.
   * @param {HTMLElement} tile
   * @param {boolean} [out]
   */
  pick(tile, out = !isOut(tile)) {
    const group = groupOf(tile);
    if (group.dataset.state !== "open") return;
    tile.setAttribute("aria-pressed", `${out}`);
    this.count(group);
  }

  /**
   * Pick a tile and all after it out of their group.
   * @param {HTMLElement} tile
   */
  pickFrom(tile) {
    const tiles = tilesOf(groupOf(tile));
    const out = !isOut(tile);
    for (const one of tiles.slice(tiles.indexOf(tile))) this.pick(one, out);
  }

  /** @param {HTMLElement} group */
  count(group) {
    const right = tilesOf(group).filter((tile) => !isOut(tile)).length;
    const text = ngettext("Confirm this one", "Confirm these %(count)s", right);
    const none = gettext("None is correct");
    within(group, ".bulk-confirm-said").textContent = right ? fill(text, { count: number(right) }) : none;
  }

  /** @param {HTMLElement} group */
  async confirm(group) {
    if (group.dataset.state !== "open") return;
    group.dataset.state = "saving";
    group.dataset.key ||= uuid(); // kept, so that trying again is the same action
    this.confirmedAt = performance.now();
    const body = confirmation(group);
    this.goOn(group);
    try {
      const action = await postJson(this.page.dataset.confirm ?? "", body);
      this.confirmed(group, action, body.wrong.length);
    } catch (error) {
      this.failed(group, error);
    }
  }

  /**
   * @param {HTMLElement} group
   * @param {BulkAction} action
   * @param {number} wrong how many were picked out
   */
  confirmed(group, action, wrong) {
    group.dataset.state = "done";
    this.made.set(action.key, group);
    const words = confirmedWords(action, wrong);
    const title = within(group, "h2");
    const what = title.textContent?.trim() || title.querySelector("img")?.alt;
    const undo = (this.page.dataset.confirm ?? "").replace("confirm/", `${action.key}/undo/`);
    this.actions.note(action, `${what}: ${words}`, undo);
    say(words);
    if (action.left) toast(leftAlone(action.left), { bad: true });
    this.finish();
  }

  /**
   * @param {HTMLElement} group
   * @param {unknown} error
   */
  failed(group, error) {
    const again = error instanceof NetError && error.retryable;
    group.dataset.state = "open";
    if (!again) group.dataset.key = "";
    const text = again ? gettext("Not saved yet: press Enter to try again") : inWords(error);
    toast(text, { bad: true });
    show(tilesOf(group)[0]);
  }

  /**
   * Go to the next group that is open.
   * @param {HTMLElement} group
   */
  goOn(group) {
    const groups = /** @type {HTMLElement[]} */ (all(".bulk-group"));
    const after = groups.slice(groups.indexOf(group) + 1).concat(groups);
    const next = after.find((one) => one.dataset.state === "open");
    if (next) show(tilesOf(next)[0], "start");
  }

  finish() {
    if (this.groups().length || this.groups("saving").length) return;
    const done = part("sure-done");
    part("sure-more").hidden = true;
    done.hidden = false;
    (done.querySelector("a") ?? done).focus();
  }

  undo() {
    const row = this.actions.newest();
    if (row) this.actions.undo(row);
  }

  /** @param {BulkAction} action */
  reopen(action) {
    const group = this.made.get(action.key);
    if (!group) return;
    group.dataset.state = "open";
    group.dataset.key = "";
    part("sure-done").hidden = true;
    show(tilesOf(group)[0]);
  }
}

/** @param {HTMLElement} element */
function groupOf(element) {
  return /** @type {HTMLElement} */ (element.closest(".bulk-group"));
}

/**
 * @param {HTMLElement} group
 * @returns {HTMLElement[]}
 */
function tilesOf(group) {
  return all(".bulk-tile", group);
}

/** @param {HTMLElement} tile */
function isOut(tile) {
  return tile.getAttribute("aria-pressed") === "true";
}

/**
 * A group as the server takes it.
 * @param {HTMLElement} group
 */
function confirmation(group) {
  const tiles = tilesOf(group);
  return {
    key: group.dataset.key,
    item: Number(group.dataset.item),
    right: tiles.filter((tile) => !isOut(tile)).map(({ dataset }) => [Number(dataset.query), Number(dataset.first)]),
    wrong: tiles.filter(isOut).map(({ dataset }) => Number(dataset.query)),
  };
}

/**
 * @param {HTMLElement} tile
 * @param {ScrollLogicalPosition} [block]
 */
function show(tile, block = "nearest") {
  tile.focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const shown = block === "start" ? groupOf(tile) : tile;
  shown.scrollIntoView({ block, behavior: calm ? "auto" : "smooth" });
}

/**
 * @param {BulkAction} action
 * @param {number} wrong
 */
function confirmedWords(action, wrong) {
  const written = fill(ngettext("%(count)s answer confirmed", "%(count)s answers confirmed", action.written), {
    count: number(action.written),
  });
  if (!wrong) return written;
  return `${written}; ${fill(ngettext("%(count)s marked wrong", "%(count)s marked wrong", wrong), { count: number(wrong) })}`;
}
