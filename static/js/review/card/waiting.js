// Asking again and again while the network is away.
import { gettext } from "../../lib/words.js";
import { showWaiting } from "./view.js";

const MOST = 15; // seconds between two tries

/**
 * What `ask` gives, however long the network is away; null once it is not wanted any more. away: what is
 * said meanwhile. What the server refuses is said, and never answered.
 */
export async function patiently(ask, wanted, away) {
  for (let wait = 1; wanted(); wait = Math.min(wait * 2, MOST)) {
    try {
      return await ask();
    } catch (error) {
      if (!wanted()) return null;
      if (error.kind === "refused" || error.kind === "loggedout") {
        const loggedOut = gettext("You are logged out. Load the page again to log in.");
        showWaiting(error.kind === "loggedout" ? loggedOut : error.message);
        return new Promise(() => {});
      }
      showWaiting(away);
      await soon(wait);
    }
  }
  return null;
}

/** After so many seconds, or as soon as the network is back. */
function soon(seconds) {
  return new Promise((done) => {
    setTimeout(done, seconds * 1000);
    window.addEventListener("online", done, { once: true });
  });
}
