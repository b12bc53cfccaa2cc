"""The exemplars of the live model, as this process holds them: read once, then followed."""

import time
from dataclasses import dataclass, field

import numpy as np

from retrieval.index.exemplars import Exemplar as Held
from retrieval.index.exemplars import Exemplars
from webapp.registry.models import ModelVersion
from webapp.search.exemplars import exemplars_after, exemplars_number, exemplars_there
from webapp.search.models import Exemplar

_COUNTED_EVERY = 30.0  # seconds
_AT_ONCE = 4096


@dataclass
class Known:
    """number: of the newest change that was read. counted: when it was last seen whether rows are gone."""

    model_id: int
    exemplars: Exemplars
    number: int = 0
    counted: float = field(default_factory=time.monotonic)

    @classmethod
    def nothing(cls, model: ModelVersion) -> "Known":
        return cls(model.pk, Exemplars(model.width))

    def follow(self) -> Exemplars:
        """The exemplars with every change that was committed so far. Costs two short questions."""
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
            told = [Held(query, item, trust, shared) for _, _, query, item, trust, shared, *_ in kept]
            self.exemplars.put([row[0] for row in kept], told, vectors.reshape(len(kept), -1))
        if rows:
            self.number = max(self.number, rows[-1][1])

    def _forget_deleted(self) -> None:
        """Drop those whose rows are gone with their query or item, which tells nobody. Looked for now and
        then: what search uses of them it looks up itself.
        """
        if time.monotonic() - self.counted < _COUNTED_EVERY:
            return
        self.counted = time.monotonic()
        held = self.exemplars.ids()
        if Exemplar.objects.filter(trust__gt=0, number__lte=self.number).count() >= len(held):
            return
        for start in range(0, len(held), _AT_ONCE):
            some = held[start : start + _AT_ONCE]
            self.exemplars.drop(set(some) - exemplars_there(some))
