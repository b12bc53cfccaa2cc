"""This room's part of the API."""

from django.urls import path

from webapp.hooks import api

urlpatterns = [
    path("webhooks/", api.HookList.as_view(), name="api-hooks"),
    path("webhooks/<int:pk>/", api.HookDetail.as_view(), name="api-hook"),
    path("webhooks/<int:pk>/secret/", api.HookSecret.as_view(), name="api-hook-secret"),
    path("webhooks/<int:pk>/trial/", api.HookTrial.as_view(), name="api-hook-trial"),
    path("webhooks/<int:pk>/deliveries/", api.DeliveryList.as_view(), name="api-deliveries"),
    path(
        "webhooks/<int:pk>/deliveries/<int:delivery>/again/",
        api.DeliveryAgain.as_view(),
        name="api-delivery-again",
    ),
]
