"""This room's part of the API."""

from django.urls import path

from webapp.datasets import api, care_api, snapshot_api

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
    path("audits/", care_api.AuditList.as_view(), name="api-audits"),
    path("audits/<int:pk>/", care_api.AuditDetail.as_view(), name="api-audit"),
    path("audits/<int:pk>/rows/", care_api.AuditRows.as_view(), name="api-audit-rows"),
    path("label-imports/", care_api.LabelImportList.as_view(), name="api-label-imports"),
    path("label-imports/<int:pk>/", care_api.LabelImportDetail.as_view(), name="api-label-import"),
    path("label-imports/<int:pk>/rows/", care_api.LabelImportRows.as_view(), name="api-label-import-rows"),
    path("label-imports/<int:pk>/apply/", care_api.LabelImportApply.as_view(), name="api-label-import-apply"),
    path("label-imports/<int:pk>/undo/", care_api.LabelImportUndo.as_view(), name="api-label-import-undo"),
]
