"""This room's part of the API."""

from django.urls import path

from webapp.datasets import api, snapshot_api

urlpatterns = [
    path("exports/", api.ExportList.as_view(), name="api-exports"),
    path("exports/<uuid:pk>/", api.ExportDetail.as_view(), name="api-export"),
    path("exports/<uuid:pk>/download/", api.ExportDownload.as_view(), name="api-export-download"),
    path("snapshots/", snapshot_api.SnapshotList.as_view(), name="api-snapshots"),
    path("snapshots/<int:number>/", snapshot_api.SnapshotDetail.as_view(), name="api-snapshot"),
    path(
        "snapshots/<int:number>/difference/",
        snapshot_api.SnapshotDifference.as_view(),
        name="api-snapshot-difference",
    ),
]
