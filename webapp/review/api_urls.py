"""This room's part of the API: queries are here because what is found and said of them is above batches."""

from django.urls import path

from webapp.review import api

urlpatterns = [
    path("queries/", api.QueryList.as_view(), name="api-queries"),
    path("queries/<int:pk>/", api.QueryDetail.as_view(), name="api-query"),
    path("queries/<int:pk>/candidates/", api.CandidateList.as_view(), name="api-candidates"),
    path("queries/<int:pk>/decisions/", api.DecisionList.as_view(), name="api-decisions"),
]
