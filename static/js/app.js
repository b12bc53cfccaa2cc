// What every page needs: htmx with our token and our manners, and the account menu.
import htmx from "htmx.org/dist/htmx.esm.js";
import { csrf } from "./lib/net.js";
import { forget, toast } from "./lib/toast.js";
import { gettext } from "./lib/words.js";

const AWAY = "server-away";

document.body.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrf();
});

document.body.addEventListener("htmx:beforeSwap", (event) => {
  // A log-in page must not be put inside another page: load the whole of it.
  const answered = new URL(event.detail.xhr.responseURL || location.href, location.href);
  if (answered.pathname.startsWith("/accounts/login/")) {
    event.detail.shouldSwap = false;
    location.reload();
  }
});

document.body.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) forget(AWAY);
});

document.body.addEventListener("htmx:sendError", () => {
  toast(gettext("The server does not answer. This page goes on trying."), { bad: true, key: AWAY, seconds: 0 });
});

document.body.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  if (xhr.status >= 500) {
    toast(gettext("The server has trouble. This page goes on trying."), { bad: true, key: AWAY, seconds: 0 });
    return;
  }
  let told = {};
  try {
    told = JSON.parse(xhr.responseText);
  } catch {
    told = { error: xhr.status === 404 ? gettext("It is not there any more.") : gettext("That may not be done.") };
  }
  toast([told.error, told.hint].filter(Boolean).join(": "), { bad: true });
});

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.menu[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});

export { htmx };
