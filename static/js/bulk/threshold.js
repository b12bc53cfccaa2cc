// The slider over the confidence of the first suggestion: what lies above it, and accepting all of that.
import { getJson, postJson } from "../lib/net.js";
import { toast } from "../lib/toast.js";
import { uuid } from "../lib/uuid.js";
import { fill, gettext, ngettext, number } from "../lib/words.js";
import { say } from "./actions.js";
import { left } from "./grid.js";
import { drawSheet, moveMark } from "./histogram.js";
import { partByPart } from "./parts.js";

const WISH = 0.97; // the slider begins where so many are expected to be right
const AWAY = "bulk-away";

export class Threshold {
  constructor(page, deeds) {
    this.page = page;
    this.deeds = deeds;
    this.slider = document.getElementById("threshold");
    this.button = document.getElementById("sure-accept");
    this.bar = document.getElementById("sure-progress");
    this.sheet = document.getElementById("sure-sheet");
    this.told = JSON.parse(document.getElementById("sure-told").textContent);
    this.going = false;
    deeds.undone = () => this.refresh();
  }

  start() {
    this.slider.value = firstStep(this.told.levels);
    this.slider.addEventListener("input", () => this.show());
    this.button.addEventListener("click", () => this.accept());
    this.draw();
  }

  draw() {
    this.mark = drawSheet(this.sheet, this.told.bins);
    this.show();
  }

  show() {
    const step = Number(this.slider.value);
    const [open, expected, measured, blind] = this.told.levels[step];
    const least = number(step / this.told.steps, 3);
    moveMark(this.mark, step / this.told.steps);
    this.slider.setAttribute("aria-valuetext", least);
    put("sure-least", least);
    put("sure-open", number(open));
    put("sure-expected", expected === null ? "–" : percent(expected));
    put("sure-measured", share(measured));
    put("sure-measured-said", sample(gettext("right, measured"), measured));
    if (blind) {
      put("sure-blind", share(blind));
      put("sure-blind-said", sample(gettext("right, measured blind"), blind));
    }
    this.warn(expected, measured);
    if (this.going) return;
    this.button.disabled = !open;
    const said = ngettext("Accept this one", "Accept these %(count)s", open);
    this.button.textContent = open ? fill(said, { count: number(open) }) : gettext("Nothing to accept");
  }

  warn(expected, measured) {
    const note = document.getElementById("sure-warning");
    const [, count, , high] = measured;
    const less = expected !== null && count >= 20 && high < expected;
    note.hidden = !less;
    if (less)
      note.textContent = gettext(
        "What was answered here was right less often than the confidence promises. Look at some of them first.",
      );
  }

  async accept() {
    const step = Number(this.slider.value);
    const [open] = this.told.levels[step];
    if (this.going || !open) return;
    const key = uuid();
    const body = { key, threshold: step / this.told.steps, newest: this.told.newest };
    this.begin(open);
    try {
      const deed = await partByPart({
        ask: () => postJson(this.page.dataset.accept, body),
        over: (answer) => answer.finished,
        told: (answer) => {
          this.bar.value = answer.written + answer.left;
        },
        waiting: () => toast(gettext("The network is away: it goes on by itself"), { bad: true, key: AWAY }),
      });
      this.accepted(deed, body.threshold);
    } catch (error) {
      toast([error.message, error.hint].filter(Boolean).join("; "), { bad: true });
    }
    this.end();
  }

  begin(open) {
    this.going = true;
    this.slider.disabled = this.button.disabled = true;
    this.button.textContent = gettext("Accepting …");
    this.bar.hidden = false;
    this.bar.max = open;
    this.bar.value = 0;
  }

  async end() {
    this.going = false;
    this.bar.hidden = true;
    this.slider.disabled = false;
    await this.refresh();
  }

  accepted(deed, threshold) {
    const many = ngettext(
      "%(count)s answer accepted from %(least)s on",
      "%(count)s answers accepted from %(least)s on",
      deed.written,
    );
    const said = fill(many, { count: number(deed.written), least: number(threshold, 3) });
    this.deeds.note(deed, said, this.page.dataset.accept.replace("accept/", `${deed.key}/undo/`));
    say(said);
    if (deed.left) toast(left(deed.left), { bad: true });
  }

  async refresh() {
    try {
      this.told = await getJson(this.page.dataset.levels);
    } catch (error) {
      toast(error.message, { bad: true });
      return;
    }
    this.draw();
  }
}

/** The lowest step from which on as many as wished are expected to be right; the highest where there is none. */
export function firstStep(levels, wish = WISH) {
  const found = levels.findIndex(([open, expected]) => open && expected >= wish);
  return found < 0 ? levels.length - 1 : found;
}

function share([right, count, low, high]) {
  if (!count) return "–";
  return `${percent(right / count)} (${percent(low)} – ${percent(high)})`;
}

function sample(said, [, count]) {
  if (!count) return gettext("nothing above it was answered yet");
  return fill(ngettext("%(said)s on %(count)s answer", "%(said)s on %(count)s answers", count), {
    said,
    count: number(count),
  });
}

function percent(value) {
  return `${number(100 * value, value > 0.995 && value < 1 ? 1 : 0)} %`;
}

function put(id, text) {
  document.getElementById(id).textContent = text;
}
