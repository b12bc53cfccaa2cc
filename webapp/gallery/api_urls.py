"""This room's part of the API."""

from django.urls import path

from webapp.gallery import api

urlpatterns = [
    path("items/", api.ItemList.as_view(), name="api-items"),
    path("items/<int:pk>/", api.ItemDetail.as_view(), name="api-item"),
    path("imports/<int:pk>/", api.ImportDetail.as_view(), name="api-import"),
]
