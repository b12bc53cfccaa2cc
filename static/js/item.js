// The item's page: its block in 3D.
import { around } from "./lib/dom.js";
import { Viewer } from "./viewer/dialog.js";

const viewer = new Viewer();

document.addEventListener("click", (event) => {
  const button = around(event, "[data-viewer]");
  if (!button) return;
  const { viewer: url = null, name: title = "", character, glyph } = button.dataset;
  viewer.open([{ url, title, character, glyph }], 0);
});
