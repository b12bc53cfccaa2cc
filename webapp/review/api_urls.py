"""This room's part of the API: queries are here because what is found and said of them is above batches."""

from django.urls import path

from webapp.review import api, team_api

urlpatterns = [
    path("queries/", api.QueryList.as_view(), name="api-queries"),
    path("queries/<int:pk>/", api.QueryDetail.as_view(), name="api-query"),
    path("queries/<int:pk>/candidates/", api.CandidateList.as_view(), name="api-candidates"),
    path("queries/<int:pk>/decisions/", api.DecisionList.as_view(), name="api-decisions"),
    path("queries/<int:pk>/remarks/", team_api.QueryRemarks.as_view(), name="api-remarks"),
    path("queries/<int:pk>/rulings/", team_api.RulingList.as_view(), name="api-rulings"),
    path("queries/<int:pk>/gold/", team_api.QueryGold.as_view(), name="api-gold"),
    path("batches/<int:pk>/deal/", team_api.BatchDeal.as_view(), name="api-deal"),
    path("batches/<int:pk>/hold/", team_api.BatchHold.as_view(), name="api-hold"),
    path("batches/<int:pk>/release/", team_api.BatchRelease.as_view(), name="api-release"),
    path("batches/<int:pk>/settings/", team_api.BatchSettingsDetail.as_view(), name="api-batch-settings"),
    path("batches/<int:pk>/people/", team_api.BatchPeople.as_view(), name="api-batch-people"),
    path("batches/<int:pk>/blind/", team_api.BatchBlind.as_view(), name="api-batch-blind"),
]
