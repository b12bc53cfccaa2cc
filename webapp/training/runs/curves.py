"""The curves of a training run."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from webapp.core.pages.charts import LineChart, line_chart


def curves_of(points: Sequence[dict]) -> list[LineChart]:
    """Loss, MRR@5 on the validation side, likeness to the vectors of before. points: as a run has them."""
    return [
        curve("loss", _("Loss"), points),
        curve("mrr", _("MRR@5 on the validation set"), points),
        curve("kept", _("Similarity to the live model"), points),
    ]


def curve(key: str, title: str, points: Sequence[dict]) -> LineChart:
    """The line of the points that have a value of this key, over the run's share."""
    known = [(float(point["share"]), float(point[key])) for point in points if point.get(key) is not None]
    return line_chart(key, title, known)
