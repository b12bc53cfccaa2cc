// The page in its window: the scan, deep to zoom into, and over it a canvas of our own for the boxes.
import OpenSeadragon from "openseadragon";
import { gapAmong, inkOfRows } from "../boxes/gap.js";
import { clamp } from "../boxes/geometry.js";

/** @import { PageBoxes, Point, Rect } from "../../types.d.ts" */
/** @import { Place } from "./paint.js" */

const TILE = 512;
const MARGIN = 60; // css pixels that are kept free around what is brought into sight
const CLOSE = 64; // css pixels: a box that is walked to is at least so high

/**
 * The scan as the viewer wants it: levels of the page, each twice as large as the one before.
 * @param {Pick<PageBoxes, "width" | "height" | "tiles">} page
 */
function tiled({ width, height, tiles }) {
  return {
    width,
    height,
    tileSize: TILE,
    tileOverlap: 0,
    getTileUrl: (/** @type {number} */ level, /** @type {number} */ column, /** @type {number} */ row) =>
      tiles.replace("{level}", `${level}`).replace("{column}", `${column}`).replace("{row}", `${row}`),
  };
}

/**
 * The viewer would write a style of its own into the page, which the page's policy forbids. It does not where it finds
 * one there already: this has the name, and is of no kind that styles anything.
 */
function forbidStyles() {
  const named = document.createElementNS("urn:mocban:nothing", "style");
  named.setAttribute("data-openseadragon-mobile-css", "");
  document.head.append(named);
}

