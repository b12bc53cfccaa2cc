"""Pages of this room."""

from django.urls import path

from webapp.datasets.audits import views as audits
from webapp.datasets.exports import views as exports
from webapp.datasets.imports import views as imports
from webapp.datasets.snapshots import views as snapshots

app_name = "datasets"
urlpatterns = [
    path("batches/<int:pk>/exports/", exports.list_of_batch, name="exports"),
    path("batches/<int:pk>/exports/new/", exports.request_of_batch, name="request"),
    path("exports/<uuid:pk>/", exports.download, name="download"),
    path("snapshots/", snapshots.snapshot_list, name="snapshots"),
    path("snapshots/new/", snapshots.freeze, name="freeze"),
    path("snapshots/<int:number>/", snapshots.snapshot_page, name="snapshot"),
    path("snapshots/<int:number>/exports/", exports.list_of_snapshot, name="snapshot_exports"),
    path("snapshots/<int:number>/exports/new/", exports.request_of_snapshot, name="snapshot_export"),
    path("audits/", audits.audit_list, name="audits"),
    path("audits/new/", audits.audit_ask, name="audit_ask"),
    path("audits/<int:pk>/", audits.audit_page, name="audit"),
    path("audits/<int:pk>/table/", audits.audit_table, name="audit_table"),
    path("label-imports/", imports.import_list, name="imports"),
    path("label-imports/new/", imports.import_send, name="import_send"),
    path("label-imports/<int:pk>/", imports.import_page, name="import"),
    path("label-imports/<int:pk>/apply/", imports.import_take, name="import_apply"),
    path("label-imports/<int:pk>/undo/", imports.import_back, name="import_undo"),
]
