"""Pages of this room."""

from django.urls import path

from webapp.datasets import views

app_name = "datasets"
urlpatterns = [
    path("batches/<int:pk>/exports/", views.exports, name="exports"),
    path("batches/<int:pk>/exports/new/", views.request_export, name="request"),
    path("exports/<uuid:pk>/", views.download, name="download"),
]
