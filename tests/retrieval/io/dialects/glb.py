"""GLB."""

from tests import meshes
from tests.retrieval.io.dialects import FACES, VERTICES

READ = {"plain": meshes.glb(VERTICES, FACES)}
REFUSED = {}