export class Stage {
  /**
   * @param {HTMLElement} room
   * @param {HTMLCanvasElement} canvas
   * @param {Pick<PageBoxes, "width" | "height" | "tiles">} page
   * @param {(context: CanvasRenderingContext2D, place: Place, sight: Rect) => void} draw
   */
  constructor(room, canvas, page, draw) {
    this.room = room;
    this.canvas = canvas;
    this.page = page;
    this.draw = draw;
    this.waiting = false;
    /** @type {() => void} */
    this.opened = () => {};
    forbidStyles();
    this.viewer = OpenSeadragon({
      element: room,
      tabIndex: -1,
      tileSources: /** @type {any} */ (tiled(page)),
      drawer: "canvas",
      showNavigationControl: false,
      keyboardNavEnabled: false,
      gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: false },
      gestureSettingsTouch: { dblClickToZoom: false },
      gestureSettingsPen: { clickToZoom: false },
      maxZoomPixelRatio: 6,
      minZoomImageRatio: 0.6,
      visibilityRatio: 0.3,
      animationTime: 0.25,
      springStiffness: 12,
      zoomPerScroll: 1.35,
      immediateRender: true,
      imageSmoothingEnabled: true,
    });
    this.viewer.addHandler("update-viewport", () => this.paint());
    this.viewer.addHandler("resize", () => this.paint());
    this.viewer.addHandler("open", () => {
      this.paint();
      this.opened();
    });
    this.ratio = 0;
    new ResizeObserver(() => this.repaint()).observe(room);
  }

  /** @returns {Place} */
  get place() {
    const item = this.viewer.world.getItemAt(0);
    if (!item) return { scale: 1, x: 0, y: 0 };
    const zero = this.viewer.viewport.pixelFromPoint(new OpenSeadragon.Point(0, 0), true);
    const one = this.viewer.viewport.pixelFromPoint(new OpenSeadragon.Point(1, 0), true);
    return { scale: (one.x - zero.x) / this.page.width, x: zero.x, y: zero.y };
  }

  /** What of the page is in the window. @returns {Rect} */
  get sight() {
    const { scale, x, y } = this.place;
    const { clientWidth, clientHeight } = this.room;
    return { x: -x / scale, y: -y / scale, w: clientWidth / scale, h: clientHeight / scale };
  }

  /**
   * Where on the page an event happened.
   * @param {{ clientX: number, clientY: number }} event
   * @returns {Point}
   */
  pointOf({ clientX, clientY }) {
    const { left, top } = this.room.getBoundingClientRect();
    const { scale, x, y } = this.place;
    return { x: (clientX - left - x) / scale, y: (clientY - top - y) / scale };
  }

  /** Paint the boxes with the next frame. */
  repaint() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => this.paint());
  }

  paint() {
    this.waiting = false;
    const { clientWidth: width, clientHeight: height } = this.room;
    const ratio = globalThis.devicePixelRatio || 1;
    const context = this.canvas.getContext("2d");
    if (!context) return;
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== across || this.canvas.height !== down)
      Object.assign(this.canvas, { width: across, height: down });
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    this.draw(context, this.place, this.sight);
  }

  /** Show the whole page. */
  fit() {
    this.viewer.viewport.goHome();
  }

  /**
   * Where the gap between two characters in a box is, in pixels of the page; null where the box is too small to see.
   * @param {Rect} box
   */
  gapOf(box) {
    const { scale, x, y } = this.place;
    const ratio = this.scan.width / this.room.clientWidth;
    const [w, h] = [Math.round(box.w * scale * ratio), Math.round(box.h * scale * ratio)];
    if (w < 1 || h < 1) return null;
    const context = this.scan.getContext("2d");
    const pixels = context?.getImageData((x + box.x * scale) * ratio, (y + box.y * scale) * ratio, w, h);
    const gap = pixels ? gapAmong(inkOfRows(pixels.data, w)) : null;
    return gap === null ? null : Math.round(box.y + gap * box.h);
  }

  /** The canvas on which the viewer has painted the page. @returns {HTMLCanvasElement} */
  get scan() {
    return /** @type {HTMLCanvasElement} */ (/** @type {any} */ (this.viewer.drawer).canvas);
  }

  /** @param {number} factor */
  zoom(factor) {
    this.viewer.viewport.zoomBy(factor).applyConstraints();
  }

  /**
   * Bring a rectangle into sight, moving no more than that needs; nothing moves where it is in sight.
   * @param {Rect} rect
   */
  follow(rect) {
    const { scale } = this.place;
    const small = rect.h * scale < CLOSE / 2 || rect.w * scale > this.room.clientWidth;
    if (small) this.lookAt(rect, CLOSE);
    else this.shift(rect);
  }

  /** @param {Rect} rect */
  shift(rect) {
    const sight = this.goal();
    const margin = Math.min(MARGIN / this.place.scale, sight.w / 4, sight.h / 4);
    const { width, height } = this.page;
    const right = Math.min(rect.x + rect.w + margin, Math.max(width, rect.x + rect.w));
    const bottom = Math.min(rect.y + rect.h + margin, Math.max(height, rect.y + rect.h));
    const left = clamp(sight.x, right - sight.w, Math.max(0, rect.x - margin));
    const top = clamp(sight.y, bottom - sight.h, Math.max(0, rect.y - margin));
    if (left === sight.x && top === sight.y) return;
    const point = new OpenSeadragon.Point(left + sight.w / 2, top + sight.h / 2).divide(this.page.width);
    this.viewer.viewport.panTo(point);
  }

  /** What of the page will be in sight when it has come to rest. @returns {Rect} */
  goal() {
    const { x, y, width, height } = this.viewer.viewport.getBounds(false);
    const size = this.page.width;
    return { x: x * size, y: y * size, w: width * size, h: height * size };
  }

  /**
   * Bring a rectangle into the middle, so many css pixels high.
   * @param {Rect} rect
   * @param {number} high
   * @param {boolean} [immediately]
   */
  lookAt(rect, high, immediately = false) {
    const size = this.page.width;
    const zoom = (high / rect.h) * (size / this.room.clientWidth);
    const point = new OpenSeadragon.Point(rect.x + rect.w / 2, rect.y + rect.h / 2).divide(size);
    const { viewport } = this.viewer;
    viewport.zoomTo(zoom, undefined, immediately).panTo(point, immediately).applyConstraints(immediately);
  }
}
