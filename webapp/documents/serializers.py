"""How the API shows and takes documents."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from webapp.core.serializers import SentFilesSerializer
from webapp.documents.progress import DocumentProgress, document_progress
from webapp.pages.models import Document

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
