// The block in 3D, or two side by side, under a raking light. Drawn only when something changed.
import {
  AmbientLight,
  Color,
  DirectionalLight,
  Group,
  MathUtils,
  MeshStandardMaterial,
  OrthographicCamera,
  PerspectiveCamera,
  Raycaster,
  Scene,
  SRGBColorSpace,
  Vector2,
  Vector3,
  WebGLRenderer,
} from "three";
import { gettext } from "../lib/words.js";
import { coloured } from "./colours.js";
import { fetched } from "./mesh.js";
import { followPointers } from "./pointers.js";

/** @import { Mesh } from "three" */
/** @import { Colours } from "./colours.js" */

/** @typedef {"perspective" | "parallel"} Projection */

const FIELD = 28; // degrees seen from bottom to top
const FAR = 5.9; // distance at which the character's square fills the view
const NEAREST = 1.2;
const FARTHEST = 14;
// How strongly the raking light and the light from everywhere shine: heights are read by colour alone.
/** @type {Record<Colours, [raking: number, around: number]>} */
const LIGHTS = { wood: [3.2, 0.7], heights: [0.9, 2.2] };

export class Stage {
  /**
   * Throws an Error, in words for a person, where the browser has no WebGL.
   * @param {HTMLCanvasElement} canvas
   * @param {object} hooks
   * @param {(message: string) => void} hooks.lost called when the graphics card gave up
   * @param {() => void} hooks.painted called after each painting
   * @param {(x: number, y: number) => void} hooks.pressed called with a press, in pixels of the canvas
   */
  constructor(canvas, { lost, painted, pressed }) {
    this.canvas = canvas;
    this.painted = painted;
    try {
      this.renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
    } catch {
      throw new Error(
        gettext("This browser shows no 3D: WebGL is switched off or missing. The block's other pictures still serve."),
      );
    }
    this.renderer.outputColorSpace = SRGBColorSpace;
    this.renderer.setPixelRatio(Math.min(window.devicePixelRatio, 2));
    this.renderer.autoClear = false;
    this.scene = new Scene();
    this.cameras = {
      perspective: new PerspectiveCamera(FIELD, 1, 0.1, 50),
      parallel: new OrthographicCamera(-1, 1, 1, -1, 0.1, 50),
    };
    /** @type {Projection} */
    this.projection = "perspective";
    this.light = new DirectionalLight(0xfff4e2, LIGHTS.wood[0]);
    this.ambient = new AmbientLight(new Color(0xe6e4ea), LIGHTS.wood[1]);
    this.scene.add(this.light, this.ambient);
    this.material = new MeshStandardMaterial({ vertexColors: true, roughness: 0.8, metalness: 0 });
    /** @type {Colours} */
    this.colours = "wood";
    /** @type {{ group: Group, mesh: Mesh }[]} */
    this.sides = []; // of each block shown
    /** @type {AbortController | null} */
    this.asking = null;
    this.frame = 0;
    this.size = { width: 0, height: 0 };
    this.view = { yaw: 0, pitch: 0, distance: FAR, across: 0, up: 0 };
    this.frameElement = /** @type {HTMLElement} */ (canvas.parentElement);
    new ResizeObserver(() => this.fit()).observe(this.frameElement);
    canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      lost(gettext("The graphics card gave up for a moment. Wait, or close this and open it again."));
    });
    canvas.addEventListener("webglcontextrestored", () => this.draw());
    followPointers(canvas, this, pressed);
    this.reset();
    this.fit();
  }

  /**
   * Fetch one block or two and show them in place of those before. Rejects with an Error in words for a person.
   * @param {string[]} urls
   */
  async show(urls) {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    const all = await Promise.allSettled(urls.map((url) => fetched(url, this.material, asking.signal)));
    const meshes = all.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    const [failed] = all.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    if (asking.signal.aborted || failed) {
      for (const mesh of meshes) mesh.geometry.dispose();
      throw asking.signal.aborted ? new DOMException("another block was asked for", "AbortError") : failed;
    }
    this.empty();
    this.sides = meshes.map((mesh) => ({ mesh, group: new Group().add(mesh) }));
    for (const { mesh, group } of this.sides) {
      coloured(mesh.geometry, this.colours);
      this.scene.add(group);
    }
    this.reset();
    this.paint();
  }

  /** Let the blocks go: their memory on the graphics card too. The context stays. */
  clear() {
    this.asking?.abort();
    this.empty();
    this.renderer.renderLists.dispose();
    this.draw();
  }

  empty() {
    for (const { mesh, group } of this.sides) {
      this.scene.remove(group);
      mesh.geometry.dispose();
    }
    this.sides = [];
  }

  reset() {
    this.view = { yaw: 0, pitch: 0, distance: FAR, across: 0, up: 0 };
    this.draw();
  }

  /**
   * Turn by degrees, sideways and up.
   * @param {number} sideways
   * @param {number} upwards
   */
  turn(sideways, upwards) {
    this.view.yaw = MathUtils.clamp(this.view.yaw + sideways, -180, 180);
    if (Math.abs(this.view.yaw) === 180) this.view.yaw = -Math.sign(this.view.yaw) * 180;
    this.view.pitch = MathUtils.clamp(this.view.pitch + upwards, -89, 89);
    this.draw();
  }

  /** @param {number} factor */
  zoom(factor) {
    this.view.distance = MathUtils.clamp(this.view.distance * factor, NEAREST, FARTHEST);
    this.draw();
  }

  /**
   * @param {number} across
   * @param {number} up
   */
  shift(across, up) {
    this.view.across = MathUtils.clamp(this.view.across + across, -2, 2);
    this.view.up = MathUtils.clamp(this.view.up + up, -2, 2);
    this.draw();
  }

  /**
   * Let the raking light come from there.
   * @param {number} azimuth degrees counter-clockwise from the right
   * @param {number} elevation degrees above the block's face
   */
  shine(azimuth, elevation) {
    const a = MathUtils.degToRad(azimuth);
    const e = MathUtils.degToRad(elevation);
    this.light.position.set(Math.cos(e) * Math.cos(a), Math.cos(e) * Math.sin(a), Math.sin(e)).multiplyScalar(10);
    this.canvas.dataset.light = `${azimuth},${elevation}`;
    this.draw();
  }

  /** @param {Projection} projection */
  project(projection) {
    this.projection = projection;
    this.draw();
  }

  /** @param {Colours} colours */
  colour(colours) {
    this.colours = colours;
    for (const { mesh } of this.sides) coloured(mesh.geometry, colours);
    [this.light.intensity, this.ambient.intensity] = LIGHTS[colours];
    this.draw();
  }

  /** The least and the greatest height that colours stand for, in plane coordinates. */
  range() {
    const ranges = this.sides.map(({ mesh }) => mesh.geometry.userData.range);
    return ranges.length ? ranges[0] : null;
  }

  fit() {
    const { clientWidth: width, clientHeight: height } = this.frameElement;
    if (!width || !height) return;
    this.renderer.setSize(width, height, false);
    this.size = { width, height };
    this.draw();
  }

  draw() {
    this.frame ||= requestAnimationFrame(() => this.paint());
  }

  /** How long a pixel is at the block's place, in plane coordinates. */
  perPixel() {
    return (2 * this.halfHigh()) / this.size.height;
  }

  /** Half of what is seen from bottom to top, at the block; a narrow view still holds the whole square. */
  halfHigh() {
    return this.view.distance * Math.max(1, 1 / this.aspect()) * Math.tan(MathUtils.degToRad(FIELD / 2));
  }

  aspect() {
    return this.size.width / Math.max(1, this.sides.length) / this.size.height;
  }

  camera() {
    const { perspective, parallel } = this.cameras;
    const { across, up, distance } = this.view;
    const [half, aspect] = [this.halfHigh(), this.aspect()];
    Object.assign(parallel, { left: -half * aspect, right: half * aspect, top: half, bottom: -half });
    parallel.position.set(across, up, FARTHEST);
    perspective.aspect = aspect;
    perspective.position.set(across, up, distance * Math.max(1, 1 / aspect));
    const camera = this.projection === "parallel" ? parallel : perspective;
    camera.updateProjectionMatrix();
    camera.updateMatrixWorld();
    return camera;
  }

  paint() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    if (!this.size.width) return;
    const { renderer, size } = this;
    const camera = this.camera();
    renderer.setScissorTest(false);
    renderer.clear();
    renderer.setScissorTest(true);
    const wide = size.width / Math.max(1, this.sides.length);
    this.sides.forEach(({ group }, i) => {
      group.rotation.set(MathUtils.degToRad(this.view.pitch), MathUtils.degToRad(this.view.yaw), 0);
      for (const side of this.sides) side.group.visible = side.group === group;
      renderer.setViewport(i * wide, 0, wide, size.height);
      renderer.setScissor(i * wide, 0, wide, size.height);
      renderer.render(this.scene, camera);
    });
    this.note();
    this.painted();
  }

  /** What is seen, as the canvas's data. */
  note() {
    Object.assign(this.canvas.dataset, {
      turn: `${Math.round(this.view.yaw)},${Math.round(this.view.pitch)}`,
      zoom: (FAR / this.view.distance).toFixed(2),
      projection: this.projection,
      colours: this.colours,
      blocks: this.sides.length,
    });
  }

  /**
   * The point of a block that is seen at (x, y), in pixels: in plane coordinates, or null.
   * @param {number} x
   * @param {number} y
   */
  pointAt(x, y) {
    const wide = this.size.width / Math.max(1, this.sides.length);
    const i = Math.min(this.sides.length - 1, Math.floor(x / wide));
    const side = this.sides[i];
    if (!side) return null;
    side.group.updateMatrixWorld(true);
    const ray = new Raycaster();
    ray.setFromCamera(new Vector2((2 * (x - i * wide)) / wide - 1, 1 - (2 * y) / this.size.height), this.camera());
    const [hit] = ray.intersectObject(side.mesh);
    return hit ? side.group.worldToLocal(hit.point.clone()) : null;
  }

  /**
   * Where a point of a block is seen, in pixels, for each block shown.
   * @param {Vector3} point
   */
  seenAt(point) {
    const wide = this.size.width / Math.max(1, this.sides.length);
    const camera = this.camera();
    return this.sides.map(({ group }, i) => {
      group.updateMatrixWorld(true);
      const { x, y } = new Vector3().copy(point).applyMatrix4(group.matrixWorld).project(camera);
      return { x: i * wide + ((x + 1) * wide) / 2, y: ((1 - y) * this.size.height) / 2 };
    });
  }
}
