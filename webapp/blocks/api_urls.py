"""This room's part of the API."""

from django.urls import path

from webapp.blocks import api
from webapp.blocks.uploads import tus

urlpatterns = [
    path("blocks/", api.BlockList.as_view(), name="api-blocks"),
    path("blocks/<int:pk>/", api.BlockDetail.as_view(), name="api-block"),
    path("blocks/<int:pk>/scans/", api.BlockScans.as_view(), name="api-block-scans"),
    path("scans/<int:pk>/", api.ScanDetail.as_view(), name="api-scan"),
    path("scans/<int:pk>/again/", api.ScanAgain.as_view(), name="api-scan-again"),
    path("scans/<int:pk>/places/", api.ScanPlaces.as_view(), name="api-scan-places"),
    path("scans/<int:pk>/edits/", api.ScanEdits.as_view(), name="api-scan-edits"),
    path("scans/<int:pk>/characters/", api.ScanCharacters.as_view(), name="api-scan-characters"),
    path("block-uploads/", tus.Uploads.as_view(), name="api-block-uploads"),
    path("block-uploads/<uuid:pk>/", tus.UploadDetail.as_view(), name="api-block-upload"),
]
