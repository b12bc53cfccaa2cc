"""Vectors by the million that lie as the shipped model's do: real ones, carried to other characters."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

CHARACTERS, ITEMS_A_CHARACTER, QUERIES = 1_200, 4, 2_000
_TYPEFACES = 5  # reading what a typeface claims takes longer than drawing with it
_AT_ONCE = 20_000
_SEED = 7
_FONTS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("node_modules"))


@dataclass(frozen=True)
class Sample:
    """What the model made of drawn characters.

    reliefs: (C, 2, D) unit vectors of two carvings each. prints: (C, D) of a print each. learned:
    (K, D) unit directions of the characters that the model learned.
    """

    reliefs: np.ndarray
    prints: np.ndarray
    learned: np.ndarray

    def save(self, path: Path) -> None:
        """Write it for the processes that measure: they need no torch then."""
        np.savez(path, reliefs=self.reliefs, prints=self.prints, learned=self.learned)

    @classmethod
    def load(cls, path: Path) -> "Sample":
        """Read what `save` wrote."""
        with np.load(path) as parts:
            return cls(parts["reliefs"], parts["prints"], parts["learned"])


def sample() -> Sample:
    """Draw characters with the typefaces that are here, and embed two carvings and a print of each."""
    # Only here: the processes that measure their memory hold no torch.
    from retrieval.embed import Embedder
    from retrieval.models import load_weights, shipped_weights
    from retrieval.synth.prints import draw_print
    from retrieval.synth.reliefs import draw_relief
    from retrieval.synth.textures import Textures

    random = np.random.default_rng(_SEED)
    textures = Textures(random)
    weights = load_weights(shipped_weights())
    embedder = Embedder(weights, "cpu")
    fields = _fields(random)
    reliefs, prints = [], []
    for field in fields:
        others = [fields[place] for place in random.integers(len(fields), size=4)]
        reliefs += [draw_relief(field, others, random, textures) for _ in range(2)]
        prints.append(draw_print(field, others, random, textures))
    vectors = embedder.embed_heights(reliefs).seen.reshape(len(fields), 2, -1)
    learned = vectors[:, 0] if weights.characters is None else weights.characters.numpy()
    learned = np.pad(learned, ((0, 0), (0, embedder.width - learned.shape[1])))
    return Sample(vectors, embedder.embed_prints(prints), unit(learned))


def _fields(random: np.random.Generator) -> list[np.ndarray]:
    """Distance fields of many characters, each in some typeface; made-up ones where there is no typeface."""
    # Only here: the processes that measure their memory hold no torch.
    from retrieval.data.characters import is_ideograph
    from retrieval.synth.fonts import Typeface, find_faces
    from retrieval.synth.glyphs import distance_field
    from tests import pictures

    found = find_faces([folder for folder in _FONTS if folder.is_dir()])
    faces = [Typeface(found[place]) for place in random.permutation(len(found))[:_TYPEFACES]]
    codes = sorted({code for face in faces for code in face.codepoints if is_ideograph(code)})
    inks = (
        faces[random.integers(len(faces))].draw(code) for code in random.permutation(codes)[: 8 * CHARACTERS]
    )
    fields = []
    for ink in inks:
        if ink is not None:
            fields.append(distance_field(ink))
        if len(fields) == CHARACTERS:
            return fields
    made = (pictures.glyph(seed, 96) > 0.5 for seed in range(CHARACTERS))
    return [distance_field(ink) for ink in made]


def gallery(some: Sample, count: int) -> tuple[np.ndarray, np.ndarray]:
    """(count, D) items and (QUERIES, D) queries, unit vectors.

    Every character of the gallery is one of the sample's, carried to a learned character's place: the
    mirroring that takes the learned direction nearest to it there keeps every distance within the character,
    and between its prints and its carvings. Its items differ as two carvings of one character do; the
    queries are prints of characters that are there.
    """
    random = np.random.default_rng([_SEED, count])
    characters = max(1, count // ITEMS_A_CHARACTER)
    shown = random.integers(len(some.reliefs), size=characters)
    to = random.integers(len(some.learned), size=characters)
    home = _nearest_learned(some)
    spread = some.reliefs[:, 1] - some.reliefs[:, 0]
    items = np.empty((count, some.prints.shape[1]), np.float32)
    for start in range(0, count, _AT_ONCE):
        of = np.arange(start, min(start + _AT_ONCE, count)) % characters
        varied = some.reliefs[shown[of], 0] + spread[random.integers(len(spread), size=len(of))]
        items[start : start + len(of)] = _carried(unit(varied), some.learned, home[shown[of]], to[of])
    wanted = random.integers(characters, size=QUERIES)
    queries = _carried(some.prints[shown[wanted]], some.learned, home[shown[wanted]], to[wanted])
    return items, queries


def _nearest_learned(some: Sample) -> np.ndarray:
    """(C,) the learned direction that each character of the sample lies nearest to."""
    return (some.reliefs[:, 0] @ some.learned.T).argmax(axis=1)


def _carried(vectors: np.ndarray, learned: np.ndarray, home: np.ndarray, to: np.ndarray) -> np.ndarray:
    """Mirror (N, D) vectors so that one learned direction falls on another, unless it is the same."""
    across = learned[home] - learned[to]
    lengths = np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-6)
    across = across / lengths
    return unit(vectors - 2 * across * (vectors * across).sum(axis=1, keepdims=True))


def unit(vectors: np.ndarray) -> np.ndarray:
    """(N, D) float32 of length 1."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
