"""Pages of this room, and what their scripts ask for."""

from django.urls import path

from webapp.documents import views
from webapp.documents.page_view import box_views, picture_views, place_views
from webapp.documents.page_view import views as page_views

app_name = "documents"
urlpatterns = [
    path("documents/", views.document_list, name="list"),
    path("documents/new/", views.new, name="new"),
    path("documents/manifest/", views.manifest, name="manifest"),
    path("documents/<int:pk>/", views.detail, name="detail"),
    path("documents/<int:pk>/files/", views.files, name="files"),
    path("documents/<int:pk>/close/", views.close, name="close"),
    path("documents/<int:pk>/update/", views.update, name="update"),
    path("documents/<int:pk>/order/", views.order, name="order"),
    path("pages/<int:pk>/", page_views.page, name="page"),
    path("pages/<int:pk>/delete/", views.delete_page, name="delete-page"),
    path("queries/<int:pk>/place/", place_views.place, name="place"),
    path("pages/<int:pk>/boxes/", box_views.boxes, name="boxes"),
    path("pages/<int:pk>/changes/", box_views.changes, name="changes"),
    path("pages/<int:pk>/deleted/", box_views.deleted, name="deleted"),
    path("pages/<int:pk>/edits/", box_views.edit, name="edit"),
    path("pages/<int:pk>/undo/", box_views.undo, name="undo"),
    path("pages/<int:pk>/redo/", box_views.redo, name="redo"),
    path("pages/<int:pk>/snap/", box_views.snap, name="snap"),
    path("pages/<int:pk>/locate/", box_views.locate, name="locate"),
    path("pages/<int:pk>/turn/", box_views.turn, name="turn"),
    path(
        "pages/<int:pk>/tiles/<str:version>/<int:level>/<int:column>_<int:row>.jpg",
        picture_views.tile,
        name="tile",
    ),
    path("pages/<int:pk>/<str:version>/thumb.webp", picture_views.thumbnail, name="thumbnail"),
]
