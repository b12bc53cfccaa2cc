// The page of a woodblock: its scan sent in pieces, and its face in 3D.
import { around, part } from "../lib/dom.js";
import { inWords } from "../lib/net.js";
import { toast } from "../lib/toast.js";
import { sendInPieces } from "./sending.js";

const form = document.getElementById("scan-form");
if (form instanceof HTMLFormElement) sendInPieces(form);

document.addEventListener("click", (event) => {
  const button = around(event, "[data-face]");
  if (!button) return;
  show(button).catch((error) => toast(inWords(error), { bad: true }));
});

/** @param {HTMLElement} button */
async function show({ dataset: { face = "", finer = "", scan = "" } }) {
  const { FaceViewer } = await import("./face_viewer.js"); // with three.js, only for who looks
  const places = JSON.parse(part(`places-${scan}`).textContent ?? "[]");
  await FaceViewer.ofPage().open([face, ...finer.split(" ")], places);
}
