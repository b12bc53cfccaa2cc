"""This room's part of the API."""

from django.urls import path

from webapp.batches import api

urlpatterns = [
    path("batches/", api.BatchList.as_view(), name="api-batches"),
    path("batches/<int:pk>/", api.BatchDetail.as_view(), name="api-batch"),
    path("batches/<int:pk>/maybe-pages/", api.BatchMaybePages.as_view(), name="api-batch-maybe-pages"),
    path("batches/<int:pk>/files/", api.BatchFiles.as_view(), name="api-batch-files"),
]
