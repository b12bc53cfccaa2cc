"""Pages of this room."""

from django.urls import path

from webapp.datasets import snapshot_views, views

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
]
