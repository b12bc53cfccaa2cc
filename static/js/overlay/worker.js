// The worker's end: { number, ...task } comes, { number, answer } or { number, error } goes.
import { carryOut } from "./tasks.js";

self.addEventListener("message", async ({ data: { number, ...task } }) => {
  try {
    self.postMessage({ number, answer: await carryOut(task) });
  } catch (error) {
    self.postMessage({ number, error: error instanceof Error ? error.message : String(error) });
  }
});
