// A block's mesh, from its file.
import { BufferAttribute, Mesh } from "three";
import { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";
import { isAbort } from "../lib/net.js";
import { fill, gettext } from "../lib/words.js";
import { stain } from "./colours.js";

/** @import { InterleavedBufferAttribute, Material } from "three" */

/**
 * The mesh of a file, coloured, in plane coordinates. Its userData.units: how long one of the mesh's own
 * units is to the plane's, as a factor; null where the file does not say. Rejects with an Error in words
 * for a person, or with the signal's AbortError.
 * @param {string} url
 * @param {Material} material
 * @param {AbortSignal} signal
 */
export async function fetched(url, material, signal) {
  let response;
  try {
    response = await fetch(url, { signal });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new Error(gettext("The block could not be loaded: the server does not respond. Close this and try again."));
  }
  if (!response.ok) {
    throw new Error(fill(gettext("The block could not be loaded (%(status)s)."), { status: response.status }));
  }
  const { scene, asset } = await new GLTFLoader().parseAsync(await response.arrayBuffer(), "");
  /** @type {Mesh[]} */
  const meshes = [];
  scene.updateMatrixWorld(true);
  scene.traverse((node) => {
    if (node instanceof Mesh) meshes.push(node);
  });
  const [found] = meshes;
  if (!found) throw new Error(gettext("The block's 3D file is empty."));
  const { geometry } = found;
  geometry.setAttribute("position", inFloats(geometry.getAttribute("position")));
  geometry.applyMatrix4(found.matrixWorld);
  if (!geometry.getAttribute("normal")) geometry.computeVertexNormals();
  stain(geometry);
  for (const material of [found.material].flat()) material.dispose();
  const mesh = new Mesh(geometry, material);
  const units = Number(asset?.extras?.units);
  mesh.userData.units = units > 0 ? units : null;
  return mesh;
}

/**
 * Places as floats: those of a file in whole numbers would be rounded to them as the mesh takes its size.
 * @param {BufferAttribute | InterleavedBufferAttribute} places
 */
function inFloats(places) {
  if (places instanceof BufferAttribute && places.array instanceof Float32Array) return places;
  const floats = new Float32Array(places.count * 3);
  for (let i = 0; i < places.count; i++) floats.set([places.getX(i), places.getY(i), places.getZ(i)], i * 3);
  return new BufferAttribute(floats, 3);
}
