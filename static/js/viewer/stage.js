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
import { hands } from "./pointers.js";

const FIELD = 28; // degrees seen from bottom to top
const FAR = 5.9; // distance at which the character's square fills the view
const NEAREST = 1.2;
const FARTHEST = 14;
// How strongly the raking light and the light from everywhere shine: heights are read by colour alone.
const LIGHTS = { wood: [3.2, 0.7], heights: [0.9, 2.2] };

export class Stage {
  /**
   * told: { lost(message), painted(), pressed(x, y) }. Raises an Error, in words for a person, where the
   * browser has no WebGL.
   */
  constructor(canvas, told) {
    this.canvas = canvas;
    this.told = told;
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
    this.projection = "perspective";
    this.light = new DirectionalLight(0xfff4e2, LIGHTS.wood[0]);
    this.ambient = new AmbientLight(new Color(0xe6e4ea), LIGHTS.wood[1]);
    this.scene.add(this.light, this.ambient);
    this.material = new MeshStandardMaterial({ vertexColors: true, roughness: 0.8, metalness: 0 });
    this.colours = "wood";
    this.sides = []; // of each block shown: { group, mesh }
    this.asking = null;
    this.frame = 0;
    this.sizes = new ResizeObserver(() => this.fit());
    this.sizes.observe(canvas.parentElement);
    canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      told.lost(gettext("The graphics card gave up for a moment. Wait, or close this and open it again."));
    });
    canvas.addEventListener("webglcontextrestored", () => this.draw());
    hands(canvas, this, told.pressed);
    this.reset();
    this.fit();
  }

  /** Fetch one block or two and show them in place of those before. Rejects with an Error in words for a person. */
  async show(urls) {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    const all = await Promise.allSettled(urls.map((url) => fetched(url, this.material, asking.signal)));
    const meshes = all.filter(({ status }) => status === "fulfilled").map(({ value }) => value);
    const failed = all.find(({ status }) => status === "rejected");
    if (asking.signal.aborted || failed) {
      for (const mesh of meshes) mesh.geometry.dispose();
      throw asking.signal.aborted ? new DOMException("another block was asked for", "AbortError") : failed.reason;
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

  /** projection: "perspective" or "parallel". */
  project(projection) {
    this.projection = projection;
    this.draw();
  }

  /** colours: "wood" or "heights". */
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
    const { clientWidth: width, clientHeight: height } = this.canvas.parentElement;
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
    return this.distance * Math.max(1, 1 / this.aspect()) * Math.tan(MathUtils.degToRad(FIELD / 2));
  }

  aspect() {
    return this.size.width / Math.max(1, this.sides.length) / this.size.height;
  }

  camera() {
    const camera = this.cameras[this.projection];
    const [half, aspect] = [this.halfHigh(), this.aspect()];
    if (camera.isOrthographicCamera) {
      Object.assign(camera, { left: -half * aspect, right: half * aspect, top: half, bottom: -half });
      camera.position.set(this.across, this.up, FARTHEST);
    } else {
      camera.aspect = aspect;
      camera.position.set(this.across, this.up, this.distance * Math.max(1, 1 / aspect));
    }
    camera.updateProjectionMatrix();
    camera.updateMatrixWorld();
    return camera;
  }

  paint() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    if (!this.size) return;
    const { renderer, size } = this;
    const camera = this.camera();
    renderer.setScissorTest(false);
    renderer.clear();
    renderer.setScissorTest(true);
    const wide = size.width / Math.max(1, this.sides.length);
    this.sides.forEach(({ group }, i) => {
      group.rotation.set(MathUtils.degToRad(this.pitch), MathUtils.degToRad(this.yaw), 0);
      for (const side of this.sides) side.group.visible = side.group === group;
      renderer.setViewport(i * wide, 0, wide, size.height);
      renderer.setScissor(i * wide, 0, wide, size.height);
      renderer.render(this.scene, camera);
    });
    this.tell();
    this.told.painted();
  }

  tell() {
    Object.assign(this.canvas.dataset, {
      turn: `${Math.round(this.yaw)},${Math.round(this.pitch)}`,
      zoom: (FAR / this.distance).toFixed(2),
      projection: this.projection,
      colours: this.colours,
      blocks: this.sides.length,
    });
  }

  /** The point of a block that is seen at (x, y), in pixels: a Vector3 in plane coordinates, or null. */
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

  /** Where a point of a block is seen: { x, y } in pixels, for each block shown. */
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
