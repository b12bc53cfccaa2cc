"""This room's part of the API."""

from django.urls import path

from webapp.training import api

urlpatterns = [
    path("models/", api.ModelList.as_view(), name="api-models"),
    path("models/<int:pk>/", api.ModelDetail.as_view(), name="api-model"),
    path("models/<int:pk>/file/", api.ModelDownload.as_view(), name="api-model-file"),
    path("models/files/<int:pk>/", api.ModelFileDetail.as_view(), name="api-model-upload"),
    path("evaluations/", api.EvaluationList.as_view(), name="api-evaluations"),
    path("evaluations/<int:pk>/", api.EvaluationDetail.as_view(), name="api-evaluation"),
    path("promotions/", api.PromotionList.as_view(), name="api-promotions"),
    path("promotions/<int:pk>/", api.PromotionDetail.as_view(), name="api-promotion"),
    path("releases/", api.ReleaseList.as_view(), name="api-releases"),
    path("releases/live/", api.ReleaseLive.as_view(), name="api-release-live"),
    path("releases/<int:pk>/back/", api.ReleaseBack.as_view(), name="api-release-back"),
]
