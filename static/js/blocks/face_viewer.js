// A whole face in 3D: few triangles at once, more when they have come, and a flight to the character clicked.
import {
  AmbientLight,
  Color,
  DirectionalLight,
  Mesh,
  MeshStandardMaterial,
  PerspectiveCamera,
  Raycaster,
  Scene,
  Vector2,
  Vector3,
  WebGLRenderer,
} from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
import { part, setText } from "../lib/dom.js";
import { inWords, isAbort } from "../lib/net.js";
import { coloured } from "../viewer/colours.js";
import { fetched } from "../viewer/mesh.js";

/** Where a character stands, in millimetres from the top left of the face. */
/** @typedef {{ name: string, character: string, x: number, y: number, w: number, h: number }} Place */

const FIELD = 35; // degrees
const FLIGHT = 500; // milliseconds
const CLOSE = 4; // of a character's height, in sight after the flight
const CLICK = 5; // pixels that a pointer may move in a click

export class FaceViewer {
  /** @type {FaceViewer | null} */
  static #only = null;

  /** The one of this page, with one canvas and one WebGL context. */
  static ofPage() {
    FaceViewer.#only ??= new FaceViewer();
    return FaceViewer.#only;
  }

  constructor() {
    this.dialog = part("face-viewer", HTMLDialogElement);
    this.canvas = part("face-canvas", HTMLCanvasElement);
    this.renderer = new WebGLRenderer({ canvas: this.canvas, antialias: true, alpha: true });
    this.renderer.setPixelRatio(Math.min(window.devicePixelRatio, 2));
    this.scene = new Scene();
    this.camera = new PerspectiveCamera(FIELD, 1, 1, 20_000);
    const light = new DirectionalLight(0xfff4e2, 3.2);
    light.position.set(-1, 1, 0.6);
    this.scene.add(light, new AmbientLight(new Color(0xe6e4ea), 0.7));
    this.material = new MeshStandardMaterial({ vertexColors: true, roughness: 0.8, metalness: 0 });
    this.controls = new OrbitControls(this.camera, this.canvas);
    this.controls.addEventListener("change", () => this.draw());
    /** @type {Mesh | null} */
    this.mesh = null;
    /** @type {Place[]} */
    this.places = [];
    this.size = new Vector3(1, 1, 1);
    this.asking = new AbortController();
    this.frame = 0;
    this.down = new Vector2();
    this.listen();
  }

  listen() {
    this.dialog.addEventListener("close", () => this.asking.abort());
    part("face-close").addEventListener("click", () => this.dialog.close());
    part("face-whole").addEventListener("click", () => this.whole());
    this.canvas.addEventListener("pointerdown", ({ clientX, clientY }) => this.down.set(clientX, clientY));
    this.canvas.addEventListener("click", (event) => this.clicked(event));
    new ResizeObserver(() => this.fit()).observe(/** @type {HTMLElement} */ (this.canvas.parentElement));
  }

  /**
   * Show a face, first with few triangles. Rejects with an Error in words for a person.
   * @param {string[]} urls of its meshes, the coarsest first
   * @param {Place[]} places
   */
  async open(urls, places) {
    this.asking.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    this.places = places;
    this.dialog.showModal();
    this.canvas.dataset.level = "0";
    for (const [level, url] of urls.entries()) {
      try {
        this.take(await fetched(url, this.material, signal), level === 0);
        this.canvas.dataset.level = `${level + 1}`;
      } catch (error) {
        if (isAbort(error)) return;
        if (level === 0) throw error;
        setText(part("face-said"), inWords(error)); // the coarser one still serves
        return;
      }
    }
  }

  /**
   * @param {Mesh} mesh
   * @param {boolean} first
   */
  take(mesh, first) {
    if (this.mesh) {
      this.scene.remove(this.mesh);
      this.mesh.geometry.dispose();
    }
    coloured(mesh.geometry, "wood");
    this.mesh = mesh;
    this.scene.add(mesh);
    mesh.geometry.computeBoundingBox();
    mesh.geometry.boundingBox?.getSize(this.size);
    if (first) this.whole();
    this.draw();
  }

  /** The whole face, from the front. */
  whole() {
    this.fit();
    const high = Math.max(this.size.y, this.size.x / this.camera.aspect) * 1.1;
    this.lookAt(new Vector3(0, 0, 0), high);
    setText(part("face-said"), "");
  }

  /**
   * @param {Vector3} target
   * @param {number} high millimetres in sight from top to bottom
   */
  lookAt(target, high) {
    const distance = high / 2 / Math.tan((FIELD * Math.PI) / 360);
    this.controls.target.copy(target);
    this.camera.position.set(target.x, target.y, target.z + distance);
    this.controls.update();
    this.draw();
  }

  /** @param {MouseEvent} event */
  clicked({ clientX, clientY }) {
    if (!this.mesh || this.down.distanceTo(new Vector2(clientX, clientY)) > CLICK) return;
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    const ray = new Raycaster();
    const at = new Vector2((2 * (clientX - left)) / width - 1, 1 - (2 * (clientY - top)) / height);
    ray.setFromCamera(at, this.camera);
    const [hit] = ray.intersectObject(this.mesh);
    const place = hit && this.placeAt(hit.point.x + this.size.x / 2, this.size.y / 2 - hit.point.y);
    if (place) this.fly(place);
  }

  /**
   * The character at a point of the face, in millimetres from its top left.
   * @param {number} x
   * @param {number} y
   */
  placeAt(x, y) {
    return this.places.find((one) => x >= one.x && x <= one.x + one.w && y >= one.y && y <= one.y + one.h);
  }

  /** @param {Place} place */
  fly(place) {
    setText(part("face-said"), [place.name, place.character].filter(Boolean).join(" "));
    this.canvas.dataset.place = place.name;
    const [from, view] = [this.controls.target.clone(), this.camera.position.clone().sub(this.controls.target)];
    const to = new Vector3(place.x + place.w / 2 - this.size.x / 2, this.size.y / 2 - place.y - place.h / 2, 0);
    const near = (place.h * CLOSE) / 2 / Math.tan((FIELD * Math.PI) / 360);
    const begun = performance.now();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const step = () => {
      const share = still ? 1 : Math.min(1, (performance.now() - begun) / FLIGHT);
      const eased = share * share * (3 - 2 * share);
      this.controls.target.lerpVectors(from, to, eased);
      const distance = view.length() + (near - view.length()) * eased;
      this.camera.position.copy(view).setLength(distance).add(this.controls.target);
      this.controls.update();
      this.draw();
      if (share < 1 && this.dialog.open) requestAnimationFrame(step);
    };
    step();
  }

  fit() {
    const room = /** @type {HTMLElement} */ (this.canvas.parentElement);
    const { clientWidth: width, clientHeight: height } = room;
    if (!width || !height) return;
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
    this.draw();
  }

  draw() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.renderer.render(this.scene, this.camera);
    });
  }
}
