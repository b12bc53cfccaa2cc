// The map of a batch or of several: seen by mouse and keys, each point with its picture and a way to its card.
import { getJson } from "../lib/net.js";
import { toast } from "../lib/toast.js";
import { gettext } from "../lib/words.js";
import { colours, paint } from "./paint.js";
import { nearest, nearestOthers, towards, View } from "./view.js";

const NEAR = 8;
const REACH = 12; // pixels from the pointer to the point that it means
const PAN = 60;
const STILL = 4; // pixels that a click may slip
const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

class Map2D {
  constructor(page) {
    this.page = page;
    this.canvas = document.getElementById("map-canvas");
    this.view = new View(1, 1);
    this.points = [];
    this.known = new Map(); // what was told of points, by id
    this.picked = this.pointed = null;
    this.by = "outcome";
    this.turn = 0;
  }

  async start() {
    try {
      this.take(await getJson(this.page.dataset.points));
    } catch (error) {
      toast(error.message, { bad: true, seconds: 0 });
      return;
    }
    this.listen();
    new ResizeObserver(() => this.resize()).observe(this.canvas.parentElement);
    this.resize();
    this.recolour();
    this.canvas.dataset.ready = "true";
  }

  take({ queries, items, characters }) {
    const query = (id, at) => ({
      id: `q${id}`,
      place: queries.places[at],
      outcome: queries.outcomes[at],
      label: queries.labels[at],
      batch: queries.batches[at],
    });
    const item = (id, at) => ({ id: `i${id}`, place: items.places[at], item: true, label: items.labels[at] });
    // Drawn in this order: what was answered lies above what was not, and the blocks' outlines above all.
    const answered = (point) => Number(point.outcome !== "-");
    const dots = queries.ids.map(query).sort((one, other) => answered(one) - answered(other));
    this.points = [...dots, ...items.ids.map(item)];
    this.places = this.points.map(({ place }) => place);
    this.characters = characters;
  }

