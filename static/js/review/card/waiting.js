// Asking again and again while the network is away.
import { inWords, NetError } from "../../lib/net.js";
import { pause, waitAfter } from "../../lib/retry.js";
import { gettext } from "../../lib/words.js";
import { showWaiting } from "./view.js";

/**
 * What `ask` gives, however long the network is away; null once it is not wanted any more. What the server
 * refuses is said, and never answered.
 * @template T
 * @param {() => Promise<T>} ask
 * @param {() => boolean} wanted
 * @param {string} away what is said meanwhile
 * @returns {Promise<T | null>}
 */
export async function patiently(ask, wanted, away) {
  for (let tries = 0; wanted(); tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!wanted()) return null;
      if (error instanceof NetError && !error.retryable) {
        const loggedOut = gettext("You are logged out. Reload the page to log in.");
        showWaiting(error.kind === "loggedout" ? loggedOut : inWords(error));
        return new Promise(() => {});
      }
      showWaiting(away);
      await soon(waitAfter(tries));
    }
  }
  return null;
}

/**
 * After so long, or as soon as the network is back.
 * @param {number} milliseconds
 */
async function soon(milliseconds) {
  const { over, end } = pause(milliseconds);
  window.addEventListener("online", end, { once: true });
  await over;
}
