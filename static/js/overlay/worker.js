// The worker's end: { number, ...asked } comes, { number, answer } or { number, error } goes.
import { carryOut } from "./tasks.js";

self.addEventListener("message", async ({ data: { number, ...asked } }) => {
  try {
    self.postMessage({ number, answer: await carryOut(asked) });
  } catch (error) {
    self.postMessage({ number, error: String(error?.message ?? error) });
  }
});
