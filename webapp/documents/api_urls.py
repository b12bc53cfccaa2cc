"""This room's part of the API."""

from django.urls import path

from webapp.documents import api, exchange_api

urlpatterns = [
    path("documents/", api.DocumentList.as_view(), name="api-documents"),
    path("documents/<int:pk>/", api.DocumentDetail.as_view(), name="api-document"),
    path("documents/<int:pk>/files/", api.DocumentFiles.as_view(), name="api-document-files"),
    path("documents/<int:pk>/pages/", api.DocumentPages.as_view(), name="api-document-pages"),
    path("documents/<int:pk>/order/", api.DocumentOrder.as_view(), name="api-document-order"),
    path("documents/<int:pk>/boxes/", exchange_api.DocumentBoxes.as_view(), name="api-document-boxes"),
    path("documents/<int:pk>/texts/", exchange_api.DocumentTexts.as_view(), name="api-document-texts"),
    path(
        "documents/<int:pk>/texts/<int:text>/",
        exchange_api.DocumentText.as_view(),
        name="api-document-text",
    ),
    path("pages/<int:pk>/", api.PageDetail.as_view(), name="api-page"),
    path("pages/<int:pk>/boxes/", api.PageBoxes.as_view(), name="api-page-boxes"),
    path("pages/<int:pk>/locate/", api.PageLocate.as_view(), name="api-page-locate"),
    path("pages/<int:pk>/turn/", api.PageTurn.as_view(), name="api-page-turn"),
    path("pages/<int:pk>/edits/", api.PageEdits.as_view(), name="api-page-edits"),
]
