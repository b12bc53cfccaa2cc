"""This room's part of the API."""

from django.urls import path

from webapp.documents import api
from webapp.documents.exchange import api as exchange_api
from webapp.documents.page_view import api as page_api

urlpatterns = [
    path("documents/", api.DocumentList.as_view(), name="api-documents"),
    path("documents/manifests/", api.DocumentManifests.as_view(), name="api-document-manifests"),
    path("documents/<int:pk>/", api.DocumentDetail.as_view(), name="api-document"),
    path("documents/<int:pk>/files/", api.DocumentFiles.as_view(), name="api-document-files"),
    path("documents/<int:pk>/pages/", api.DocumentPages.as_view(), name="api-document-pages"),
    path("documents/<int:pk>/order/", api.DocumentOrder.as_view(), name="api-document-order"),
    path("documents/<int:pk>/boxes/", exchange_api.DocumentBoxes.as_view(), name="api-document-boxes"),
    path(
        "documents/<int:pk>/boxes/<int:upload>/",
        exchange_api.DocumentBoxImport.as_view(),
        name="api-document-box-import",
    ),
    path("documents/<int:pk>/texts/", exchange_api.DocumentTexts.as_view(), name="api-document-texts"),
    path(
        "documents/<int:pk>/texts/<int:text>/",
        exchange_api.DocumentText.as_view(),
        name="api-document-text",
    ),
    path("pages/<int:pk>/", page_api.PageDetail.as_view(), name="api-page"),
    path("pages/<int:pk>/boxes/", page_api.PageBoxes.as_view(), name="api-page-boxes"),
    path("pages/<int:pk>/locate/", page_api.PageLocate.as_view(), name="api-page-locate"),
    path("pages/<int:pk>/turn/", page_api.PageTurn.as_view(), name="api-page-turn"),
    path("pages/<int:pk>/changes/", page_api.PageChanges.as_view(), name="api-page-changes"),
    path("pages/<int:pk>/undo/", page_api.PageUndo.as_view(), name="api-page-undo"),
    path("pages/<int:pk>/redo/", page_api.PageRedo.as_view(), name="api-page-redo"),
    path("pages/<int:pk>/snap/", page_api.PageSnap.as_view(), name="api-page-snap"),
    path("pages/<int:pk>/edits/", page_api.PageEdits.as_view(), name="api-page-edits"),
]
