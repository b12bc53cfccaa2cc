// What every page needs: htmx with our token and our manners, and the account menu.
import htmx from "htmx.org/dist/htmx.esm.js";
import { all, around } from "./lib/dom.js";
import { csrf } from "./lib/net.js";
import { forget, toast } from "./lib/toast.js";
import { gettext } from "./lib/words.js";
import { keepZone } from "./lib/zone.js";

const AWAY = "server-away";

keepZone();

/**
 * Hear an event of htmx's.
 * @param {string} name
 * @param {(detail: any) => void} hear
 */
function on(name, hear) {
  document.body.addEventListener(`htmx:${name}`, (event) => hear(/** @type {CustomEvent} */ (event).detail));
}

on("configRequest", (detail) => {
  detail.headers["X-CSRFToken"] = csrf();
});

on("beforeSwap", (detail) => {
  // A log-in page must not be put inside another page: load the whole of it.
  const answered = new URL(detail.xhr.responseURL || location.href, location.href);
  if (answered.pathname.startsWith("/accounts/login/")) {
    detail.shouldSwap = false;
    location.reload();
  }
});

on("afterRequest", ({ successful }) => {
  if (successful) forget(AWAY);
});

on("sendError", () => {
  toast(gettext("The server does not respond. This page keeps trying."), { bad: true, key: AWAY, seconds: 0 });
});

on("responseError", ({ xhr }) => {
  if (xhr.status >= 500) {
    toast(gettext("The server has a problem. This page keeps trying."), { bad: true, key: AWAY, seconds: 0 });
    return;
  }
  const { error, hint } = refusal(xhr);
  toast([error, hint].filter(Boolean).join(": "), { bad: true });
});

/**
 * What the server said, where it said it as JSON.
 * @param {XMLHttpRequest} xhr
 * @returns {{ error: string, hint?: string }}
 */
function refusal(xhr) {
  try {
    return JSON.parse(xhr.responseText);
  } catch {
    return { error: xhr.status === 404 ? gettext("It no longer exists.") : gettext("You can't do that.") };
  }
}

// The API's page, which is not drawn by our style sheets, is dark by this class.
const systemDark = matchMedia("(prefers-color-scheme: dark)");
function followTheme() {
  const { classList, dataset } = document.documentElement;
  classList.toggle("dark-mode", dataset.theme === "dark" || (dataset.theme !== "light" && systemDark.matches));
}
systemDark.addEventListener("change", followTheme);
followTheme();

/** @returns {HTMLDetailsElement[]} */
const openMenus = () => all("details.menu[open]");

document.addEventListener("click", (event) => {
  const inside = around(event, "details.menu");
  for (const menu of openMenus()) menu.open = menu === inside;
});
document.addEventListener("keydown", (event) => {
  const [menu] = openMenus();
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary")?.focus();
});

export { htmx };
