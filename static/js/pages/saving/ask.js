// What becomes of an edit that the server does not take.
import { part, setText } from "../../lib/dom.js";
import { inWords } from "../../lib/net.js";
import { toast } from "../../lib/toast.js";

/** @import { NetError } from "../../lib/net.js" */
/** @import { Poll } from "./poll.js" */

/**
 * Ask whose edit of a box counts, where somebody else has edited it meanwhile; any other refusal is said.
 * @param {NetError} error
 * @param {Pick<Poll, "fetch">} poll
 * @returns {Promise<"mine" | "theirs">}
 */
export async function askWhose(error, poll) {
  if (error.code !== "edited_meanwhile") {
    toast(inWords(error), { bad: true });
    return "theirs";
  }
  await poll.fetch().catch(() => {}); // asked for again by itself
  const dialog = part("whose", HTMLDialogElement);
  setText(part("whose-said"), inWords(error));
  dialog.returnValue = "theirs";
  dialog.showModal();
  await new Promise((done) => dialog.addEventListener("close", done, { once: true }));
  return dialog.returnValue === "mine" ? "mine" : "theirs";
}
