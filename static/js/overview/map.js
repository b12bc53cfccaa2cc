// The map of a batch or of several: seen by mouse and keys, each point with its picture and a way to its card.
import { meant } from "../keys/presses.js";
import { all, onClick, part, setText } from "../lib/dom.js";
import { CHARACTER_LANGUAGE } from "../lib/han.js";
import { getJson, inWords, NetError } from "../lib/net.js";
import { toast } from "../lib/toast.js";
import { gettext } from "../lib/words.js";
import { colours, paint } from "./paint.js";
import { detailOf, neighbourOf } from "./point.js";
import { nearest, nearestOthers, towards, View } from "./view.js";

/** @import { Outcome, Palette, Point } from "./paint.js" */
/** @import { Details } from "./point.js" */
/** @import { Place } from "./view.js" */

const NEAR = 8;
const REACH = 12; // pixels from the pointer to the point that it means
const PAN = 60;
const STILL = 4; // pixels that a click may slip
/** @type {Record<string, Place>} */
const WAYS = { arrowright: [1, 0], arrowleft: [-1, 0], arrowup: [0, 1], arrowdown: [0, -1] };

/**
 * The points of the map, as the server sends them: a list for each of what is known of them.
 * @typedef {object} MapData
 * @property {{ ids: number[], places: Place[], outcomes: string, labels: number[], batches: number[] }} queries
 * @property {{ ids: number[], places: Place[], labels: number[] }} items
 * @property {string[]} characters the ten that are met most
 */

export class MapPage {
  /** @param {HTMLElement} page */
  constructor(page) {
    this.page = page;
    this.canvas = part("map-canvas", HTMLCanvasElement);
    this.view = new View(1, 1);
    /** @type {Point[]} */
    this.points = [];
    /** @type {Place[]} */
    this.places = [];
    /** @type {string[]} */
    this.characters = [];
    /** @type {Map<string, Details>} */
    this.details = new Map(); // of points, by id
    /** @type {Point | null} */
    this.picked = null;
    /** @type {Point | null} */
    this.pointed = null;
    /** @type {{ x: number, y: number, far: number } | null} */
    this.grasped = null;
    /** @type {Palette | null} */
    this.palette = null;
    this.by = "outcome";
    this.turn = 0;
    this.drawing = 0;
  }

  async start() {
    try {
      this.take(await getJson(this.page.dataset.points ?? ""));
    } catch (error) {
      toast(inWords(error), { bad: true, seconds: 0 });
      return;
    }
    this.listen();
    const frame = /** @type {HTMLElement} */ (this.canvas.parentElement);
    new ResizeObserver(() => this.resize(frame)).observe(frame);
    this.resize(frame);
    this.recolour();
    this.canvas.dataset.ready = "true";
  }

  /** @param {MapData} data */
  take(data) {
    this.points = pointsOf(data);
    this.places = this.points.map(({ place }) => place);
    this.characters = data.characters;
  }

