"""Pages and their blocks as programs get them."""

from rest_framework import serializers

from webapp.printed.models import PageMatch, PageSearch
from webapp.printed.pictures import picture_url, pictures_there


class MatchSerializer(serializers.ModelSerializer):
    """A face that a page was laid over.

    pairs: [[box, item, whether it is an inlier]], all that lie over each other. picture: of the block's print
    as it lies on the page, beside one of the page in the same size; null until they are made.
    """

    block = serializers.IntegerField(source="scan.block_id", read_only=True)
    block_name = serializers.CharField(source="scan.block.name", read_only=True)
    decided_by = serializers.SlugRelatedField("username", read_only=True)
    answers = serializers.SerializerMethodField()
    picture = serializers.SerializerMethodField()

    class Meta:
        model = PageMatch
        fields = (
            "id",
            "page",
            "block",
            "block_name",
            "scan",
            "part",
            "rank",
            "inliers",
            "residual_mm",
            "p",
            "overlap",
            "uneven_mm",
            "believed",
            "state",
            "decided_by",
            "decided_at",
            "answers",
            "picture",
            "pairs",
        )
        read_only_fields = fields

    def get_answers(self, match: PageMatch) -> int | None:
        """How many answers confirming it gave; null while it is not confirmed."""
        return match.bulk.written if match.bulk else None

    def get_picture(self, match: PageMatch) -> str | None:
        """Its address."""
        return picture_url(match, "block") if pictures_there(match) else None


class PageBlocksSerializer(serializers.Serializer):
    """How far the search for a page's blocks is ("none" where nobody looked), and what it found."""

    state = serializers.ChoiceField(choices=["none", *PageSearch.State.values], read_only=True)
    faces = serializers.IntegerField(read_only=True)
    code = serializers.CharField(read_only=True)
    error = serializers.CharField(read_only=True)
    matches = MatchSerializer(many=True, read_only=True)


class ConfirmSerializer(serializers.Serializer):
    """key: of this action, made by whoever asks; sent again, nothing is done twice."""

    key = serializers.UUIDField()


class TableRowSerializer(serializers.Serializer):
    """A page, and a face that printed it; the block is null where none did."""

    page = serializers.IntegerField(source="page.pk", read_only=True)
    name = serializers.CharField(source="page.name", read_only=True)
    searched = serializers.BooleanField(read_only=True)
    block = serializers.IntegerField(source="match.scan.block_id", read_only=True, default=None)
    match = serializers.IntegerField(source="match.pk", read_only=True, default=None)
    inliers = serializers.IntegerField(source="match.inliers", read_only=True, default=None)
    p = serializers.FloatField(source="match.p", read_only=True, default=None)
    residual_mm = serializers.FloatField(source="match.residual_mm", read_only=True, default=None)
    state = serializers.CharField(source="match.state", read_only=True, default=None)


class DocumentTableSerializer(serializers.Serializer):
    """All pages of a document against all blocks. idle: ids of blocks that printed none of them."""

    printed = serializers.IntegerField(read_only=True)
    lost = serializers.IntegerField(read_only=True)
    rows = TableRowSerializer(many=True, read_only=True)
    idle = serializers.SerializerMethodField()

    def get_idle(self, table) -> list[int]:
        """Their ids."""
        return [block.pk for block in table.idle]


class SearchedSerializer(serializers.Serializer):
    """Of how many pages the blocks are being looked for."""

    pages = serializers.IntegerField(read_only=True)
