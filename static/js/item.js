// The item's page: its block in 3D.
import { Viewer } from "./viewer/dialog.js";

const viewer = new Viewer();

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-viewer]");
  if (!button) return;
  const { viewer: url, name: title, character, glyph } = button.dataset;
  viewer.open([{ url, title, character, glyph }], 0);
});
