"""This room's part of the API."""

from django.urls import path

from webapp.datasets import api

urlpatterns = [
    path("exports/", api.ExportList.as_view(), name="api-exports"),
    path("exports/<uuid:pk>/", api.ExportDetail.as_view(), name="api-export"),
    path("exports/<uuid:pk>/download/", api.ExportDownload.as_view(), name="api-export-download"),
]
