// The item's page: its block in 3D.
import { Viewer } from "./viewer/dialog.js";

const viewer = new Viewer();

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-viewer]");
  if (button) viewer.open([{ url: button.dataset.viewer, title: button.dataset.viewerName.trim() }], 0);
});
