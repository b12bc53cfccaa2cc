"""Fine-tuning: a trained network learns from what people confirmed, and is held to what it knew."""

import copy
import logging
import math
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from retrieval.errors import BadModel
from retrieval.models import Weights
from retrieval.preprocess import Recipe, height_input, print_input
from retrieval.synth.prints import vary_print
from retrieval.synth.reliefs import vary_relief
from retrieval.synth.textures import Textures
from retrieval.train.finetune.config import TuneConfig
from retrieval.train.finetune.training_pairs import Lessons
from retrieval.train.objectives.margin import domain_contrast
from retrieval.train.runtime.distributed import Ranks
from retrieval.train.runtime.loop import Resumable, rate_at

log = logging.getLogger(__name__)
_SCALE = 32.0
_SMOOTHING = 0.99


class TuneBatches(IterableDataset):
    """Endless batches; number n is the same however many workers draw, and whenever the run began.

    Yields (inputs (B, 1, S, S) float32, labels (C,) int64): C prints, C height maps of the same classes in
    the same order, then inputs of which nothing is known.
    """

    def __init__(
        self, lessons: Lessons, config: TuneConfig, recipe: Recipe, *, start: int, turn: int, turns: int
    ) -> None:
        self._lessons, self._config, self._recipe = lessons, config, recipe
        self._start, self._turn, self._turns = start, turn, turns
        labels = lessons.train.labels
        self._rows = [np.flatnonzero(labels == label) for label in range(int(labels.max()) + 1)]

    @property
    def classes(self) -> int:
        """C, of one batch."""
        return min(self._config.classes, len(self._rows))

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        cv2.setNumThreads(1)
        worker = get_worker_info()
        step, first = (worker.num_workers, worker.id) if worker else (1, 0)
        textures = Textures(np.random.default_rng([self._config.seed, 0]))
        number = self._start + first
        while True:
            number_of_all = number * self._turns + self._turn
            yield self._batch(np.random.default_rng([self._config.seed, 7, number_of_all]), textures)
            number += step

    def _batch(self, random: np.random.Generator, textures: Textures) -> tuple[torch.Tensor, torch.Tensor]:
        labels = random.choice(len(self._rows), self.classes, replace=False)
        rows = [int(random.choice(self._rows[label])) for label in labels]
        pairs = self._lessons.train
        prints = [self._print(pairs.prints[row], random, textures) for row in rows]
        heights = [self._height(pairs.heights[row], random, textures) for row in rows]
        others = [self._other(random, textures) for _ in range(self._config.others)]
        inputs = torch.from_numpy(np.stack([*prints, *heights, *others])[:, None])
        return inputs, torch.from_numpy(labels.astype(np.int64))

    def _other(self, random: np.random.Generator, textures: Textures) -> np.ndarray:
        """A block or a print that nobody labelled, else one of those that are; every second one flipped."""
        lessons = self._lessons
        blocks = lessons.other_heights if len(lessons.other_heights) else lessons.train.heights
        prints = lessons.other_prints if len(lessons.other_prints) else lessons.train.prints
        if random.random() < 0.4:
            return self._print(random.choice(prints), random, textures)
        height = self._height(random.choice(blocks), random, textures)
        return np.ascontiguousarray(height[:, ::-1]) if random.random() < 0.5 else height

    def _print(self, place: int, random: np.random.Generator, textures: Textures) -> np.ndarray:
        gray = self._lessons.prints[place]
        # Half of them as they are: that is what will be asked.
        return print_input(
            vary_print(gray, random, textures) if random.random() < 0.5 else gray, self._recipe
        )

    def _height(self, place: int, random: np.random.Generator, textures: Textures) -> np.ndarray:
        height = self._lessons.heights[place].astype(np.float32) / 255
        if random.random() < 0.5:
            height = vary_relief(height, random, textures)
        return height_input(height, self._recipe)


