"""How edits of boxes are sent, by pages and by programs."""

from rest_framework import serializers

from webapp.pages.boxes.geometry import Rect
from webapp.pages.boxes.operations import OPERATIONS, Operation
from webapp.pages.models import Box

MOST_OPERATIONS = 500
MOST_NAMED = 20_000
_NEEDS = {
    "move": ("box", "x", "y", "w", "h"),
    "add": ("x", "y", "w", "h"),
    "split": ("box|boxes",),
    "delete": ("boxes",),
    "restore": ("boxes",),
    "merge": ("boxes",),
    "order": ("boxes",),
    "not_character": ("boxes",),
    "kind": ("boxes", "kind"),
}


def _ids(**options) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.IntegerField(min_value=1), max_length=MOST_NAMED, required=False, **options
    )


class OperationSerializer(serializers.Serializer):
    """One operation. box or boxes: ids. after: the box that an added one follows; by default, and where null,
    the rule of reading order says. at: of "split", heights on the page; without any, the gap is found in the
    picture. column: of "order", where all of the boxes come to stand.
    """

    op = serializers.ChoiceField(list(OPERATIONS))
    box = serializers.IntegerField(min_value=1, required=False)
    boxes = _ids()
    x = serializers.FloatField(required=False)
    y = serializers.FloatField(required=False)
    w = serializers.FloatField(required=False)
    h = serializers.FloatField(required=False)
    after = serializers.IntegerField(min_value=1, required=False, allow_null=True)
    at = serializers.ListField(child=serializers.FloatField(), max_length=100, required=False)
    column = serializers.IntegerField(min_value=1, max_value=10_000, required=False, allow_null=True)
    value = serializers.BooleanField(required=False)
    kind = serializers.ChoiceField(Box.Kind.choices, required=False)

    def validate(self, attrs: dict) -> dict:
        """What the operation needs is there."""
        for names in _NEEDS[attrs["op"]]:
            if not any(name in attrs for name in names.split("|")):
                raise serializers.ValidationError({names.split("|")[0]: f"{attrs['op']} needs it"})
        return attrs


class EditSerializer(serializers.Serializer):
    """Operations on the boxes of a page, done all or none. version: of the page that was seen. key: made by
    whoever sends them, so that what is sent twice is done once.
    """

    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    key = serializers.UUIDField(required=False, allow_null=True)
    operations = OperationSerializer(many=True, allow_empty=False)

    def validate_operations(self, value: list[dict]) -> list[dict]:
        """Not too many at once."""
        if len(value) > MOST_OPERATIONS:
            raise serializers.ValidationError(f"at most {MOST_OPERATIONS} at once")
        return value


class UndoSerializer(serializers.Serializer):
    """edit: which edit to take back, or to do again; the last one where none is named. version: of the page
    that was seen, to insist where somebody else edited its boxes meanwhile.
    """

    edit = serializers.IntegerField(min_value=1, required=False, allow_null=True)
    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False)


class RegionSerializer(serializers.Serializer):
    """A part of a page; all of it where nothing is sent."""

    x = serializers.FloatField(required=False)
    y = serializers.FloatField(required=False)
    w = serializers.FloatField(required=False)
    h = serializers.FloatField(required=False)


class JobSerializer(serializers.Serializer):
    """Work that a worker does."""

    job = serializers.UUIDField()


class MendingSerializer(JobSerializer):
    """Work that a worker does as a part of one's own edit."""

    edit = serializers.IntegerField()


class SnapSerializer(serializers.Serializer):
    """Boxes that are to fit closely around their ink. key: as of an edit."""

    key = serializers.UUIDField(required=False, allow_null=True)
    boxes = serializers.ListField(child=serializers.IntegerField(min_value=1), max_length=MOST_NAMED)


class SinceSerializer(serializers.Serializer):
    """What somebody knows of a page. since: its version. seen: as ``changes`` gave it last, or empty."""

    since = serializers.IntegerField(min_value=0, max_value=2**31 - 1, default=0)
    seen = serializers.CharField(max_length=64, allow_blank=True, default="")


class TurnSerializer(serializers.Serializer):
    """turn: by how far the page is to be turned, clockwise in degrees."""

    refusals = {"turn": "bad_turn"}

    turn = serializers.IntegerField(min_value=0, max_value=270)

    def validate_turn(self, value: int) -> int:
        """A quarter turn."""
        if value % 90:
            raise serializers.ValidationError("0, 90, 180 or 270")
        return value


def operation_of(sent: dict) -> Operation:
    """An operation as it was sent and checked."""
    boxes = [sent["box"]] if "box" in sent else sent.get("boxes", [])
    return Operation(
        op=sent["op"],
        boxes=tuple(boxes),
        rect=rect_of_sent(sent),
        after=sent.get("after"),
        at=tuple(sent.get("at", ())),
        column=sent.get("column"),
        value=sent.get("value", True),
        kind=sent.get("kind", ""),
    )


def rect_of_sent(sent: dict) -> Rect | None:
    """The rectangle that was sent; None where a number of it is missing."""
    numbers = [sent.get(name) for name in ("x", "y", "w", "h")]
    return None if None in numbers else Rect(*numbers)
