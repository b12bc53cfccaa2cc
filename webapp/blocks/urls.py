"""Pages of this room, and what their scripts ask for."""

from django.urls import path

from webapp.blocks import views
from webapp.blocks.faces import views as face_views

app_name = "blocks"
_FACE = "blocks/scans/<int:pk>/<str:layer>/"

urlpatterns = [
    path("blocks/", views.block_list, name="list"),
    path("blocks/new/", views.new, name="new"),
    path("blocks/<int:pk>/", views.detail, name="detail"),
    path("blocks/<int:pk>/update/", views.update, name="update"),
    path("blocks/<int:pk>/delete/", views.delete, name="delete"),
    path("blocks/<int:pk>/restore/", views.restore, name="restore"),
    path("blocks/<int:pk>/scans/", views.scans, name="scans"),
    path("blocks/<int:pk>/items/", views.items, name="items"),
    path("blocks/places/<int:pk>/delete/", views.take_out, name="take_out"),
    path("blocks/scans/<int:pk>/download/", views.download, name="download"),
    path("blocks/scans/<int:pk>/delete/", views.scan_delete, name="scan_delete"),
    path("blocks/scans/<int:pk>/again/", views.again, name="again"),
    path("blocks/scans/<int:pk>/flip/", views.flip, name="flip"),
    path("blocks/scans/<int:pk>/characters/", views.characters, name="characters"),
    path("blocks/scans/<int:pk>/items.csv", views.table, name="table"),
    path(_FACE, face_views.face, name="scan"),
    path(f"{_FACE}boxes/", face_views.boxes, name="boxes"),
    path(f"{_FACE}changes/", face_views.changes, name="changes"),
    path(f"{_FACE}deleted/", face_views.deleted, name="deleted"),
    path(f"{_FACE}edits/", face_views.edit, name="edit"),
    path(f"{_FACE}undo/", face_views.undo, name="undo"),
    path(f"{_FACE}redo/", face_views.redo, name="redo"),
    path(f"{_FACE}snap/", face_views.snap, name="snap"),
    path(f"{_FACE}locate/", face_views.locate, name="locate"),
    path(f"{_FACE}turn/", face_views.turn, name="turn"),
    path(
        "blocks/scans/<int:pk>/tiles/<str:version>/<str:layer>/<int:level>/<int:column>_<int:row>.jpg",
        face_views.tile,
        name="tile",
    ),
    path("blocks/scans/<int:pk>/files/<str:version>/<str:name>", face_views.file, name="file"),
]