  listen() {
    const { canvas } = this;
    canvas.addEventListener("keydown", (event) => this.pressed(event));
    canvas.addEventListener("wheel", (event) => this.wheeled(event));
    canvas.addEventListener("pointerdown", (event) => this.grasp(event));
    canvas.addEventListener("pointermove", (event) => this.moved(event));
    canvas.addEventListener("pointerup", (event) => this.letGo(event));
    canvas.addEventListener("pointerleave", () => this.point(null));
    canvas.addEventListener("focus", () => !this.picked && this.points.length && this.pick(this.middle()));
    onClick("map-in", () => this.change(() => this.view.zoomBy(1.6)));
    onClick("map-out", () => this.change(() => this.view.zoomBy(1 / 1.6)));
    onClick("map-all", () => this.change(() => this.view.all()));
    for (const choice of /** @type {HTMLInputElement[]} */ (all('[name="colour"]'))) {
      choice.addEventListener("change", () => this.colourBy(choice.value));
    }
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.recolour());
  }

  /** @param {HTMLElement} frame */
  resize({ clientWidth, clientHeight }) {
    this.canvas.width = clientWidth * devicePixelRatio;
    this.canvas.height = clientHeight * devicePixelRatio;
    this.view.resize(clientWidth, clientHeight);
    this.draw();
  }

  /** @param {string} what "outcome" or "label" */
  colourBy(what) {
    this.by = what;
    this.recolour();
  }

  recolour() {
    this.palette = colours(this.page);
    part("map-legend").replaceChildren(...legend(this.by === "label" ? this.characters : null));
    this.draw();
  }

  draw() {
    this.drawing ||= requestAnimationFrame(() => {
      this.drawing = 0;
      this.paint();
    });
  }

  paint() {
    const { palette, picked, pointed, by, view } = this;
    if (!palette) return;
    const colour = (/** @type {Point} */ point) => colourOf(point, by, palette);
    paint(this.canvas, view, this.points, { colour, palette, picked, pointed });
    Object.assign(this.canvas.dataset, {
      zoom: view.zoom.toFixed(2),
      picked: picked?.id ?? "",
      at: picked ? view.toSheet(picked.place).map(Math.round).join(",") : "",
    });
  }

  /** @param {() => void} act */
  change(act) {
    act();
    this.draw();
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const act = meant(event, this.acts(event.shiftKey));
    if (!act) return;
    event.preventDefault();
    this.change(act);
  }

  /**
   * @param {boolean} pans whether arrows move the map instead of going from point to point
   * @returns {Record<string, () => unknown>}
   */
  acts(pans) {
    const ways = Object.entries(WAYS).map(([key, way]) => [
      key,
      pans ? () => this.view.panBy(-PAN * way[0], PAN * way[1]) : () => this.go(way),
    ]);
    const [closer, farther] = [() => this.closer(1.6), () => this.closer(1 / 1.6)];
    return {
      ...Object.fromEntries(ways),
      "+": closer,
      "=": closer,
      "-": farther,
      _: farther,
      0: () => this.view.all(),
      enter: () => this.open(this.picked),
    };
  }

  /** @param {number} factor */
  closer(factor) {
    this.view.zoomBy(factor, this.picked ? this.view.toSheet(this.picked.place) : undefined);
  }

  middle() {
    return this.points[nearest(this.places, [this.view.x, this.view.y])];
  }

  /** @param {Place} way */
  go(way) {
    if (!this.points.length) return;
    const from = this.picked ?? this.middle();
    const to = this.picked ? this.points[towards(this.places, this.points.indexOf(from), way)] : from;
    this.pick(to);
    this.view.reveal(to.place);
  }

  /** @param {WheelEvent} event */
  wheeled(event) {
    event.preventDefault();
    const { offsetX, offsetY, deltaY, deltaMode } = event;
    const pixels = deltaMode ? deltaY * 30 : deltaY;
    this.change(() => this.view.zoomBy(Math.exp(-pixels / 400), [offsetX, offsetY]));
  }

  /** @param {PointerEvent} event */
  grasp(event) {
    if (event.button !== 0) return;
    this.grasped = { x: event.offsetX, y: event.offsetY, far: 0 };
    this.canvas.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  moved({ offsetX, offsetY }) {
    const { grasped } = this;
    if (!grasped) {
      this.point(this.under(offsetX, offsetY));
      return;
    }
    const [left, top] = [offsetX - grasped.x, offsetY - grasped.y];
    const far = grasped.far + Math.abs(left) + Math.abs(top);
    this.grasped = { x: offsetX, y: offsetY, far };
    if (far > STILL) this.change(() => this.view.panBy(left, top));
  }

  /** @param {PointerEvent} event */
  letGo({ offsetX, offsetY }) {
    const clicked = this.grasped && this.grasped.far <= STILL;
    this.grasped = null;
    if (clicked) this.open(this.under(offsetX, offsetY));
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  under(x, y) {
    return this.points[nearest(this.places, this.view.toMap([x, y]), REACH / this.view.scale)] ?? null;
  }

  /** @param {Point | null} point */
  point(point) {
    if (point === this.pointed) return;
    this.pointed = point;
    this.draw();
    if (point) this.show(point, { aloud: false });
    else if (this.picked) this.show(this.picked, { aloud: false });
  }

  /** @param {Point} point */
  pick(point) {
    this.picked = point;
    this.draw();
    this.show(point, { aloud: true });
  }

  /** @param {Point | null} point */
  open(point) {
    if (!point) return;
    const id = point.id.slice(1);
    const { item, query = "" } = this.page.dataset;
    location.assign(point.item ? `${item}${id}/` : `${query.replace("/0/", `/${point.batch}/`)}${id}`);
  }

  /**
   * Show a point's picture and its neighbours; the last one asked for wins.
   * @param {Point} point
   * @param {{ aloud: boolean }} options
   */
  async show(point, { aloud }) {
    this.turn += 1;
    const { turn } = this;
    const near = nearestOthers(this.places, this.points.indexOf(point), NEAR).map((at) => this.points[at]);
    try {
      await this.fetch([point, ...near]);
    } catch (error) {
      const away = error instanceof NetError && error.kind === "network";
      if (!away) toast(inWords(error), { bad: true, key: "map-details" });
      return;
    }
    if (turn === this.turn) this.tell(point, near, aloud);
  }

  /** @param {Point[]} points */
  async fetch(points) {
    const unknown = points.map(({ id }) => id).filter((id) => !this.details.has(id));
    if (!unknown.length) return;
    const { details: url = "" } = this.page.dataset;
    const found = await getJson(`${url}${url.includes("?") ? "&" : "?"}ids=${unknown.join(",")}`);
    for (const [id, one] of Object.entries(found)) this.details.set(id, one);
  }

  /**
   * @param {Point} point
   * @param {Point[]} near
   * @param {boolean} aloud
   */
  tell(point, near, aloud) {
    const details = this.details.get(point.id);
    const room = part("map-point");
    room.dataset.point = point.id;
    if (!details) {
      room.textContent = gettext("It no longer exists.");
      return;
    }
    room.replaceChildren(...detailOf(details, Boolean(point.item)));
    const links = near.flatMap(({ id }) => this.details.get(id) ?? []).map(neighbourOf);
    part("map-near").replaceChildren(...links);
    part("map-near-title").hidden = !links.length;
    if (aloud) setText(part("map-said"), `${details.name}: ${details.said}`);
  }
}

/**
 * The map's points in the order in which they are drawn: what was answered lies above what was not, and the
 * blocks' outlines above all.
 * @param {MapData} data
 * @returns {Point[]}
 */
export function pointsOf({ queries, items }) {
  const query = (/** @type {number} */ id, /** @type {number} */ at) => ({
    id: `q${id}`,
    place: queries.places[at],
    outcome: /** @type {Outcome} */ (queries.outcomes[at]),
    label: queries.labels[at],
    batch: queries.batches[at],
  });
  const item = (/** @type {number} */ id, /** @type {number} */ at) => ({
    id: `i${id}`,
    place: items.places[at],
    item: true,
    label: items.labels[at],
  });
  const answered = (/** @type {Point} */ point) => Number(point.outcome !== "-");
  const dots = queries.ids.map(query).sort((one, other) => answered(one) - answered(other));
  return [...dots, ...items.ids.map(item)];
}

/**
 * @param {Point} point
 * @param {string} by "outcome" or "label"
 * @param {Palette} palette
 */
function colourOf(point, by, palette) {
  if (by === "label") return palette.labels[point.label] ?? palette.rest;
  return point.item ? palette.item : palette.outcomes[point.outcome ?? "-"];
}

/**
 * What the colours mean, a row for each.
 * @param {string[] | null} characters those that are coloured; null where outcomes are
 */
function legend(characters) {
  const outcomes = [
    ["open", gettext("unanswered")],
    ["first", gettext("first suggestion")],
    ["second", gettext("second to fifth")],
    ["other", gettext("another block")],
    ["none", gettext("none")],
    ["unsure", gettext("unsure")],
  ].map(([name, words]) => row(`map-${name}`, words));
  const labels = (characters ?? []).slice(0, 10).map((character, at) => {
    const one = row(`map-label-${at}`, character);
    one.lang = CHARACTER_LANGUAGE;
    return one;
  });
  const shown = characters ? [...labels, row("map-open", gettext("other or none"))] : outcomes;
  return [...shown, row("item", gettext("block in the gallery"))];
}

/**
 * @param {string} name
 * @param {string} words
 */
function row(name, words) {
  const made = document.createElement("li");
  made.className = `key dot ${name}`;
  made.textContent = words;
  return made;
}
