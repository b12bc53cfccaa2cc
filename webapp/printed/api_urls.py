"""This room's part of the API."""

from django.urls import path

from webapp.printed import api

urlpatterns = [
    path("pages/<int:pk>/blocks/", api.PageBlocks.as_view(), name="api-page-blocks"),
    path("matches/<int:pk>/", api.MatchDetail.as_view(), name="api-match"),
    path("matches/<int:pk>/confirm/", api.MatchConfirm.as_view(), name="api-match-confirm"),
    path("matches/<int:pk>/reject/", api.MatchReject.as_view(), name="api-match-reject"),
    path("matches/<int:pk>/undo/", api.MatchUndo.as_view(), name="api-match-undo"),
    path("documents/<int:pk>/blocks/", api.DocumentBlocks.as_view(), name="api-document-blocks"),
    path("blocks/<int:pk>/prints/", api.BlockPrints.as_view(), name="api-block-prints"),
]
