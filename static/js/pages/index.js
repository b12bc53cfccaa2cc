// The page view: a whole scan, its boxes and its text.
import { pressButtons } from "../keys/buttons.js";
import { KeysDialog } from "../keys/dialog.js";
import { listen } from "../keys/listen.js";
import { OwnKeys } from "../keys/own.js";
import { heldNamesOf } from "../keys/presses.js";
import { Shortcuts } from "../keys/shortcuts.js";
import { pageData, part } from "../lib/dom.js";
import { getJson, inWords } from "../lib/net.js";
import { pause } from "../lib/retry.js";
import { toast } from "../lib/toast.js";
import { gettext } from "../lib/words.js";
import { keysOf } from "./keys.js";
import { legend } from "./stage/legend.js";
import { Workplace } from "./workplace.js";

/** @import { PageBoxes } from "../types.d.ts" */

/**
 * The page, as soon as a worker has made a picture of it that can be seen.
 * @param {string} url
 * @returns {Promise<PageBoxes>}
 */
async function whenPictured(url) {
  for (;;) {
    const page = await getJson(url);
    if (page.width && page.height && page.tiles) return page;
    part("page-said").textContent =
      page.state === "rejected" ? gettext("This page could not be read.") : gettext("This page is being read …");
    await pause(2000).over;
  }
}

/**
 * @param {HTMLElement} page
 */
async function mount(page) {
  const data = pageData("pages-data");
  const { doors = "", before = "", after = "" } = page.dataset;
  const boxes = await whenPictured(`${doors}boxes/`);
  const work = new Workplace(boxes, { ...data, doors, before, after });
  const shortcuts = new Shortcuts(OwnKeys.ofPage("pages", data), heldNamesOf);
  work.keysDialog = new KeysDialog(shortcuts);
  for (const action of keysOf(work)) shortcuts.add(action);
  pressButtons(shortcuts);
  legend(work.view.colours());
  listen((names) => shortcuts.ofAny(names), heldNamesOf);
  page.dataset.ready = "true";
  part("stage").focus({ preventScroll: true });
}

mount(part("page")).catch((error) => toast(inWords(error), { bad: true, seconds: 0 }));
