"""The training runs' part of the API."""

from django.urls import path

from webapp.training.runs import api as run_api

urlpatterns = [
    path("training-runs/", run_api.TrainingRunList.as_view(), name="api-training-runs"),
    path("training-runs/<int:pk>/", run_api.TrainingRunDetail.as_view(), name="api-training-run"),
    path("training-runs/<int:pk>/pause/", run_api.TrainingRunPause.as_view(), name="api-training-run-pause"),
    path(
        "training-runs/<int:pk>/resume/", run_api.TrainingRunResume.as_view(), name="api-training-run-resume"
    ),
    path("training-runs/<int:pk>/stop/", run_api.TrainingRunStop.as_view(), name="api-training-run-stop"),
]
