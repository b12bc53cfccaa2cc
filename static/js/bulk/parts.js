// Work that the server does part by part: asked for again until it is done, also over a network that fails.
import { NetError } from "../lib/net.js";
import { pause, waitAfter } from "../lib/retry.js";

/**
 * Ask until the last part is done. Rejects with a NetError that no further try would mend.
 * @template T
 * @param {object} options
 * @param {() => Promise<T>} options.ask the next part; rejects with a NetError
 * @param {(answer: T) => boolean} options.over whether it was the last
 * @param {(answer: T) => void} options.done called after each part
 * @param {() => void} options.waiting called when the network is away
 * @param {(milliseconds: number) => Promise<void>} [options.sleep]
 * @returns {Promise<T>} the last part's answer
 */
export async function partByPart({ ask, over, done, waiting, sleep = (time) => pause(time).over }) {
  for (let tries = 0; ; ) {
    try {
      const answer = await ask();
      tries = 0;
      done(answer);
      if (over(answer)) return answer;
    } catch (error) {
      if (!(error instanceof NetError && error.retryable)) throw error;
      waiting();
      await sleep(waitAfter(tries));
      tries += 1;
    }
  }
}
