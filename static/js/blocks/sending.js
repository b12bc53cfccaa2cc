// A scan's file on its way to the server by tus: what broke off goes on where it was, also in another visit.
import { Upload } from "tus-js-client";
import { part, setText } from "../lib/dom.js";
import { csrf } from "../lib/net.js";
import { fill, gettext, percent } from "../lib/words.js";

const PIECE = 8 << 20; // bytes: what a broken connection costs at most
const DELAYS = [0, 1000, 3000, 5000, 10_000, 30_000];

/**
 * Let a form send its file in pieces.
 * @param {HTMLFormElement} form
 */
export function sendInPieces(form) {
  form.addEventListener("submit", async (event) => {
    const file = part("scan-file", HTMLInputElement).files?.[0];
    if (!file) return;
    event.preventDefault();
    const upload = uploadOf(form, file);
    const [earlier] = await upload.findPreviousUploads();
    if (earlier) upload.resumeFromPreviousUpload(earlier);
    busy(form, true);
    upload.start();
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {File} file
 */
function uploadOf(form, file) {
  const { block = "", uploads = "" } = form.dataset;
  const metadata = {
    filename: file.name,
    block,
    face: part("scan-face", HTMLSelectElement).value,
    unit: part("scan-unit", HTMLSelectElement).value,
  };
  return new Upload(file, {
    endpoint: uploads,
    chunkSize: PIECE,
    retryDelays: DELAYS,
    removeFingerprintOnSuccess: true,
    fingerprint: async () => ["mocban", block, file.name, file.size, file.lastModified].join("-"),
    metadata,
    onBeforeRequest: (request) => request.setHeader("X-CSRFToken", csrf()),
    onProgress: (sent, total) => progress(sent / (total ?? file.size)),
    onSuccess: () => location.reload(),
    onError: (error) => failed(form, error),
  });
}

/** @param {number} share */
function progress(share) {
  const bar = part("scan-progress", HTMLProgressElement);
  bar.hidden = false;
  bar.value = share;
  setText(part("scan-said"), fill(gettext("%(share)s sent"), { share: percent(share) }));
}

/**
 * @param {HTMLFormElement} form
 * @param {any} error as tus has it
 */
function failed(form, error) {
  busy(form, false);
  setText(part("scan-said"), saidBy(error) || gettext("The upload broke off. Send the same file again: it goes on."));
}

/**
 * The server's own words; empty where it was not the server that refused.
 * @param {any} error
 */
function saidBy(error) {
  try {
    const body = JSON.parse(error.originalResponse.getBody());
    return [body.error, body.hint].filter(Boolean).join("; ");
  } catch {
    return "";
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {boolean} is
 */
function busy(form, is) {
  for (const button of form.querySelectorAll("button")) button.disabled = is;
}
