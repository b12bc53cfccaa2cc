// Work that the server does part by part: asked for again until it is done, also over a network that fails.

const WAITS = [1, 2, 4, 8, 15]; // seconds between tries; the last one repeats

/**
 * ask(): promise of the next part's answer; rejects with a NetError. over(answer): whether it was the last.
 * told(answer): called after each part. waiting(): called when the network is away.
 */
export async function partByPart({ ask, over, told, waiting, pause = sleep }) {
  for (let tries = 0; ; ) {
    try {
      const answer = await ask();
      tries = 0;
      told(answer);
      if (over(answer)) return answer;
    } catch (error) {
      if (!error.retryable) throw error;
      waiting();
      await pause(WAITS[Math.min(tries, WAITS.length - 1)] * 1000);
      tries += 1;
    }
  }
}

function sleep(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}
