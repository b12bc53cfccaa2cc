"""How the API shows and takes documents, pages and boxes."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from webapp.core.serializers import RefusalField, SentFilesSerializer
from webapp.documents.progress import DocumentProgress, document_progress
from webapp.pages.models import Box, Document, Page
from webapp.pages.states import STATES
from webapp.pages.tiles import thumbnail_address

DOCUMENT_STATES = ("unpacking", "working", "ready")


class DocumentSerializer(serializers.ModelSerializer):
    """A book's pages in order, and how far they are.

    batch: its batch, which has its characters as queries, its sharing and its exports. status: "unpacking"
    while a file of pages waits, "working" while pages or characters do, then "ready". fields: further texts
    by their names.
    """

    title = serializers.CharField(max_length=200, required=False)
    owner = serializers.CharField(source="batch.owner.username", read_only=True)
    shared = serializers.BooleanField(source="batch.shared", read_only=True)
    status = serializers.SerializerMethodField()
    pages = serializers.SerializerMethodField()
    pages_waiting = serializers.SerializerMethodField()
    characters = serializers.SerializerMethodField()
    matched = serializers.SerializerMethodField()
    answered = serializers.SerializerMethodField()
    fields = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False)

    class Meta:
        model = Document
        fields = [
            "id",
            "batch",
            "title",
            "owner",
            "shared",
            "source",
            "shelf_mark",
            "date",
            "rights",
            "note",
            "fields",
            "status",
            "pages",
            "pages_waiting",
            "characters",
            "matched",
            "answered",
            "created",
        ]
        read_only_fields = ["batch", "created"]

    def to_representation(self, document: Document) -> dict:
        by_document = self.context.get("progress", {})
        found = by_document.get(document.pk) or document_progress([document])[document.pk]
        self._progress: DocumentProgress = found
        return super().to_representation(document)

    @extend_schema_field(serializers.ChoiceField(choices=DOCUMENT_STATES))
    def get_status(self, document: Document) -> str:
        if self._progress.unpacking:
            return "unpacking"
        return "working" if self._progress.waiting or self._progress.unmatched else "ready"

    def get_pages(self, document: Document) -> int:
        return self._progress.pages

    def get_pages_waiting(self, document: Document) -> int:
        return self._progress.waiting

    def get_characters(self, document: Document) -> int:
        return self._progress.characters

    def get_matched(self, document: Document) -> int:
        return self._progress.matched

    def get_answered(self, document: Document) -> int:
        return self._progress.answered


class DocumentUploadSerializer(SentFilesSerializer):
    """A new document: page scans, PDFs, or zips of them."""

    title = serializers.CharField(required=False, allow_blank=True, max_length=200)
    shared = serializers.BooleanField(required=False, default=False)


class DocumentManifestSerializer(serializers.Serializer):
    """A new document of what lies elsewhere. address: of a IIIF Presentation manifest."""

    address = serializers.CharField(max_length=2000)
    title = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")
    shared = serializers.BooleanField(required=False, default=False)


class DocumentFilesSerializer(SentFilesSerializer):
    """Pages for a document that is there."""


class DocumentOrderSerializer(serializers.Serializer):
    """pages: ids of pages in their order; those that are not named come behind, as they were."""

    pages = serializers.ListField(
        child=serializers.IntegerField(min_value=1), allow_empty=False, max_length=100_000
    )


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
