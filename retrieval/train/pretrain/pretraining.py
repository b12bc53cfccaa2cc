"""The training loop: resumable, the same numbers whenever it was interrupted."""

import copy
import math
from pathlib import Path

import cv2
import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader

from retrieval.models import Net
from retrieval.preprocess import Recipe
from retrieval.train.data.mesh_cache import MeshCache
from retrieval.train.data.training_data import Material
from retrieval.train.objectives.margin import MarginSoftmax, domain_contrast, trimmed_mean
from retrieval.train.pretrain.batches import Batches
from retrieval.train.pretrain.config import TrainConfig
from retrieval.train.runtime.distributed import Ranks
from retrieval.train.runtime.loop import Resumable, rate_at


class Run(Resumable):
    """One training run. ``train`` returns the smoothed network; ``folder`` keeps the checkpoint."""

    def __init__(
        self,
        config: TrainConfig,
        recipe: Recipe,
        material: Material,
        rendered: MeshCache | None,
        folder: Path,
        *,
        device: str = "cpu",
        minutes: float | None = None,
        ranks: Ranks | None = None,
    ) -> None:
        """minutes: end the run after so much training time, all resumptions counted, if that comes sooner.
        ranks: which of several processes this is; the only one when None.
        """
        self._ranks = ranks or Ranks()
        self._config, self._recipe, self._material, self._rendered = config, recipe, material, rendered
        self._checkpoint = folder / f"{config.name}.checkpoint.safetensors"
        self._device, self._limit = torch.device(device), (minutes or math.inf) * 60
        torch.manual_seed(config.seed)
        self._net = Net(config.shape).to(self._device, memory_format=torch.channels_last)
        classes = len(material.classes)
        self._head = MarginSoftmax(classes, config.shape.width, rivals=config.rivals).to(self._device)
        self._smooth = copy.deepcopy(self._net).eval().requires_grad_(False)
        self._optimizer = torch.optim.AdamW(
            [
                {"params": list(self._net.parameters()), "weight_decay": config.decay},
                {"params": list(self._head.parameters()), "weight_decay": 0.0},
            ],
            lr=config.rate,
        )
        compiled = config.compiled and self._device.type == "cuda"
        self._averaged_net = self._ranks.averaging(torch.compile(self._net) if compiled else self._net)
        self._averaged_head = self._ranks.averaging(self._head)
        self._seed, self._goal, self._keep_every = config.seed, config.images, config.keep_every
        self._begin()

    @property
    def record(self) -> dict[str, object]:
        """What there is to say of the run so far, as JSON can hold it."""
        return {
            "config": self._config.name,
            "seed": self._config.seed,
            "batches": self._batch,
            "images": self._images,
            "processes": self._ranks.world,
            "minutes": round(self._seconds / 60, 1),
            "characters": len(self._material.classes),
            "typefaces": sorted({self._material.glyphs.names[face] for face in self._faces()}),
            "crops": int(sum(len(places) for places in self._material.crops_of)),
            "rendered": 0 if self._rendered is None else len(self._rendered.heights),
        }

    @property
    def characters(self) -> torch.Tensor:
        """(K, D) directions that the classes' vectors were trained towards, in the order of the classes."""
        return self._head.weight.detach().cpu().clone()

    def _faces(self) -> set[int]:
        return {
            int(self._material.glyphs.faces[place]) for places in self._material.glyphs_of for place in places
        }

    def _loader(self) -> DataLoader:
        batches = Batches(
            self._material,
            self._rendered,
            self._config.mix,
            self._recipe,
            seed=self._config.seed,
            start=self._batch,
            turn=self._ranks.rank,
            turns=self._ranks.world,
        )
        # A worker forked while OpenCV has threads waiting hangs at its first picture.
        cv2.setNumThreads(1)
        workers = self._config.workers
        return DataLoader(
            batches,
            batch_size=None,
            num_workers=workers,
            # Its own, or starting to draw would disturb the random state that a resumed run takes up.
            generator=torch.Generator(),
            prefetch_factor=4 if workers else None,
            pin_memory=self._device.type == "cuda",
        )

    @property
    def _a_batch(self) -> int:
        return 2 * self._config.mix.classes + self._config.mix.flipped

    def _learn(self, inputs: torch.Tensor, labels: torch.Tensor, real: torch.Tensor, share: float) -> float:
        for group in self._optimizer.param_groups:
            group["lr"] = self._config.rate * rate_at(share)
        loss = self._loss(
            *(part.to(self._device, non_blocking=True) for part in (inputs, labels, real)), share
        )
        self._optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self._net.parameters(), 5.0)
        self._optimizer.step()
        self._smoothen()
        return float(loss.detach())

    def _loss(
        self, inputs: torch.Tensor, labels: torch.Tensor, real: torch.Tensor, share: float
    ) -> torch.Tensor:
        inputs = inputs.contiguous(memory_format=torch.channels_last)
        with torch.autocast(self._device.type, torch.bfloat16):
            embeddings, handed = self._averaged_net(inputs)
        count = len(labels)
        unit = functional.normalize(embeddings[: 2 * count].float())
        margin = self._config.margin * min(1.0, share / 0.3)
        with torch.autocast(self._device.type, torch.bfloat16):
            losses = self._averaged_head(unit, labels.repeat(2), margin)
        doubtful = torch.cat([real, torch.zeros_like(real)])
        loss = trimmed_mean(losses, doubtful, self._config.trim if share > 0.25 else 0.0)
        loss = loss + self._config.contrast * domain_contrast(unit[:count], unit[count:])
        return loss + self._config.handed * _handedness_loss(handed[count:].float(), count)

    def _modules(self) -> dict[str, nn.Module]:
        return {"net": self._net, "smooth": self._smooth, "head": self._head}


def _handedness_loss(logits: torch.Tensor, upright: int) -> torch.Tensor:
    """Logits of ``upright`` height maps as the print reads, then mirrored ones; both sides count alike."""
    right = functional.softplus(logits[:upright]).mean()
    if len(logits) == upright:
        return right
    return (right + functional.softplus(-logits[upright:]).mean()) / 2
