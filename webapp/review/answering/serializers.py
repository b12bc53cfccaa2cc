"""How the API shows queries with what was found and said of them, and takes answers."""

import dataclasses
import json
from collections.abc import Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from webapp.batches.models import Query
from webapp.batches.pictures import picture_url as query_picture
from webapp.core.characters import character_of, character_typed
from webapp.core.errors import Refused
from webapp.core.serializers import RefusalField
from webapp.gallery.models import Item
from webapp.gallery.pictures import picture_url as item_picture
from webapp.review.answer import COLUMNS, MOST_COMMENT, MOST_SHOWN, Answer, Match
from webapp.review.answering.selectors import decision_for
from webapp.review.answering.services import decision_record, decision_withdraw
from webapp.review.models import Decision, FurtherMatch
from webapp.search.fits import PERSON, Fit
from webapp.search.models import Suggestion


class SuggestedItemSerializer(serializers.ModelSerializer):
    """An item, as far as it must be known to choose it."""

    codepoint = serializers.CharField(read_only=True)
    thumbnail = serializers.SerializerMethodField()

    class Meta:
        model = Item
        fields = ["id", "name", "codepoint", "character", "thumbnail"]

    def get_thumbnail(self, item: Item) -> str | None:
        return item_picture(item, "thumbnail")


class FitSerializer(serializers.Serializer):
    """Where a block lies on a picture.

    transform: six numbers a, b, c, d, e, f: the (x, y) of the block's height map lies on the picture's
    (a x + b y + c, d x + e y + f), each frame being the whole of its picture, x to the right and y down, from
    -1 to 1. agreement: correlation of the inks, -1 to 1. residual: mean difference of the inks, 0 to 1. by:
    "worker", or "person" who moved it.
    """

    transform = serializers.ListField(child=serializers.FloatField(), min_length=6, max_length=6)
    agreement = serializers.FloatField(required=False, allow_null=True, min_value=-1, max_value=1)
    residual = serializers.FloatField(required=False, allow_null=True, min_value=0, max_value=1)
    by = serializers.CharField(read_only=True)


class SuggestionSerializer(serializers.ModelSerializer):
    """One of the five most similar items.

    rank: 1 is best. distance: cosine distance, 0 to 2. confidence: calibrated probability that it is a
    match. mirrored: which reading of the item was found. release: what made the suggestion. fit: where the
    item lies on the picture; null where nothing was laid over it. proposed: how it seems to be related to the
    print, empty where nobody looked; proposed_probability: how probable that is.
    """

    item = SuggestedItemSerializer(read_only=True)
    fit = FitSerializer(source="laid", read_only=True, allow_null=True)

    class Meta:
        model = Suggestion
        fields = [
            "rank",
            "item",
            "distance",
            "confidence",
            "mirrored",
            "release",
            "fit",
            "proposed",
            "proposed_probability",
        ]


class ReasonSerializer(serializers.Serializer):
    """Why an item fits what was searched for.

    kind: "character" exactly, "description" by components, "reading", "radical", "component", "about" (a
    reading but for its diacritics) or "name". language and text: of the reading.
    """

    kind = serializers.CharField()
    language = serializers.CharField()
    text = serializers.CharField()


class CandidateSerializer(serializers.Serializer):
    """An item that may be the match, and its cosine distance; null where it was not compared.

    reason: why it fits; null where nothing was searched for.
    """

    item = SuggestedItemSerializer()
    distance = serializers.FloatField(allow_null=True)
    reason = ReasonSerializer(allow_null=True)


