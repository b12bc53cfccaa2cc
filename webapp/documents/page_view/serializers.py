"""How the API shows and takes pages and their boxes."""

from rest_framework import serializers

from webapp.core.serializers import RefusalField
from webapp.pages.boxes.states import STATES
from webapp.pages.models import Box, Page
from webapp.pages.tiles import thumbnail_address


class PageNameSerializer(serializers.Serializer):
    """What may be changed of a page."""

    name = serializers.CharField(max_length=500)


class PageSerializer(serializers.ModelSerializer):
    """One scan. status: "waiting", "ready" or "rejected". turn: quarter turns that it was given, in degrees.
    finding: what the reading noticed: blank, no_text, too_many, overlapping, or nothing.
    """

    status = serializers.CharField(source="state", read_only=True)
    error = RefusalField()
    thumbnail = serializers.SerializerMethodField()

    class Meta:
        model = Page
        fields = [
            "id",
            "document",
            "name",
            "position",
            "status",
            "error",
            "width",
            "height",
            "turn",
            "turned_by",
            "angle",
            "version",
            "finding",
            "thumbnail",
            "created",
        ]

    def get_thumbnail(self, page: Page) -> str | None:
        return thumbnail_address(page)


class PageBoxSerializer(serializers.Serializer):
    """One character's place on a page, in pixels of the page as it is shown, and what is known of it.

    order: boxes are read by rising order. query: of the document's batch; null until it was cut out.
    """

    id = serializers.IntegerField()
    x = serializers.FloatField()
    y = serializers.FloatField()
    w = serializers.FloatField()
    h = serializers.FloatField()
    column = serializers.IntegerField()
    order = serializers.FloatField()
    kind = serializers.ChoiceField(Box.Kind.choices)
    source = serializers.ChoiceField(Box.Source.choices)
    score = serializers.FloatField(allow_null=True)
    state = serializers.ChoiceField(STATES)
    character = serializers.CharField(help_text="The label's; empty without one")
    proposal = serializers.CharField(help_text="What a text says that it is")
    suggested = serializers.CharField(help_text="The first suggestion's character")
    moved = serializers.BooleanField(help_text="Moved far since it was answered")
    query = serializers.IntegerField(allow_null=True)
    card = serializers.CharField(allow_null=True)


class PageBoxesSerializer(serializers.Serializer):
    """A page with its boxes. version: to be sent with edits. tiles: address of its deep-zoom tiles."""

    version = serializers.IntegerField()
    state = serializers.CharField()
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    angle = serializers.FloatField()
    turn = serializers.IntegerField()
    turned_by = serializers.CharField()
    finding = serializers.CharField()
    tiles = serializers.CharField()
    boxes = PageBoxSerializer(many=True)
    can_edit = serializers.BooleanField()


class EditedSerializer(serializers.Serializer):
    """What an edit changed."""

    version = serializers.IntegerField()
    boxes = PageBoxSerializer(many=True)
    removed = serializers.ListField(child=serializers.IntegerField())
    edit = serializers.IntegerField(allow_null=True)


class PageJobsSerializer(serializers.Serializer):
    """Work that is not done yet."""

    waiting = serializers.IntegerField()


class PageChangesSerializer(serializers.Serializer):
    """What happened to a page. boxes: those that changed. removed: ids of deleted ones. seen: to be sent with
    the next question.
    """

    version = serializers.IntegerField()
    state = serializers.CharField()
    boxes = PageBoxSerializer(many=True)
    removed = serializers.ListField(child=serializers.IntegerField())
    seen = serializers.CharField()
    jobs = PageJobsSerializer()
