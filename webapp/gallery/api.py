"""The gallery's part of the API."""

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, status
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from common.file_types import Kind, listed
from webapp.core.permissions import CuratorOrReadOnly
from webapp.gallery.models import Import, Item
from webapp.gallery.selectors import STATES, items_found
from webapp.gallery.serializers import (
    ImportSerializer,
    ItemChangeSerializer,
    ItemSerializer,
    UploadedSerializer,
    UploadSerializer,
)
from webapp.gallery.services import (
    import_add_file,
    import_close,
    import_create,
    item_set_character,
    item_set_handedness,
    item_set_turn,
)

_FILTERS = [
    OpenApiParameter("character", str, description="Exactly this character"),
    OpenApiParameter("codepoint", str, description="Exactly this character: U+845B or U+845B U+E0100"),
    OpenApiParameter("state", str, enum=STATES),
    OpenApiParameter(
        "search",
        str,
        description="A character, a codepoint, a reading, radical and strokes (r85+3), components (氵 每), "
        "or part of a name",
    ),
]


@extend_schema_view(get=extend_schema(parameters=_FILTERS))
class ItemList(generics.ListAPIView):
    """The gallery. Everybody reads it; curators add to it."""

    serializer_class = ItemSerializer
    permission_classes = [*generics.ListAPIView.permission_classes, CuratorOrReadOnly]
    parser_classes = [MultiPartParser]

    def get_queryset(self):
        words = ("character", "codepoint", "state", "search")
        return items_found(**{word: self.request.query_params.get(word, "") for word in words})

    @extend_schema(
        description=f"Upload meshes, or zips of them: {listed(Kind.MESH)}, as `files`, repeated.",
        request=UploadSerializer,
        responses={201: UploadedSerializer},
    )
    def post(self, request: Request) -> Response:
        """Upload meshes, or zips of them."""
        wanted = UploadSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        files, names = wanted.validated_data["files"], wanted.validated_data["names"]
        upload = import_create(owner=request.user, name=wanted.validated_data.get("name") or names[0])
        found = [
            import_add_file(upload=upload, name=name, stream=file)
            for name, file in zip(names, files, strict=True)
        ]
        import_close(upload=upload)
        items = list({one.pk: one for one in found if isinstance(one, Item)}.values())
        return Response(UploadedSerializer({"upload": upload, "items": items}).data, status.HTTP_201_CREATED)


class ItemDetail(generics.RetrieveAPIView):
    """One item. Everybody reads it; curators say how it lies, and which character it is."""

    queryset = Item.objects.all()
    serializer_class = ItemSerializer
    permission_classes = [*generics.RetrieveAPIView.permission_classes, CuratorOrReadOnly]
    parser_classes = [JSONParser]

    @extend_schema(request=ItemChangeSerializer, responses=ItemSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Say how the scan lies, which way up it is, or which character it is."""
        item = self.get_object()
        wanted = ItemChangeSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        changes = wanted.validated_data
        if "character" in changes:
            item = item_set_character(item=item, character=changes["character"], user=request.user)
        if "handedness" in changes:
            item = item_set_handedness(item=item, handedness=changes["handedness"], user=request.user)
        if "turn" in changes:
            item = item_set_turn(item=item, turn=changes["turn"], user=request.user)
        return Response(ItemSerializer(item).data)


class ImportDetail(generics.RetrieveAPIView):
    """How far an upload of meshes is, and what was left out of it."""

    queryset = Import.objects.prefetch_related("left_out__archive", "archives")
    serializer_class = ImportSerializer
    permission_classes = [*generics.RetrieveAPIView.permission_classes, CuratorOrReadOnly]