class CandidateFilterSerializer(serializers.Serializer):
    """What to look for in the gallery, one way at most; without any, all of it. Nothing is normalised."""

    character = serializers.CharField(
        required=False, trim_whitespace=False, help_text="Exactly this character, as it is written"
    )
    codepoint = serializers.CharField(
        required=False, help_text="Exactly this character: U+845B or U+845B U+E0100"
    )
    search = serializers.CharField(
        required=False,
        help_text="A character, a codepoint, a reading, radical and strokes (r85+3, 水 3), components "
        "(氵 每, ⿰氵每), or part of a name",
    )
    like = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        help_text="The most alike to this item, in the query's stead",
    )

    def validate_character(self, value: str) -> str:
        return character_typed(value)

    def validate_codepoint(self, value: str) -> str:
        try:
            return character_of(value)
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from None

    def validate(self, attrs: dict) -> dict:
        """``codepoint`` is another way to say ``character``."""
        ways = {"character", "codepoint", "search"} & self.initial_data.keys()
        if len(ways) > 1 or ways - attrs.keys():
            raise serializers.ValidationError("send one of character, codepoint and search")
        if "codepoint" in attrs:
            attrs["character"] = attrs.pop("codepoint")
        return attrs


class FurtherMatchSerializer(serializers.Serializer):
    """One more item that the query matches."""

    item = serializers.PrimaryKeyRelatedField(queryset=Item.objects.all())
    relation = serializers.ChoiceField(
        choices=Decision.Relation.choices, required=False, allow_blank=True, default=""
    )
    fit = FitSerializer(required=False, allow_null=True)

    def to_representation(self, instance: FurtherMatch) -> dict[str, Any]:
        """As the item's height map is kept now."""
        laid = instance.laid and FitSerializer(instance.laid).data
        return super().to_representation(instance) | {"fit": laid}


class DecisionSerializer(serializers.ModelSerializer):
    """What one annotator said of one query. The last one counts; "withdrawn" takes the one before back.

    also: further matches. shown: ids of the suggested items in the order shown; null where that is unknown.
    settles: a reviewer's own word, which counts through its ruling. proposed: the relation that the card
    proposed for the item; empty where it proposed none.
    """

    fit = FitSerializer(source="laid", read_only=True, allow_null=True)
    annotator = serializers.CharField(source="annotator.username", read_only=True)
    also = FurtherMatchSerializer(many=True, read_only=True)
    shown = serializers.ListField(child=serializers.IntegerField(), read_only=True, allow_null=True)

    class Meta:
        model = Decision
        fields = ["id", "query", "annotator", *COLUMNS, "proposed", "also", "settles", "release", "created"]


class AnswerFields(serializers.Serializer):
    """The fields of an answer, as annotators and reviewers send them, by page and by program."""

    refusals: ClassVar[Mapping[str, str]] = {
        "verdict": "bad_verdict",
        "item": "item_gone",
        "item:type": "item_gone",
        "relation": "bad_relation",
        "reason": "bad_reason",
        "comment": "bad_comment",
        "also": "bad_also",
        "also.item": "bad_also",
        "also.item:does_not_exist": "item_gone",
        "also.item:type": "item_gone",
        "also.relation": "bad_relation",
        "also.fit": "bad_fit",
        "fit": "bad_fit",
        "shown:max_length": "bad_shown",
        "client_key": "bad_client_key",
    }

    verdict = serializers.ChoiceField(choices=Decision.Verdict.choices)
    item = serializers.PrimaryKeyRelatedField(queryset=Item.objects.all(), required=False, allow_null=True)
    relation = serializers.ChoiceField(choices=Decision.Relation.choices, required=False, allow_blank=True)
    also = FurtherMatchSerializer(many=True, required=False, allow_null=True)
    reason = serializers.ChoiceField(choices=Decision.Reason.choices, required=False, allow_blank=True)
    comment = serializers.CharField(required=False, allow_blank=True, max_length=MOST_COMMENT)
    fit = FitSerializer(required=False, allow_null=True)

    def validate_also(self, value: list[dict] | None) -> list[dict]:
        """The list may be null, its rows may not: DRF lets both through."""
        if None in (value or ()):
            raise serializers.ValidationError("a further match names its item")
        return value or []

    def answer(self) -> Answer:
        """What was sent, as ``decision_record`` takes it."""
        sent = {
            field.name: self.validated_data[field.name]
            for field in dataclasses.fields(Answer)
            if field.name in self.validated_data
        }
        sent["fit"] = _moved(sent.get("fit"))
        sent["also"] = tuple(
            Match(row["item"], row["relation"], _moved(row.get("fit"))) for row in sent.get("also", ())
        )
        return Answer(**sent)


