"""This room's part of the API: queries are here because what is found and said of them is above batches."""

from django.urls import path

from webapp.review.adjudication import api as adjudication
from webapp.review.agreement import api as agreement
from webapp.review.answering import api as answering
from webapp.review.assignment import api as assignment

urlpatterns = [
    path("queries/", answering.QueryList.as_view(), name="api-queries"),
    path("queries/<int:pk>/", answering.QueryDetail.as_view(), name="api-query"),
    path("queries/<int:pk>/candidates/", answering.CandidateList.as_view(), name="api-candidates"),
    path("queries/<int:pk>/decisions/", answering.DecisionList.as_view(), name="api-decisions"),
    path("queries/<int:pk>/remarks/", answering.QueryRemarks.as_view(), name="api-remarks"),
    path("queries/<int:pk>/rulings/", adjudication.RulingList.as_view(), name="api-rulings"),
    path("queries/<int:pk>/gold/", adjudication.QueryGold.as_view(), name="api-gold"),
    path("batches/<int:pk>/deal/", assignment.BatchAssign.as_view(), name="api-deal"),
    path("batches/<int:pk>/hold/", assignment.BatchExtend.as_view(), name="api-hold"),
    path("batches/<int:pk>/release/", assignment.BatchRelease.as_view(), name="api-release"),
    path("batches/<int:pk>/settings/", assignment.BatchSettingsDetail.as_view(), name="api-batch-settings"),
    path("batches/<int:pk>/people/", agreement.BatchPeople.as_view(), name="api-batch-people"),
    path("batches/<int:pk>/blind/", agreement.BatchBlind.as_view(), name="api-batch-blind"),
]
