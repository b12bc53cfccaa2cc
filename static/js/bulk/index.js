// The page on which many pictures are answered together: groups of them, or all that are sure enough.
import { part } from "../lib/dom.js";
import { BulkActions } from "./actions.js";
import { Grid } from "./grid.js";
import { Threshold } from "./threshold.js";

const page = part("sure");
const actions = new BulkActions(part("bulk-actions"));

if (document.querySelector(".bulk-group")) new Grid(page, actions).start();
if (document.getElementById("threshold")) new Threshold(page, actions).start();
actions.start();