def moved_fit(sent: str) -> Fit:
    """A place on the picture in the field of a form, JSON of ``FitSerializer``. Raises Refused."""
    try:
        read = FitSerializer(data=json.loads(sent))
    except ValueError:
        read = FitSerializer(data=None)
    if not read.is_valid():
        raise Refused("the place on the picture cannot be used", code="bad_fit")
    return Fit.of({**read.validated_data, "by": PERSON})


def _moved(fit: dict[str, Any] | None) -> Fit | None:
    """A place on the picture as a person sends it."""
    return fit and Fit.of({**fit, "by": PERSON})


class AnswerSerializer(AnswerFields):
    """An answer to be written down.

    item: the match, any ready item of the gallery; with the verdict match, and only with it. relation: of a
    match. also: further matches. reason: of none. flag: asks a reviewer to look. shown: ids of the suggested
    items in the order shown. version: of the card answered; another one by now is refused with 409
    ``card_changed``. client_key: a UUID made by the sender, so that an answer sent twice counts once. fit:
    where the match lies on the picture, if that was mended; else it is where the search laid it.
    """

    flag = serializers.BooleanField(required=False, default=False)
    shown = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        max_length=MOST_SHOWN,
        required=False,
        allow_null=True,
    )
    version = serializers.CharField(required=False, allow_blank=True, max_length=64)
    client_key = serializers.UUIDField(required=False, allow_null=True)

    def create(self, sent: dict[str, Any]) -> Decision:
        """Write the answer down, or take the one before back. See ``decision_record`` for what it raises."""
        given = {"query": sent["query"], "annotator": sent["annotator"], "client_key": sent.get("client_key")}
        if sent["verdict"] == Decision.Verdict.WITHDRAWN:
            return decision_withdraw(**given)
        return decision_record(**given, answer=self.answer(), version=sent.get("version", ""))


class PageAnswerSerializer(AnswerSerializer):
    """An answer of the review page, which may be sent twice: it has a key."""

    client_key = serializers.UUIDField()


class QuerySerializer(serializers.ModelSerializer):
    """One 2D character image, its suggestions, and what the person who asks last said of it."""

    status = serializers.ChoiceField(choices=Query.State.choices, source="state", read_only=True)
    image = serializers.SerializerMethodField()
    error = RefusalField()
    second_stage = serializers.SerializerMethodField(
        help_text='"done", or why no near-ties were laid over the picture; null where nobody tried'
    )
    suggestions = SuggestionSerializer(many=True, read_only=True)
    decision = serializers.SerializerMethodField()

    class Meta:
        model = Query
        fields = [
            "id",
            "batch",
            "name",
            "sha256",
            "status",
            "width",
            "height",
            "image",
            "error",
            "answered",
            "second_stage",
            "suggestions",
            "decision",
            "created",
        ]

    def get_second_stage(self, query: Query) -> str | None:
        return query.second_stage.outcome if hasattr(query, "second_stage") else None

    def get_image(self, query: Query) -> str | None:
        return query_picture(query)

    @extend_schema_field(DecisionSerializer(allow_null=True))
    def get_decision(self, query: Query) -> dict | None:
        decision = decision_for(query, self.context["request"].user)
        return DecisionSerializer(decision).data if decision else None


class QueryFilterSerializer(serializers.Serializer):
    """Which queries are asked for."""

    batch = serializers.IntegerField(required=False, min_value=1, help_text="Those of this batch")
    status = serializers.ChoiceField(choices=Query.State.choices, required=False)
    answered = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Those that anybody has answered, or nobody"
    )


class RemarkSerializer(serializers.Serializer):
    """A comment, or a flag that asks a reviewer to look, or both."""

    refusals: ClassVar[Mapping[str, str]] = {"text": "bad_comment"}

    text = serializers.CharField(required=False, default="", allow_blank=True, max_length=MOST_COMMENT)
    flag = serializers.BooleanField(required=False, default=False)
