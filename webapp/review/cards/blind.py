"""The blind slice: cards on which the order is shuffled, and nobody is told how sure the search was.

Which cards are blind is decided by a hash of the query and the annotator under the installation's secret:
it is the same whenever the card is shown, and nobody can tell beforehand.
"""

import hashlib
import hmac
from collections.abc import Sequence
from random import Random
from typing import TypeVar

from django.conf import settings

Shown = TypeVar("Shown")


def is_blind(query_id: int, annotator_id: int, share: int) -> bool:
    """Whether this annotator sees this query blind. share: per cent of the cards, 0 to 100."""
    return _number(query_id, annotator_id) % 10_000 < share * 100


def shuffled(query_id: int, annotator_id: int, rows: Sequence[Shown]) -> list[Shown]:
    """``rows`` in the order in which a blind card shows them, the same each time."""
    order = list(rows)
    # An order for the eye, not a secret. The hash's other digits, so that it does not follow from the draw.
    Random(_number(query_id, annotator_id) // 10_000).shuffle(order)  # noqa: S311
    return order


def _number(query_id: int, annotator_id: int) -> int:
    message = f"blind:{query_id}:{annotator_id}".encode()
    return int.from_bytes(hmac.digest(settings.SECRET_KEY.encode(), message, hashlib.sha256)[:16], "big")
