"""This room's part of the API."""

from django.urls import path

from webapp.overview import api
from webapp.overview.trash import api as trash

urlpatterns = [
    path("trash/", trash.TrashList.as_view(), name="api-trash"),
    path("trash/<int:pk>/", trash.TrashedBatch.as_view(), name="api-trashed-batch"),
    path("batches/<int:pk>/search/", api.SearchAgain.as_view(), name="api-search-again"),
    path("batches/<int:pk>/parts/", api.BatchParts.as_view(), name="api-batch-parts"),
]
