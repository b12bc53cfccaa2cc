// The server shows times by the reader's clock, and learns from this cookie which that is.
const YEAR = 365 * 24 * 3600; // seconds

/** Name the browser's time zone, and how many minutes it is ahead of UTC, where another one is kept, or none. */
export function keepZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  const kept = `mocban_zone=${zone}.${-new Date().getTimezoneOffset()}`;
  if (document.cookie.split("; ").includes(kept)) return;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser.
  document.cookie = `${kept}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
}
