"""This room's part of the API."""

from django.urls import path

from webapp.overview import api

urlpatterns = [
    path("batches/<int:pk>/search/", api.SearchAgain.as_view(), name="api-search-again"),
    path("batches/<int:pk>/parts/", api.BatchParts.as_view(), name="api-batch-parts"),
]
