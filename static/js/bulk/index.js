// The page on which many pictures are answered together: groups of them, or all that are sure enough.
import { Deeds } from "./actions.js";
import { Grid } from "./grid.js";
import { Threshold } from "./threshold.js";

const page = document.getElementById("sure");
const deeds = new Deeds(document.getElementById("sure-deeds"));

if (document.querySelector(".bulk-group")) new Grid(page, deeds).start();
if (document.getElementById("threshold")) new Threshold(page, deeds).start();
deeds.start();
