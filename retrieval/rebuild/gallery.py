"""The carvings of a folder, by name and by character: meshes one by one, or what `retrieval block` wrote."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property
from pathlib import PurePosixPath

import numpy as np

from common.errors import BadInput
from common.file_types import Kind, ending, endings_of
from retrieval.embed.embedder import Embedder
from retrieval.io.encode import read_height_png
from retrieval.io.files import Files
from retrieval.io.meshes import read_mesh
from retrieval.io.sets import CHARACTERS, read_pairs
from retrieval.rebuild.errors import BadPlan
from retrieval.rebuild.plan import SAME_CHARACTER, CarvedItem, Spot
from retrieval.render.relief import read_relief, turned

_DEPTH = "-depth.png"
_FACTS = "face.json"
MOST_TRIED = 12
"""So many carvings of a character are tried where none was confirmed."""


class Gallery:
    """Carvings that a block may be made again from.

    A carving's name is its path in the folder without its ending, or any end of it that no other shares.
    """

    def __init__(self, files: Files, embedder: Callable[[], Embedder]) -> None:
        """files: of the folder. embedder: gives what tells how single meshes read, where there are any."""
        self._files = files
        self._embedder = embedder
        self._read: dict[str, CarvedItem] = {}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Of all carvings, in natural order."""
        return tuple(self._paths)

    @cached_property
    def _paths(self) -> dict[str, str]:
        """Files by the carvings' names; of a block's character its relief, which is turned already."""
        meshes = endings_of(Kind.MESH)
        found = {name.removesuffix(_DEPTH): name for name in self._files.names if name.endswith(_DEPTH)}
        for name in self._files.names:
            if ending(name) in meshes:
                found.setdefault(str(PurePosixPath(name).with_suffix("")), name)
        return found

    @cached_property
    def _ends(self) -> dict[str, list[str]]:
        """Names by every end of theirs."""
        ends: dict[str, list[str]] = defaultdict(list)
        for name in self._paths:
            parts = PurePosixPath(name).parts
            for first in range(len(parts)):
                ends["/".join(parts[first:])].append(name)
        return ends

    @cached_property
    def _by_character(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for table in (name for name in self._files.names if PurePosixPath(name).name == CHARACTERS):
            for item, codepoint in read_pairs(self._files, table, ("item", "codepoint")).items():
                for name in self._ends.get(_without_ending(item), ())[:1]:
                    found[_character(codepoint)].append(name)
        return found

    def name_of(self, item: str) -> str:
        """A carving's name by what a plan calls it.

        Raises:
            BadPlan: there is none, or there are several.
        """
        found = self._ends.get(item) or self._ends.get(_without_ending(item)) or []
        if not found:
            raise BadPlan(
                f"there is no carving {item} in {self._files.name}",
                hint="check the name",
                code="rebuild_no_item",
            )
        if len(found) > 1 and item not in self._paths:
            raise BadPlan(
                f"{item} names {len(found)} carvings in {self._files.name}: {found[0]}, {found[1]}",
                hint="name it with its folder",
                code="rebuild_no_item",
            )
        return item if item in self._paths else found[0]

    def item(self, name: str) -> CarvedItem:
        """One carving, by its own name. Raises BadInput where its file cannot be read."""
        if name not in self._read:
            path = self._paths[name]
            block, depth = self._block_of(name)
            height = self._block_relief(path) if path.endswith(_DEPTH) else self._mesh_relief(path)
            self._read[name] = CarvedItem(name, height, block, depth)
        return self._read[name]

    def with_carvings(self, spots: Iterable[Spot]) -> tuple[tuple[Spot, ...], dict[str, CarvedItem]]:
        """The spots by the carvings' own names, those of a known character with carvings of it; and these.

        Raises:
            BadPlan: a carving that a spot names is not there.
            BadInput: its file cannot be read.
        """
        whole = tuple(self._with_carvings(spot) for spot in spots)
        return whole, {name: self.item(name) for spot in whole for name in spot.items}

    def _with_carvings(self, spot: Spot) -> Spot:
        if spot.items:
            return replace(spot, items=tuple(map(self.name_of, spot.items)))
        items = tuple(self._by_character.get(spot.character, ())[:MOST_TRIED])
        return replace(spot, items=items, relations=tuple(SAME_CHARACTER for _ in items))

    def _block_of(self, name: str) -> tuple[str, float | None]:
        """The block of a carving, and how deep it is carved, where `retrieval block` wrote it."""
        folder = PurePosixPath(name).parent.parent
        facts = str(folder / _FACTS) if str(folder) != "." else _FACTS
        if facts not in self._files.names:
            return "", None
        try:
            depth = json.loads(self._files.read(facts)).get("depth_mm")
        except (ValueError, AttributeError) as error:
            raise BadInput(f"{facts} is damaged: {error}", hint="read the block again") from error
        return folder.name or self._files.name, float(depth) if isinstance(depth, int | float) else None

    def _block_relief(self, path: str) -> np.ndarray:
        try:
            return read_height_png(self._files.read(path))
        except ValueError as error:
            raise BadInput(f"{path} is damaged: {error}", hint="read the block again") from error

    def _mesh_relief(self, path: str) -> np.ndarray:
        """A single mesh's relief as its print reads it, its turn and handedness decided by the model."""
        relief = read_relief(read_mesh(self._files.read(path), name=path).mesh, name=path)
        read = self._embedder().embed_turned([relief.height])
        mirrored = np.array([float(turn.mirrored_probability[0]) for turn in read.turns])
        likely = read.upright_probability[0][:, None] * np.stack([1 - mirrored, mirrored], axis=1)
        quarters, flipped = divmod(int(likely.argmax()), 2)
        height = turned(relief, quarters).height
        return np.ascontiguousarray(height[:, ::-1]) if flipped else height


def _without_ending(name: str) -> str:
    return str(PurePosixPath(name).with_suffix("")) if ending(name) in endings_of(Kind.MESH) else name


def _character(codepoint: str) -> str:
    """ "U+4E00" as the character; what is none stays as it is."""
    try:
        return chr(int(codepoint.removeprefix("U+"), 16)) if codepoint.startswith("U+") else codepoint
    except (ValueError, OverflowError):
        return codepoint
