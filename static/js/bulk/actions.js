// What was answered together: a list whose entries can be taken back as a whole.
import { postJson } from "../lib/net.js";
import { toast } from "../lib/toast.js";
import { fill, gettext, ngettext, number } from "../lib/words.js";
import { partByPart } from "./parts.js";

const AWAY = "bulk-away";

export class Deeds {
  constructor(section) {
    this.section = section;
    this.list = section.querySelector("ul");
    this.undone = () => {}; // told of each deed that was taken back
  }

  start() {
    this.list.addEventListener("click", (event) => {
      const button = event.target.closest(".deed-undo");
      if (button) this.undo(button.closest(".deed"));
    });
  }

  /** Put a deed at the head of the list, or anew what is there of it. undo: the address that takes it back. */
  note(deed, said, undo) {
    const known = [...this.list.children].find((row) => row.dataset.key === deed.key);
    const row = known ?? document.getElementById("deed-template").content.firstElementChild.cloneNode(true);
    row.dataset.key = deed.key;
    row.dataset.undo = undo;
    row.querySelector(".deed-said").textContent = said;
    row.querySelector(".deed-at").textContent = deed.at;
    const many = ngettext("Take back this answer", "Take back these %(count)s answers", deed.written);
    row.querySelector(".deed-undo-said").textContent = fill(many, { count: number(deed.written) });
    row.hidden = !deed.written;
    if (!known) this.list.prepend(row);
    if (deed.written) this.section.hidden = false;
    return row;
  }

  /** The newest deed of one's own that stands: a key takes nobody else's back. */
  newest() {
    return [...this.list.children].find(
      ({ dataset, hidden }) => dataset.state === "done" && dataset.own === "true" && !hidden,
    );
  }

  async undo(row) {
    const button = row.querySelector(".deed-undo");
    if (button.disabled) return;
    button.disabled = true;
    const words = row.querySelector(".deed-said");
    try {
      const deed = await partByPart({
        ask: () => postJson(row.dataset.undo, {}),
        over: (answer) => answer.undone,
        told: (answer) => {
          words.textContent = takenBack(answer);
        },
        waiting: () => toast(gettext("The network is away: it goes on by itself"), { bad: true, key: AWAY }),
      });
      row.dataset.state = "undone";
      button.hidden = true;
      say(takenBack(deed));
      this.undone(deed);
    } catch (error) {
      button.disabled = false;
      toast([error.message, error.hint].filter(Boolean).join("; "), { bad: true });
    }
  }
}

export function takenBack({ withdrawn, stay }) {
  const back = fill(ngettext("%(count)s answer taken back", "%(count)s answers taken back", withdrawn), {
    count: number(withdrawn),
  });
  if (!stay) return back;
  const kept = ngettext("%(count)s stays, changed since", "%(count)s stay, changed since", stay);
  return `${back}; ${fill(kept, { count: number(stay) })}`;
}

export function say(text) {
  document.getElementById("sure-said").textContent = text;
}
