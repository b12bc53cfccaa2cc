"""Wrong labels planted among right ones are found."""

import argparse
import csv
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from torch.nn import functional

from common.errors import BadInput
from retrieval.errors import BadModel
from retrieval.label_errors import command
from retrieval.label_errors.crops import weigh_crops
from retrieval.models import Net, Weights, load_weights, save_weights, shipped_weights
from retrieval.preprocess import Recipe
from retrieval.synth.fonts import Typeface, find_faces
from retrieval.synth.glyphs import distance_field
from retrieval.synth.prints import draw_print
from retrieval.synth.textures import Textures
from tests.retrieval.synth.typefaces import needs_typefaces, typeface_folder
from tests.retrieval.train.drawn import TINY


def planted(labels: np.ndarray, share: float = 0.05) -> tuple[np.ndarray, np.ndarray]:
    """The labels with some replaced by others of them, and the places of those."""
    random = np.random.default_rng(4)
    places = random.permutation(len(labels))[: round(share * len(labels))]
    wrong = labels.copy()
    for place in places:
        wrong[place] = random.choice(labels[labels != labels[place]])
    return wrong, places


def early(score: np.ndarray, places: np.ndarray) -> float:
    """Share of the planted ones within the first tenth of the list."""
    first = np.argsort(-score, kind="stable")[: len(score) // 10]
    return float(np.isin(places, first).mean())


def noisy_vectors(per_label: int = 12, count: int = 60, width: int = 32) -> tuple[np.ndarray, ...]:
    """Crops as noisy vectors around their characters' directions: vectors, labels, pages, directions."""
    random = np.random.default_rng(3)
    directions = random.normal(size=(count, width))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    labels = np.repeat(np.arange(count), per_label) + 0x4E00
    vectors = directions[labels - 0x4E00] + random.normal(0, 0.11, (len(labels), width))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), labels, random.integers(0, 9, len(labels)), directions


@pytest.mark.parametrize("known", [0, 30, 60])
def test_planted_labels_come_first(known: int) -> None:
    """With directions for all characters, for half, and for none but a stranger."""
    vectors, labels, pages, directions = noisy_vectors()
    wrong, places = planted(labels)
    learned = np.arange(known) + 0x4E00
    if not known:
        directions, learned = -directions[:1], np.array([0x9000])
    found = weigh_crops(vectors, wrong, pages, directions[: max(known, 1)], learned)
    assert early(found.score, places) >= 0.95
    assert (found.suggested[places] == labels[places]).mean() > 0.9


def test_evidence_is_of_other_pages() -> None:
    """A mislabelled twin on the same page does not vouch for a crop; on another page it does."""
    vectors = functional.normalize(torch.tensor([[1.0, 0.0], [1.0, 0.05], [1.0, 0.1], [0.0, 1.0]])).numpy()
    labels, learned = np.array([7, 7, 5, 7]), np.array([5, 7])
    directions = np.eye(2, dtype=np.float32)
    same = weigh_crops(vectors, labels, np.array(["a", "a", "b", "c"]), directions, learned)
    other = weigh_crops(vectors, labels, np.array(["a", "d", "b", "c"]), directions, learned)
    assert same.score[0] > other.score[0] + 0.3
    assert same.suggested[0] == 5
    assert same.score[2] < 0


def test_a_label_without_evidence_is_left_in_peace() -> None:
    """One crop of a character that was never learned: nothing is known, so nothing is said."""
    vectors = np.eye(2, dtype=np.float32)
    found = weigh_crops(vectors, np.array([5, 6]), np.array(["a", "b"]), vectors[:1], np.array([5], np.int32))
    assert found.score[1] == 0


@needs_typefaces
def test_planted_labels_of_drawn_crops_are_found_by_the_command(tmp_path: Path) -> None:
    """Prints of eighty characters, one label in twenty wrong: four in five are in the first tenth."""
    if load_weights(shipped_weights()).codepoints is None:
        pytest.fail("the shipped weights do not name their characters")
    faces = [
        Typeface(face) for face in find_faces([typeface_folder()]) if face.name in ("cactus", "shippori")
    ]
    codes = sorted(set.intersection(*(face.codepoints for face in faces)) & set(range(0x4E00, 0x9FFF)))[::40][
        :80
    ]
    random = np.random.default_rng(2)
    textures = Textures(random, count=4)
    labels = np.repeat(codes, 8)
    wrong, places = planted(labels)
    rows = []
    with zipfile.ZipFile(tmp_path / "crops.zip", "w") as file:
        for number, (shown, label) in enumerate(zip(labels.tolist(), wrong.tolist(), strict=True)):
            field = distance_field(faces[number % 2].draw(shown))
            png = cv2.imencode(".png", draw_print(field, [], random, textures))[1].tobytes()
            file.writestr(f"{number}.png", png)
            rows.append(f"{number}.png,U+{label:04X},page{number % 7}")
        file.writestr("index.csv", "\n".join(["path,codepoint,page", *rows]))
    assert command.run(arguments(tmp_path / "crops.zip", tmp_path / "out.csv")) == 0
    with (tmp_path / "out.csv").open() as file:
        table = list(csv.DictReader(file))
    assert len(table) == len(labels)
    scores = [float(row["score"]) for row in table]
    assert scores == sorted(scores, reverse=True)
    first = {int(row["path"].removesuffix(".png")) for row in table[: len(table) // 10]}
    assert np.mean([place in first for place in places.tolist()]) >= 0.8
    right = {number: f"U+{code:04X}" for number, code in enumerate(labels.tolist())}
    values = {int(row["path"].removesuffix(".png")): row["suggested"] for row in table}
    assert np.mean([values[place] == right[place] for place in places.tolist()]) >= 0.7


def arguments(crops: Path, out: Path, *more: str) -> argparse.Namespace:
    """The command line, parsed."""
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return parser.parse_args(["--crops", str(crops), "--out", str(out), *more])


def test_weights_that_name_no_characters_are_refused(tmp_path: Path) -> None:
    """And so is a folder that is not there, before any work."""
    with zipfile.ZipFile(tmp_path / "crops.zip", "w") as file:
        file.writestr("index.csv", "path,codepoint,page\n")
    path = tmp_path / "unnamed.safetensors"
    save_weights(path, Weights(Net(TINY).eval(), "unnamed", Recipe(size=32), {}, characters=torch.eye(12)))
    with pytest.raises(BadModel, match="unnamed"):
        command.run(arguments(tmp_path / "crops.zip", tmp_path / "out.csv", "--weights", str(path)))
    with pytest.raises(BadInput, match="no folder"):
        command.run(arguments(tmp_path / "crops.zip", tmp_path / "none" / "out.csv"))
