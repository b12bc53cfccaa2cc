// The page view: a whole scan, its boxes and its text.
import { pressButtons } from "../keys/buttons.js";
import { KeysDialog } from "../keys/dialog.js";
import { listen } from "../keys/listen.js";
import { OwnKeys } from "../keys/own.js";
import { heldNamesOf } from "../keys/presses.js";
import { Shortcuts } from "../keys/shortcuts.js";
import { pageData, part } from "../lib/dom.js";
import { getJson, inWords } from "../lib/net.js";
import { toast } from "../lib/toast.js";
import { keysOf } from "./keys.js";
import { legend } from "./stage/legend.js";
import { Workplace } from "./workplace.js";

/**
 * @param {HTMLElement} page
 */
async function mount(page) {
  const data = pageData("pages-data");
  const { doors = "", before = "", after = "" } = page.dataset;
  const boxes = await getJson(`${doors}boxes/`);
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
