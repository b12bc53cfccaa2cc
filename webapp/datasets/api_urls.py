"""This room's part of the API."""

from django.urls import path

from webapp.datasets.audits import api as audits
from webapp.datasets.exports import api as exports
from webapp.datasets.imports import api as imports
from webapp.datasets.snapshots import api as snapshots

urlpatterns = [
    path("exports/", exports.ExportList.as_view(), name="api-exports"),
    path("exports/<uuid:pk>/", exports.ExportDetail.as_view(), name="api-export"),
    path("exports/<uuid:pk>/download/", exports.ExportDownload.as_view(), name="api-export-download"),
    path("snapshots/", snapshots.SnapshotList.as_view(), name="api-snapshots"),
    path("snapshots/<int:number>/", snapshots.SnapshotDetail.as_view(), name="api-snapshot"),
    path(
        "snapshots/<int:number>/difference/",
        snapshots.SnapshotDifference.as_view(),
        name="api-snapshot-difference",
    ),
    path("audits/", audits.AuditList.as_view(), name="api-audits"),
    path("audits/<int:pk>/", audits.AuditDetail.as_view(), name="api-audit"),
    path("audits/<int:pk>/rows/", audits.AuditRows.as_view(), name="api-audit-rows"),
    path("label-imports/", imports.LabelImportList.as_view(), name="api-label-imports"),
    path("label-imports/<int:pk>/", imports.LabelImportDetail.as_view(), name="api-label-import"),
    path("label-imports/<int:pk>/rows/", imports.LabelImportRows.as_view(), name="api-label-import-rows"),
    path("label-imports/<int:pk>/apply/", imports.LabelImportApply.as_view(), name="api-label-import-apply"),
    path("label-imports/<int:pk>/undo/", imports.LabelImportUndo.as_view(), name="api-label-import-undo"),
]
