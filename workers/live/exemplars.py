"""The exemplars of the live model in memory: read once, then brought up to date with each change."""

import time
from dataclasses import dataclass, field

import numpy as np

from retrieval import rank
from retrieval.rank import ExemplarStore
from webapp.registry.models import ModelVersion
from webapp.search.exemplars import exemplars_after, exemplars_number, exemplars_there
from webapp.search.models import Exemplar

_COUNTED_EVERY = 30.0  # seconds
_AT_ONCE = 4096


@dataclass
class ExemplarCache:
    """One model's exemplars, as far as they were read.

    number: of the newest change that was read. counted: when it was last checked whether rows are gone,
    in seconds of the monotonic clock.
    """

    model_id: int
    exemplars: ExemplarStore
    number: int = 0
    counted: float = field(default_factory=time.monotonic)

    @classmethod
    def empty(cls, model: ModelVersion) -> "ExemplarCache":
        """Of this model, with nothing read yet."""
        return cls(model.pk, ExemplarStore(model.width))

    def follow(self) -> ExemplarStore:
        """The exemplars with every change that was committed so far. Costs two short database queries."""
        exemplars_number()
        rows = exemplars_after(self.number).values_list(
            "pk", "number", "query", "item", "trust", "shared", "query__vector", "query__vector_model"
        )
        some: list[tuple] = []
        for row in rows.iterator(chunk_size=_AT_ONCE):
            some.append(row)
            if len(some) == _AT_ONCE:
                self._take(some)
                some = []
        self._take(some)
        self._forget_deleted()
        return self.exemplars

    def _take(self, rows: list[tuple]) -> None:
        """Rows of some changes: those of use are put in, the others dropped."""
        width = 4 * self.exemplars.width
        kept = [row for row in rows if row[4] > 0 and row[7] == self.model_id and len(row[6] or b"") == width]
        self.exemplars.drop({row[0] for row in rows} - {row[0] for row in kept})
        if kept:
            vectors = np.frombuffer(b"".join(bytes(row[6]) for row in kept), "<f4")
            exemplars = [rank.Exemplar(*row[2:6]) for row in kept]
            self.exemplars.put([row[0] for row in kept], exemplars, vectors.reshape(len(kept), -1))
        if rows:
            self.number = max(self.number, rows[-1][1])

    def _forget_deleted(self) -> None:
        """Drop those whose rows were deleted with their query or item, which is no change with a number.

        Checked only now and then: search looks up itself whether those that it uses still stand.
        """
        if time.monotonic() - self.counted < _COUNTED_EVERY:
            return
        self.counted = time.monotonic()
        ids = self.exemplars.ids()
        if Exemplar.objects.filter(trust__gt=0, number__lte=self.number).count() >= len(ids):
            return
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            self.exemplars.drop(set(some) - exemplars_there(some))
