"""Pages of this room."""

from django.urls import path

from webapp.datasets import audit_views, import_views, snapshot_views, views

app_name = "datasets"
urlpatterns = [
    path("batches/<int:pk>/exports/", views.exports, name="exports"),
    path("batches/<int:pk>/exports/new/", views.request_export, name="request"),
    path("exports/<uuid:pk>/", views.download, name="download"),
    path("snapshots/", snapshot_views.snapshot_list, name="snapshots"),
    path("snapshots/new/", snapshot_views.freeze, name="freeze"),
    path("snapshots/<int:number>/", snapshot_views.snapshot_page, name="snapshot"),
    path("snapshots/<int:number>/exports/", snapshot_views.exports, name="snapshot_exports"),
    path("snapshots/<int:number>/exports/new/", snapshot_views.request_export, name="snapshot_export"),
    path("audits/", audit_views.audit_list, name="audits"),
    path("audits/new/", audit_views.audit_ask, name="audit_ask"),
    path("audits/<int:pk>/", audit_views.audit_page, name="audit"),
    path("audits/<int:pk>/table/", audit_views.audit_table, name="audit_table"),
    path("label-imports/", import_views.import_list, name="imports"),
    path("label-imports/new/", import_views.import_send, name="import_send"),
    path("label-imports/<int:pk>/", import_views.import_page, name="import"),
    path("label-imports/<int:pk>/apply/", import_views.import_take, name="import_apply"),
    path("label-imports/<int:pk>/undo/", import_views.import_back, name="import_undo"),
]
