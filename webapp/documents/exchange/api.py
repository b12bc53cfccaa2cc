"""The API's part of what comes onto a document's pages from elsewhere: boxes in files, and known text."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.core.serializers import RefusalSerializer, SentFilesSerializer
from webapp.documents.box_imports.services import MOST_PROBLEMS, box_import_add
from webapp.documents.models import BoxImport, Transcription
from webapp.documents.transcriptions.services import text_file, transcription_add
from webapp.pages.models import Document, Page
from webapp.pages.selectors import documents_for, may_edit


class BoxFilesSerializer(SentFilesSerializer):
    """Files of boxes. page: the only page that takes them; by default each page is found by its name.
    characters: whether they become proposals, or labels once the boxes are matched.
    """

    page = serializers.IntegerField(min_value=1, required=False)
    characters = serializers.ChoiceField(["proposals", "labels"], default="proposals")


class BoxProblemSerializer(serializers.Serializer):
    """What was left out."""

    where = serializers.CharField()
    code = serializers.CharField()
    problem = serializers.CharField()


class BoxImportSerializer(serializers.ModelSerializer):
    """Files of boxes, and what came of them. status: waiting, labelling (until the boxes are matched), ready
    or failed. total: boxes in the files, of which ``taken`` belong to pages that were gone through. added:
    boxes that were not there. proposed: that got a character. labelled, unlabelled: characters that became
    labels, and those that could not. problems: the first of ``problem_count``, each left out alone.
    """

    status = serializers.CharField(source="state", read_only=True)
    error = serializers.SerializerMethodField()
    problems = BoxProblemSerializer(many=True, read_only=True, help_text=f"At most {MOST_PROBLEMS}")

    class Meta:
        model = BoxImport
        fields = [
            "id",
            "document",
            "page",
            "labels",
            "status",
            "error",
            "total",
            "taken",
            "pages",
            "added",
            "proposed",
            "labelled",
            "unlabelled",
            "problem_count",
            "problems",
            "created",
        ]
        read_only_fields = fields

    @extend_schema_field(RefusalSerializer(allow_null=True))
    def get_error(self, upload: BoxImport) -> dict | None:
        """Why it failed."""
        return RefusalSerializer(upload).data if upload.error_code else None


class TextSerializer(serializers.Serializer):
    """A known text: as ``text``, or as a ``file`` of plain text, TEI or PAGE XML. page: the only one."""

    text = serializers.CharField(required=False, trim_whitespace=False)
    file = serializers.FileField(required=False, max_length=None)
    page = serializers.IntegerField(min_value=1, required=False)

    def validate(self, attrs: dict) -> dict:
        """One of the two."""
        if ("text" in attrs) == ("file" in attrs):
            raise serializers.ValidationError({"text": "send text, or a file"})
        return attrs


class TranscriptionSerializer(serializers.ModelSerializer):
    """A text laid along a document. status: waiting, ready or failed. boxes: of which ``agreed`` look like
    their characters. left: characters that have no box. pages: how it fits each; where not, nothing was
    proposed.
    """

    status = serializers.CharField(source="state", read_only=True)
    pages = serializers.ListField(child=serializers.DictField(), read_only=True)

    class Meta:
        model = Transcription
        fields = ["id", "document", "page", "name", "status", "boxes", "agreed", "left", "pages", "created"]
        read_only_fields = fields


class _Exchange(GenericAPIView):
    """One document of those that a person sees."""

    queryset = Document.objects.none()

    def document(self) -> Document:
        """The document asked for."""
        return get_object_or_404(documents_for(self.request.user), pk=self.kwargs["pk"])

    def edited(self) -> Document:
        """The document asked for, if the person may edit its boxes."""
        document = self.document()
        if not may_edit(document, self.request.user):
            raise PermissionDenied("The document's batch is assigned to others.")
        return document


class DocumentBoxes(_Exchange):
    """Boxes that were made elsewhere."""

    parser_classes = [MultiPartParser]
    serializer_class = BoxImportSerializer

    @extend_schema(responses=BoxImportSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The files of boxes that were imported, the newest first."""
        page = self.paginate_queryset(self.document().box_imports.order_by("-pk"))
        return self.get_paginated_response(BoxImportSerializer(page, many=True).data)

    @extend_schema(request={"multipart/form-data": BoxFilesSerializer}, responses={202: BoxImportSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Have boxes put onto the pages: ALTO, PAGE XML, hOCR, COCO, YOLO, labelme, VIA, IIIF or CSV.

        A box where one is already only gives it its character. Poll the import until its status is ready.
        """
        document = self.edited()
        wanted = BoxFilesSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        sent = wanted.validated_data
        made = box_import_add(
            document=document,
            page=_page(document, sent),
            person=request.user,
            files=zip(sent["names"], sent["files"], strict=True),
            labels=sent["characters"] == "labels",
        )
        return Response(BoxImportSerializer(made).data, status.HTTP_202_ACCEPTED)


class DocumentBoxImport(_Exchange):
    """One import of boxes."""

    serializer_class = BoxImportSerializer

    def get(self, request: Request, pk: int, upload: int) -> Response:
        """How far it is, and what came of it."""
        return Response(BoxImportSerializer(get_object_or_404(self.document().box_imports, pk=upload)).data)


class DocumentTexts(_Exchange):
    """Texts that are known."""

    parser_classes = [JSONParser, MultiPartParser]
    serializer_class = TranscriptionSerializer

    @extend_schema(responses=TranscriptionSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The texts that were laid along the document, the newest first."""
        page = self.paginate_queryset(self.document().transcriptions.order_by("-pk"))
        return self.get_paginated_response(TranscriptionSerializer(page, many=True).data)

    @extend_schema(request=TextSerializer, responses={201: TranscriptionSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Have a text laid along the boxes, each of which gets its character as a proposal."""
        document = self.edited()
        wanted = TextSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        sent = wanted.validated_data
        page = _page(document, sent)
        name, data = "", sent.get("text", "").encode()
        if "file" in sent:
            name, data = text_file((sent["file"].name, sent["file"]))
        made = transcription_add(document=document, page=page, person=request.user, data=data, name=name)
        return Response(TranscriptionSerializer(made).data, status.HTTP_201_CREATED)


class DocumentText(_Exchange):
    """One text that is known."""

    serializer_class = TranscriptionSerializer

    def get(self, request: Request, pk: int, text: int) -> Response:
        """How far it is, and how it fits."""
        found = get_object_or_404(self.document().transcriptions, pk=text)
        return Response(TranscriptionSerializer(found).data)


def _page(document: Document, sent: dict) -> Page | None:
    """The page that was named; None where none was."""
    return get_object_or_404(document.pages, pk=sent["page"]) if "page" in sent else None
