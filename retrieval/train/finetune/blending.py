"""How far to go from the old weights to the tuned ones, and how sure the new model may be."""

import dataclasses
import logging

import torch

from retrieval.embed.memory import Memory
from retrieval.models import Net, Weights
from retrieval.train.data.validation_set import ValidationSet
from retrieval.train.finetune.drawn_validation import drawn_ranks
from retrieval.train.finetune.finetuning import FineTuning
from retrieval.train.finetune.validation import SideScore, ValidationSide

log = logging.getLogger(__name__)
_BLENDS = (0.25, 0.5, 0.75, 1.0)
_MOST_LOSS_DRAWN = 0.01


def best_blend(
    tuning: FineTuning, validation: ValidationSide, *, name: str, drawn: ValidationSet | None = None
) -> Weights:
    """The weights between the old ones and the tuned ones that do best on the validation side, calibrated.

    Weights between two networks of one run often do better than either, and forget less (arXiv 2109.01903).
    Those that lose over 0.01 of MRR@5 on the drawn characters come into question only where all do.

    tuning: finished.
    validation: the validation side.
    name: of the new model.
    drawn: drawn characters; None where nothing is to be scored by them.
    """
    base = tuning.base
    before = validation.score(base.net, memory_of(base)).mrr
    drawn_before = _drawn_mrr(base, drawn)
    tried = [_tried(tuning, validation, share, drawn) for share in _BLENDS]
    best = _best([one for one in tried if not one.forgets(drawn_before)] or tried[:1], before is not None)
    old = base.calibration.get("confidence")
    fitted = validation.calibration(best.weights.net, memory_of(best.weights), old)
    calibration = {**base.calibration, **({"confidence": fitted["confidence"]} if fitted else {})}
    record = tuning.record | {
        "base": {"name": base.name, "fingerprint": base.fingerprint},
        "blend": best.share,
        "validation": {
            "queries": len(validation),
            "mrr5 before": _rounded(before),
            "mrr5": _rounded(best.score.mrr),
            "calibration error, first": fitted["error"] if fitted else None,
            "near the old network": _rounded(best.score.kept),
        },
    }
    if drawn is not None:
        queries = sum(len(kind.codepoints) for kind in drawn.kinds.values())
        scores = {"mrr5 before": _rounded(drawn_before), "mrr5": _rounded(best.drawn)}
        record["drawn"] = {"queries": queries, **scores}
    log.info(
        "the best is %d %% of the way: %s, drawn %s",
        100 * best.share, record["validation"], record.get("drawn"),
    )  # fmt: skip
    return dataclasses.replace(best.weights, name=name, calibration=calibration, record=record)


@dataclasses.dataclass(frozen=True)
class _Tried:
    """Weights so far on the way, and how they do. drawn: MRR@5 on drawn characters, None without."""

    share: float
    weights: Weights
    score: SideScore
    drawn: float | None

    def forgets(self, before: float | None) -> bool:
        """Whether they lose too much on the drawn characters."""
        return before is not None and self.drawn is not None and self.drawn < before - _MOST_LOSS_DRAWN


def _tried(
    tuning: FineTuning, validation: ValidationSide, share: float, drawn: ValidationSet | None
) -> _Tried:
    directions = tuning.directions
    weights = dataclasses.replace(
        tuning.base,
        net=blended(tuning.base.net, tuning.loop.average, share),
        characters=directions.characters,
        codepoints=directions.codepoints,
        fingerprint="",
    )
    score = validation.score(weights.net, memory_of(weights))
    return _Tried(share, weights, score, _drawn_mrr(weights, drawn))


def _best(tried: list[_Tried], scored: bool) -> _Tried:
    """By the validation side, the nearer to the old weights where two do as well; halfway without any."""
    if not scored:
        return min(tried, key=lambda one: abs(one.share - 0.5))
    return max(tried, key=lambda one: (round(one.score.mrr or 0.0, 4), -one.share))


def _drawn_mrr(weights: Weights, drawn: ValidationSet | None) -> float | None:
    return None if drawn is None else float(drawn_ranks(weights, drawn).mean())


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 4)


def blended(old: Net, new: Net, share: float) -> Net:
    """The network that lies so far on the way from the old one to the new one, on the CPU.

    share: of the way, in [0, 1].
    """
    net = Net(old.shape).eval()
    one, other = old.state_dict(), new.state_dict()
    net.load_state_dict(
        {
            key: torch.lerp(one[key].cpu(), value.cpu(), share) if value.is_floating_point() else value.cpu()
            for key, value in other.items()
        }
    )
    return net


def memory_of(weights: Weights) -> Memory | None:
    """The memory of the characters that the weights know, where they use one."""
    strength = weights.calibration.get("memory")
    return Memory(weights.characters, *strength) if strength and weights.characters is not None else None