  listen() {
    const on = (name, act) => this.canvas.addEventListener(name, act);
    on("keydown", (event) => this.pressed(event));
    on("wheel", (event) => this.wheeled(event));
    on("pointerdown", (event) => this.grasp(event));
    on("pointermove", (event) => this.moved(event));
    on("pointerup", (event) => this.letGo(event));
    on("pointerleave", () => this.point(null));
    on("focus", () => !this.picked && this.points.length && this.pick(this.middle()));
    const zoom = (factor) => () => this.change(() => this.view.zoomBy(factor));
    document.getElementById("map-in").addEventListener("click", zoom(1.6));
    document.getElementById("map-out").addEventListener("click", zoom(1 / 1.6));
    document.getElementById("map-all").addEventListener("click", () => this.change(() => this.view.all()));
    for (const choice of document.querySelectorAll('[name="colour"]')) {
      choice.addEventListener("change", () => this.colourBy(choice.value));
    }
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.recolour());
  }

  resize() {
    const { clientWidth, clientHeight } = this.canvas.parentElement;
    this.canvas.width = clientWidth * devicePixelRatio;
    this.canvas.height = clientHeight * devicePixelRatio;
    this.view.resize(clientWidth, clientHeight);
    this.draw();
  }

  colourBy(what) {
    this.by = what;
    this.recolour();
  }

  recolour() {
    this.palette = colours(this.page);
    this.legend();
    this.draw();
  }

  colour(point) {
    if (this.by === "label") return this.palette.labels[point.label] ?? this.palette.rest;
    return point.item ? this.palette.item : this.palette.outcomes[point.outcome];
  }

  legend() {
    const outcomes = [
      ["-", gettext("to be answered")],
      ["1", gettext("first suggestion")],
      ["2", gettext("second to fifth")],
      ["o", gettext("another block")],
      ["n", gettext("none")],
      ["u", gettext("unsure")],
    ];
    const names = ["open", "first", "second", "other", "none", "unsure"];
    const rows = outcomes.map(([, name], at) => [`dot map-${names[at]}`, name]);
    const labels = this.characters.slice(0, 10).map((character, at) => [`dot map-label-${at}`, character]);
    const shown = this.by === "label" ? [...labels, ["dot map-open", gettext("others, or none yet")]] : rows;
    document.getElementById("map-legend").replaceChildren(
      ...[...shown, ["dot item", gettext("block of the gallery")]].map(([name, said]) => {
        const row = document.createElement("li");
        row.className = `key ${name}`;
        row.textContent = said;
        return row;
      }),
    );
  }

  draw() {
    this.drawing ??= requestAnimationFrame(() => {
      this.drawing = null;
      if (!this.palette) return;
      const { palette, picked, pointed } = this;
      paint(this.canvas, this.view, this.points, { colour: (point) => this.colour(point), palette, picked, pointed });
      const { dataset } = this.canvas;
      dataset.zoom = this.view.zoom.toFixed(2);
      dataset.picked = picked?.id ?? "";
      dataset.at = picked ? this.view.toSheet(picked.place).map(Math.round).join(",") : "";
    });
  }

  change(act) {
    act();
    this.draw();
  }

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = this.meaning(event);
    if (!act) return;
    event.preventDefault();
    act();
    this.draw();
  }

  meaning({ key, shiftKey }) {
    const way = WAYS[key];
    if (way && shiftKey) return () => this.view.panBy(-PAN * way[0], PAN * way[1]);
    if (way) return () => this.go(way);
    if (key === "+" || key === "=") return () => this.closer(1.6);
    if (key === "-" || key === "_") return () => this.closer(1 / 1.6);
    if (key === "0") return () => this.view.all();
    if (key === "Enter") return () => this.open(this.picked);
    return null;
  }

  closer(factor) {
    this.view.zoomBy(factor, this.picked ? this.view.toSheet(this.picked.place) : undefined);
  }

  middle() {
    return this.points[nearest(this.places, [this.view.x, this.view.y])];
  }

  go(way) {
    if (!this.points.length) return;
    const from = this.picked ?? this.middle();
    this.pick(this.picked ? this.points[towards(this.places, this.points.indexOf(from), way)] : from);
    this.view.reveal(this.picked.place);
  }

  wheeled(event) {
    event.preventDefault();
    const { offsetX, offsetY, deltaY, deltaMode } = event;
    const pixels = deltaMode ? deltaY * 30 : deltaY;
    this.change(() => this.view.zoomBy(Math.exp(-pixels / 400), [offsetX, offsetY]));
  }

  grasp(event) {
    if (event.button !== 0) return;
    this.held = { x: event.offsetX, y: event.offsetY, far: 0 };
    this.canvas.setPointerCapture(event.pointerId);
  }

  moved({ offsetX, offsetY }) {
    if (!this.held) {
      this.point(this.under(offsetX, offsetY));
      return;
    }
    const [left, top] = [offsetX - this.held.x, offsetY - this.held.y];
    this.held = { x: offsetX, y: offsetY, far: this.held.far + Math.abs(left) + Math.abs(top) };
    if (this.held.far > STILL) this.change(() => this.view.panBy(left, top));
  }

  letGo({ offsetX, offsetY }) {
    const clicked = this.held && this.held.far <= STILL;
    this.held = null;
    const point = clicked && this.under(offsetX, offsetY);
    if (point) this.open(point);
  }

  under(x, y) {
    return this.points[nearest(this.places, this.view.toMap([x, y]), REACH / this.view.scale)] ?? null;
  }

  point(point) {
    if (point === this.pointed) return;
    this.pointed = point;
    this.draw();
    if (point) this.show(point, { aloud: false });
    else if (this.picked) this.show(this.picked, { aloud: false });
  }

  pick(point) {
    this.picked = point;
    this.draw();
    this.show(point, { aloud: true });
  }

  open(point) {
    if (!point) return;
    const id = point.id.slice(1);
    const { item, query } = this.page.dataset;
    location.assign(point.item ? `${item}${id}/` : `${query.replace("/0/", `/${point.batch}/`)}${id}`);
  }

  /** Show a point's picture and its neighbours; the last one asked for wins. */
  async show(point, { aloud }) {
    this.turn += 1;
    const { turn } = this;
    const near = nearestOthers(this.places, this.points.indexOf(point), NEAR).map((at) => this.points[at]);
    try {
      await this.learn([point, ...near]);
    } catch (error) {
      if (error.kind !== "network") toast(error.message, { bad: true, key: "map-told" });
      return;
    }
    if (turn !== this.turn) return;
    this.tell(point, near);
    const told = this.known.get(point.id);
    if (aloud && told) document.getElementById("map-said").textContent = `${told.name}: ${told.said}`;
  }

  async learn(points) {
    const unknown = points.map(({ id }) => id).filter((id) => !this.known.has(id));
    if (!unknown.length) return;
    const told = await getJson(
      `${this.page.dataset.told}${this.page.dataset.told.includes("?") ? "&" : "?"}ids=${unknown.join(",")}`,
    );
    for (const [id, what] of Object.entries(told)) this.known.set(id, what);
  }

  tell(point, near) {
    const told = this.known.get(point.id);
    const room = document.getElementById("map-point");
    room.dataset.point = point.id;
    if (!told) {
      room.textContent = gettext("It is not there any more.");
      return;
    }
    const words = element("div", "map-words");
    const open = element("a", "button small", point.item ? gettext("Open the block") : gettext("Open the card"));
    open.href = told.page;
    open.dataset.testid = "map-open";
    words.append(element("strong", "small", told.name), element("span", "small soft", told.said), open);
    room.replaceChildren(tile(told, 96), words);
    const links = near.filter(({ id }) => this.known.has(id)).map(({ id }) => link(this.known.get(id)));
    document.getElementById("map-near").replaceChildren(...links);
    document.getElementById("map-near-title").hidden = !links.length;
  }
}

function link(told) {
  const row = document.createElement("li");
  const open = document.createElement("a");
  open.href = told.page;
  open.title = `${told.name}: ${told.said}`;
  open.append(tile(told, 64, `${told.name}: ${told.said}`));
  row.append(open);
  return row;
}

function tile({ image, block }, size, alt = "") {
  const room = element("span", block ? "tile block" : "tile");
  const picture = document.createElement("img");
  Object.assign(picture, { src: image ?? "", alt, width: size, height: size });
  if (image) room.append(picture);
  return room;
}

function element(name, classes, text = "") {
  const made = document.createElement(name);
  made.className = classes;
  made.textContent = text;
  return made;
}

const page = document.getElementById("map");
if (page) new Map2D(page).start();
