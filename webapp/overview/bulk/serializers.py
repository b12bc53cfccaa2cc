"""What the page of bulk answers sends."""

from collections.abc import Mapping
from typing import ClassVar

from rest_framework import serializers

from webapp.review.bulk.services import MOST_AT_ONCE

_KEY_REFUSALS = {"key": "bad_client_key", "key:type": "bad_client_key"}


def _id() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=2**63 - 1)


class ConfirmGroupSerializer(serializers.Serializer):
    """A group to be answered. key: a UUID of this action. right: pairs of a query and its first suggestion as
    it was shown. wrong: queries that were picked out.
    """

    refusals: ClassVar[Mapping[str, str]] = _KEY_REFUSALS

    key = serializers.UUIDField()
    item = _id()
    right = serializers.ListField(
        child=serializers.ListField(child=_id(), min_length=2, max_length=2), max_length=MOST_AT_ONCE
    )
    wrong = serializers.ListField(child=_id(), max_length=MOST_AT_ONCE)


class AcceptSerializer(serializers.Serializer):
    """The queries to be answered with their first suggestion. threshold: least confidence, in [0, 1].

    newest: id of the newest suggestion when the person looked. by_text: only where the suggestion's character
    is the one proposed for the box; the threshold is then the proposal's.
    """

    refusals: ClassVar[Mapping[str, str]] = {
        **_KEY_REFUSALS,
        "threshold": "bad_threshold",
        "threshold:type": "bad_threshold",
    }

    key = serializers.UUIDField()
    threshold = serializers.FloatField(min_value=0.0, max_value=1.0)
    newest = _id()
    by_text = serializers.BooleanField(default=False)
