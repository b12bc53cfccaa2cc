"""This room's part of the API."""

from django.urls import path

from webapp.documents import api

urlpatterns = [
    path("documents/", api.DocumentList.as_view(), name="api-documents"),
    path("documents/<int:pk>/", api.DocumentDetail.as_view(), name="api-document"),
    path("documents/<int:pk>/files/", api.DocumentFiles.as_view(), name="api-document-files"),
    path("documents/<int:pk>/pages/", api.DocumentPages.as_view(), name="api-document-pages"),
    path("pages/<int:pk>/", api.PageDetail.as_view(), name="api-page"),
    path("pages/<int:pk>/boxes/", api.PageBoxes.as_view(), name="api-page-boxes"),
    path("pages/<int:pk>/edits/", api.PageEdits.as_view(), name="api-page-edits"),
]
