// The block in 3D, under a raking light. Drawn only when something changed.
import {
  AmbientLight,
  BufferAttribute,
  Color,
  DirectionalLight,
  Group,
  MathUtils,
  Mesh,
  MeshStandardMaterial,
  PerspectiveCamera,
  Scene,
  SRGBColorSpace,
  WebGLRenderer,
} from "three";
import { fill, gettext } from "../lib/words.js";
import { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";

const FIELD = 28; // degrees seen from bottom to top
const FAR = 5.9; // distance at which the character's square fills the view
const NEAREST = 1.2;
const FARTHEST = 14;
const FLOOR = new Color(0x54361f); // stained wood
const FACE = new Color(0xe6cda4); // the worn face of the strokes

/** Colour a block by height, from its floor to its face, so that strokes are read before they are lit. */
function stain(geometry) {
  const places = geometry.getAttribute("position");
  const heights = Float32Array.from({ length: places.count }, (_, i) => places.getZ(i));
  const sorted = heights.slice().sort();
  const low = sorted[Math.floor(sorted.length * 0.05)];
  const span = sorted[Math.floor(sorted.length * 0.95)] - low || 1;
  const colours = new Float32Array(places.count * 3);
  const colour = new Color();
  heights.forEach((height, i) => {
    colour.lerpColors(FLOOR, FACE, MathUtils.smoothstep((height - low) / span, 0, 1)).toArray(colours, i * 3);
  });
  geometry.setAttribute("color", new BufferAttribute(colours, 3));
}

export class Stage {
  /** Raises an Error, in words for a person, where the browser has no WebGL. */
  constructor(canvas, lost) {
    this.canvas = canvas;
    try {
      this.renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
    } catch {
      throw new Error(gettext("This browser shows no 3D: WebGL is switched off or missing. The block's other pictures still serve."));
    }
    this.renderer.outputColorSpace = SRGBColorSpace;
    this.renderer.setPixelRatio(Math.min(window.devicePixelRatio, 2));
    this.scene = new Scene();
    this.camera = new PerspectiveCamera(FIELD, 1, 0.1, 50);
    this.light = new DirectionalLight(0xfff4e2, 3.2);
    this.scene.add(this.light, new AmbientLight(new Color(0xe6e4ea), 0.7));
    this.material = new MeshStandardMaterial({ vertexColors: true, roughness: 0.8, metalness: 0 });
    this.block = new Group();
    this.scene.add(this.block);
    this.asking = null;
    this.frame = 0;
    this.sizes = new ResizeObserver(() => this.fit());
    this.sizes.observe(canvas.parentElement);
    canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      lost(gettext("The graphics card gave up for a moment. Wait, or close this and open it again."));
    });
    canvas.addEventListener("webglcontextrestored", () => this.draw());
    this.hands();
    this.reset();
    this.fit();
  }

  /** Fetch a block and show it in place of the one before. Rejects with an Error in words for a person. */
  async show(url) {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    const mesh = await this.fetched(url, asking.signal);
    if (asking.signal.aborted) {
      mesh.geometry.dispose();
      throw new DOMException("another block was asked for", "AbortError");
    }
    this.empty();
    this.block.add(mesh);
    this.reset();
    this.paint();
  }

  async fetched(url, signal) {
    let response;
    try {
      response = await fetch(url, { signal });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Error(gettext("The block cannot be fetched: the server does not answer. Close this and try again."));
    }
    if (!response.ok) {
      throw new Error(fill(gettext("The block cannot be fetched (%(status)s)."), { status: response.status }));
    }
    const { scene } = await new GLTFLoader().parseAsync(await response.arrayBuffer(), "");
    let found = null;
    scene.updateMatrixWorld(true);
    scene.traverse((node) => {
      if (node.isMesh) found ??= node;
    });
    if (!found) throw new Error(gettext("The block's 3D file is empty."));
    const { geometry } = found;
    geometry.applyMatrix4(found.matrixWorld);
    if (!geometry.getAttribute("normal")) geometry.computeVertexNormals();
    stain(geometry);
    found.material.dispose();
    return new Mesh(geometry, this.material);
  }

  /** Let the block go: its memory on the graphics card too. The context stays. */
  clear() {
    this.asking?.abort();
    this.empty();
    this.renderer.renderLists.dispose();
    this.draw();
  }

  empty() {
    for (const mesh of [...this.block.children]) {
      this.block.remove(mesh);
      mesh.geometry.dispose();
    }
  }

  reset() {
    this.yaw = 0;
    this.pitch = 0;
    this.distance = FAR;
    this.across = 0;
    this.up = 0;
    this.draw();
  }

  /** Turn by degrees, sideways and up. */
  turn(sideways, upwards) {
    this.yaw = MathUtils.clamp(this.yaw + sideways, -180, 180);
    if (Math.abs(this.yaw) === 180) this.yaw = -Math.sign(this.yaw) * 180;
    this.pitch = MathUtils.clamp(this.pitch + upwards, -89, 89);
    this.draw();
  }

  zoom(factor) {
    this.distance = MathUtils.clamp(this.distance * factor, NEAREST, FARTHEST);
    this.draw();
  }

  shift(across, up) {
    this.across = MathUtils.clamp(this.across + across, -2, 2);
    this.up = MathUtils.clamp(this.up + up, -2, 2);
    this.draw();
  }

  /** azimuth: degrees counter-clockwise from the right. elevation: degrees above the block's face. */
  shine(azimuth, elevation) {
    const a = MathUtils.degToRad(azimuth);
    const e = MathUtils.degToRad(elevation);
    this.light.position.set(Math.cos(e) * Math.cos(a), Math.cos(e) * Math.sin(a), Math.sin(e)).multiplyScalar(10);
    this.canvas.dataset.light = `${azimuth},${elevation}`;
    this.draw();
  }

  fit() {
    const { clientWidth: width, clientHeight: height } = this.canvas.parentElement;
    if (!width || !height) return;
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
    this.draw();
  }

  draw() {
    this.frame ||= requestAnimationFrame(() => this.paint());
  }

  paint() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.block.rotation.set(MathUtils.degToRad(this.pitch), MathUtils.degToRad(this.yaw), 0);
    const narrow = Math.max(1, 1 / this.camera.aspect); // a tall view still holds the whole square
    this.camera.position.set(this.across, this.up, this.distance * narrow);
    this.renderer.render(this.scene, this.camera);
    this.canvas.dataset.turn = `${Math.round(this.yaw)},${Math.round(this.pitch)}`;
    this.canvas.dataset.zoom = (FAR / this.distance).toFixed(2);
  }

  /** Pointers: one turns, one with Shift or the other button shifts, two pinch; the wheel zooms. */
  hands() {
    const held = new Map();
    let apart = 0;
    const gap = () => {
      const [a, b] = [...held.values()];
      return Math.hypot(a.x - b.x, a.y - b.y);
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      held.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (held.size === 2) apart = gap();
    });
    this.canvas.addEventListener("pointermove", (event) => {
      const last = held.get(event.pointerId);
      if (!last) return;
      const [dx, dy] = [event.clientX - last.x, event.clientY - last.y];
      held.set(event.pointerId, { x: event.clientX, y: event.clientY });
      const scale = (2 * this.distance * Math.tan(MathUtils.degToRad(FIELD / 2))) / this.canvas.clientHeight;
      if (held.size === 2) {
        const now = gap();
        this.zoom(apart / (now || 1));
        apart = now;
        this.shift((-dx * scale) / 2, (dy * scale) / 2);
      } else if (event.shiftKey || event.buttons === 2) this.shift(-dx * scale, dy * scale);
      else this.turn(dx * 0.4, dy * 0.4);
    });
    for (const name of ["pointerup", "pointercancel"]) {
      this.canvas.addEventListener(name, (event) => held.delete(event.pointerId));
    }
    this.canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    this.canvas.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        this.zoom(Math.exp(event.deltaY * 0.0012));
      },
      { passive: false },
    );
  }
}
