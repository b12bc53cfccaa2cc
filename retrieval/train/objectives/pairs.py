"""Losses that compare the vectors of a batch with each other: contrastive, triplet, recall@k.

They are written out here: open-metric-learning, which has the latter two, holds NumPy below 2 and OpenCV
below 5, and the sampler has to balance prints and height maps beside characters (docs/adr/0008).
"""

import inspect
from collections.abc import Callable

import torch

from retrieval.models import Shape
from retrieval.train.objectives.base import BatchOutput, Objective, unit_vectors

_TINY = 1e-12


def contrastive_loss(unit: torch.Tensor, labels: torch.Tensor, *, margin: float = 1.0) -> torch.Tensor:
    """All pairs of a batch, drawn together or pushed apart (Hadsell, Chopra and LeCun, CVPR 2006).

    Pairs of one character cost half their squared distance, others half the square of what they lack to
    ``margin``. Each kind is averaged by itself, the others over those that lack anything: nearly all pairs of
    a batch are of two characters, and few of them near.

    unit: (B, D) unit vectors.
    labels: (B,) int64.
    margin: a distance, in [0, 2].
    """
    distances = _distances(unit)
    same, other = _pairs(labels)
    lacking = (margin - distances).clamp(min=0).square() * other.triu(1)
    together = distances.square()[same.triu(1)].sum() / same.triu(1).sum().clamp(min=1)
    apart = lacking.sum() / (lacking > 0).sum().clamp(min=1)
    return (together + apart) / 2


def triplet_loss(unit: torch.Tensor, labels: torch.Tensor, *, margin: float = 0.2) -> torch.Tensor:
    """Triplets of a batch, mined hard (Hermans, Beyer and Leibe, arXiv 1703.07737).

    Each vector that has another of its character is an anchor; its farthest one of that character has to be
    nearer, by ``margin``, than its nearest one of another.

    unit: (B, D) unit vectors.
    labels: (B,) int64.
    margin: a distance, in [0, 2].
    """
    distances = _distances(unit)
    farthest, nearest, anchors = hardest(distances, labels)
    far = distances.gather(1, farthest[:, None]).squeeze(1)
    near = distances.gather(1, nearest[:, None]).squeeze(1)
    return (far - near + margin).clamp(min=0)[anchors].sum() / anchors.sum().clamp(min=1)


def hardest(distances: torch.Tensor, labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The hardest positive and negative of each row, and which rows have both.

    distances: (B, B).
    labels: (B,) int64.

    Returns places (B,), (B,) int64, of no meaning where the third, (B,) bool, is false.
    """
    same, other = _pairs(labels)
    farthest = distances.detach().masked_fill(~same, -torch.inf).argmax(dim=1)
    nearest = distances.detach().masked_fill(~other, torch.inf).argmin(dim=1)
    return farthest, nearest, same.any(dim=1) & other.any(dim=1)


def recall_loss(
    unit: torch.Tensor,
    labels: torch.Tensor,
    *,
    ks: tuple[int, ...] = (1, 2, 4, 8, 16),
    outer: float = 1.0,
    inner: float = 0.01,
) -> torch.Tensor:
    """One less a smooth recall@k, averaged over ``ks`` (Patel, Tolias and Matas, arXiv 2108.11179).

    Each vector queries all others. Both steps of recall are sigmoids: the count of those ranked before a
    right one, and whether that rank is within k. The query itself is not ranked.

    unit: (B, D) unit vectors.
    labels: (B,) int64.
    ks: values of k.
    outer: temperature of the second step, on ranks.
    inner: temperature of the first step, on cosines.
    """
    likeness = unit @ unit.T
    same, _ = _pairs(labels)
    query, right = same.nonzero(as_tuple=True)
    before = torch.sigmoid((likeness[query] - likeness[query, right][:, None]) / inner)
    # Neither the right one itself nor the query stands before it.
    before = before.scatter(1, torch.stack([query, right], dim=1), 0.0)
    ranks = 1 + before.sum(dim=1)
    k = torch.tensor(ks, device=unit.device, dtype=ranks.dtype)
    within = torch.sigmoid((k - ranks[:, None]) / outer)
    found = torch.zeros(len(unit), len(ks), device=unit.device).index_add(0, query, within)
    most = torch.minimum(same.sum(dim=1)[:, None], k)
    answerable = most[:, 0] > 0
    recall = torch.minimum(found, k)[answerable] / most[answerable]
    return 1 - recall.mean() if len(recall) else found.sum()


def _distances(unit: torch.Tensor) -> torch.Tensor:
    """Euclidean distances of unit vectors, (B, B); their slope is 0, not infinite, where two are the same."""
    squares = (2 - 2 * unit @ unit.T).clamp(min=0)
    return torch.where(squares > _TINY, squares, 1.0).sqrt() * (squares > _TINY)


def _pairs(labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Which pairs are two pictures of one character, and which are of two: (B, B) bool each."""
    same = labels[:, None] == labels[None]
    apart = ~torch.eye(len(labels), dtype=torch.bool, device=labels.device)
    return same & apart, ~same


class PairObjective(Objective):
    """One of the losses above, on unit vectors alone; nothing is learned but the network."""

    def __init__(
        self, loss: Callable[..., torch.Tensor], classes: int, shape: Shape, **options: object
    ) -> None:
        """loss: called with (2P, D) unit vectors, (2P,) labels, and the options."""
        super().__init__()
        # An option that the loss does not know is refused now, not at the first batch.
        inspect.signature(loss).bind(None, None, **options)
        self._loss, self._options = loss, options

    def forward(self, batch: BatchOutput) -> torch.Tensor:
        """The loss of a batch, a scalar."""
        # Half precision cannot tell the distances of near neighbours apart.
        with torch.autocast(batch.embeddings.device.type, enabled=False):
            return self._loss(unit_vectors(batch.embeddings), batch.both_labels, **self._options)