class Tuning(Resumable):
    """One run of fine-tuning. ``train`` returns the smoothed network; ``folder`` keeps the checkpoint.

    Four losses: prints and height maps of one label meet, among those of the batch (contrast); both lie near
    the directions of their characters, which stay where they are (known); every vector stays near the old
    network's (keep, cf. arXiv 1606.09282), and so does what it says of mirrored maps (handed). Statistics of
    normalisation and dropout are the old network's: batches of a few labels would spoil them.
    """

    _report_every = 10

    def __init__(
        self,
        config: TuneConfig,
        base: Weights,
        lessons: Lessons,
        folder: Path,
        *,
        device: str = "cpu",
        ranks: Ranks | None = None,
    ) -> None:
        """base: what to begin with. ranks: which of several processes this is; the only one when None."""
        self._ranks, self._device = ranks or Ranks(), torch.device(device)
        self._config, self.base, self._lessons = config, base, lessons
        self._classes = min(config.classes, len(np.unique(lessons.train.labels)))
        self._checkpoint = folder / f"{config.name}.checkpoint.safetensors"
        self._seed, self._goal, self._limit = config.seed, self._images_wanted(), math.inf
        self._keep_every = config.keep_every
        self._old = copy.deepcopy(base.net).eval().requires_grad_(False).to(self._device)
        self._net = copy.deepcopy(base.net).eval().to(self._device, memory_format=torch.channels_last)
        self._smooth = copy.deepcopy(self._net).requires_grad_(False)
        self._optimizer = torch.optim.AdamW(self._net.parameters(), lr=config.rate, weight_decay=config.decay)
        self._averaged_net = self._ranks.averaging(self._net)
        self.characters, self.codepoints, self._places = _directions(base, lessons, self._old, self._device)
        # Told before the first batch from which one the run goes on.
        self.on_start: Callable[[int], None] = lambda _: None
        torch.manual_seed(config.seed)
        self._begin()

    def _started(self) -> None:
        self.on_start(self._batch)

    @property
    def batches(self) -> int:
        """How many there are in the whole run."""
        return max(1, round(self._goal / self.images_a_batch))

    def _images_wanted(self) -> int:
        """The recipe's images, or fewer where each pair was then seen often enough."""
        passes = math.ceil(self._config.epochs * len(self._lessons.train) / self._classes)
        return min(self._config.images, passes * (2 * self._classes + self._config.others))

    @property
    def images_a_batch(self) -> int:
        """Images that all processes together learn from in one batch."""
        return self._ranks.world * self._a_batch

    @property
    def smooth(self) -> nn.Module:
        """The smoothed network as it is now."""
        return self._smooth

    @property
    def record(self) -> dict[str, object]:
        """What there is to say of the run so far, as JSON can hold it."""
        known = 0 if self.base.codepoints is None else len(self.base.codepoints)
        return {
            "config": self._config.name,
            "seed": self._config.seed,
            "batches": self._batch,
            "images": self._images,
            "processes": self._ranks.world,
            "minutes": round(self._seconds / 60, 1),
            "pairs": len(self._lessons.train),
            "validation pairs": len(self._lessons.validation),
            "characters": len(np.unique(self._lessons.train.labels)),
            "new characters": 0 if self.codepoints is None else len(self.codepoints) - known,
            "unreadable files": self._lessons.missing,
        }

    def _batches(self) -> TuneBatches:
        return TuneBatches(
            self._lessons,
            self._config,
            self.base.recipe,
            start=self._batch,
            turn=self._ranks.rank,
            turns=self._ranks.world,
        )

    def _loader(self) -> DataLoader:
        cv2.setNumThreads(1)
        workers = self._config.workers
        return DataLoader(
            self._batches(),
            batch_size=None,
            num_workers=workers,
            generator=torch.Generator(),
            prefetch_factor=4 if workers else None,
        )

    @property
    def _a_batch(self) -> int:
        return 2 * self._classes + self._config.others

    def _learn(self, inputs: torch.Tensor, labels: torch.Tensor, share: float) -> float:
        for group in self._optimizer.param_groups:
            group["lr"] = self._config.rate * rate_at(share)
        loss = self._loss(inputs.to(self._device), labels)
        self._optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self._net.parameters(), 1.0)
        self._optimizer.step()
        self._smoothen(_SMOOTHING)
        return float(loss.detach())

    def _loss(self, inputs: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        inputs = inputs.contiguous(memory_format=torch.channels_last)
        told = self._config
        with torch.no_grad():
            was, was_handed = self._old(inputs)
        embeddings, handed = self._averaged_net(inputs)
        unit, was = functional.normalize(embeddings.float()), functional.normalize(was.float())
        count = len(labels)
        loss = told.contrast * domain_contrast(unit[:count], unit[count : 2 * count])
        loss = loss + told.keep * (1 - (unit * was).sum(dim=1)).mean()
        loss = loss + told.handed * functional.smooth_l1_loss(handed[count:], was_handed[count:])
        return loss + told.known * self._known_loss(unit[: 2 * count], labels)

    def _known_loss(self, unit: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """A margin softmax (arXiv 1801.09414) towards the directions of all characters, which do not move."""
        if self.characters is None:
            return unit.new_zeros(())
        right = torch.from_numpy(self._places)[labels].repeat(2).to(unit.device)
        told = right >= 0
        if not told.any():
            return unit.new_zeros(())
        cosine = functional.linear(unit[told], self.characters.to(unit.device))
        push = torch.zeros_like(cosine).scatter_(1, right[told][:, None], self._config.margin)
        return functional.cross_entropy(_SCALE * (cosine - push), right[told])

    def _modules(self) -> dict[str, nn.Module]:
        return {"net": self._net, "smooth": self._smooth}

    def _keep(self) -> None:
        """Keep the checkpoint before as well: a disk may give back less than was written."""
        if self._ranks.first and self._checkpoint.exists():
            aside = self._checkpoint.with_suffix(".link")
            aside.unlink(missing_ok=True)
            aside.hardlink_to(self._checkpoint)
            aside.replace(self._before)
        super()._keep()

    def _resume(self) -> None:
        """Go on from the checkpoint; from the one before where it is damaged; anew where both are."""
        for path in (self._checkpoint, self._before):
            try:
                self._take_up(path)
            except BadModel as problem:
                log.warning("%s", problem)
            else:
                log.info("going on from batch %d, %.1f minutes in", self._batch, self._seconds / 60)
                return
        log.warning("no checkpoint can be read: beginning anew")
        for net in (self._net, self._smooth):
            net.load_state_dict(self.base.net.state_dict())
        self._optimizer.state.clear()
        torch.manual_seed(self._seed)
        self._begin()

    @property
    def _before(self) -> Path:
        return self._checkpoint.with_suffix(".before")


def _directions(
    base: Weights, lessons: Lessons, old: nn.Module, device: torch.device
) -> tuple[torch.Tensor | None, torch.Tensor | None, np.ndarray]:
    """The old network's characters and, behind them, the new ones; and the place of each class, -1 for none.

    A new character's direction is the mean of what the old network says of its prints and blocks.
    """
    places = np.full(len(lessons.codepoints), -1)
    if base.characters is None or base.codepoints is None:
        return base.characters, base.codepoints, places
    known = {int(code): place for place, code in enumerate(base.codepoints.tolist())}
    found, codes = [functional.normalize(base.characters.float())], base.codepoints.tolist()
    for label, code in enumerate(lessons.codepoints.tolist()):
        if code and code not in known:
            known[code] = len(codes)
            codes.append(code)
            found.append(_mean_direction(label, lessons, base.recipe, old, device))
        places[label] = known.get(code, -1)
    return torch.cat(found), torch.tensor(codes, dtype=torch.int32), places


def _mean_direction(
    label: int, lessons: Lessons, recipe: Recipe, old: nn.Module, device: torch.device
) -> torch.Tensor:
    rows = np.flatnonzero(lessons.train.labels == label)
    prints = [print_input(lessons.prints[place], recipe) for place in np.unique(lessons.train.prints[rows])]
    heights = [
        height_input(lessons.heights[place].astype(np.float32) / 255, recipe)
        for place in np.unique(lessons.train.heights[rows])
    ]
    means = []
    for inputs in (prints, heights):
        with torch.inference_mode():
            vectors = old(torch.from_numpy(np.stack(inputs)[:, None]).to(device))[0].float().cpu()
        means.append(functional.normalize(functional.normalize(vectors).mean(dim=0, keepdim=True)))
    return functional.normalize(means[0] + means[1]).clone()
