"""Pages of this room."""

from django.urls import path

from webapp.training import views
from webapp.training.runs import views as run_views

app_name = "training"
urlpatterns = [
    path("models/", views.overview, name="models"),
    path("models/new/", views.add_file, name="add"),
    path("models/<int:pk>/file/", views.download, name="download"),
    path("models/<int:pk>/evaluate/", views.evaluate, name="evaluate"),
    path("models/<int:pk>/promote/", views.promote, name="promote"),
    path("models/evaluations/<int:pk>/", views.evaluation, name="evaluation"),
    path("models/runs/new/", run_views.start, name="start"),
    path("models/runs/<int:pk>/", run_views.run_page, name="run"),
    path("models/runs/<int:pk>/pause/", run_views.wish, {"what": "pause"}, name="pause"),
    path("models/runs/<int:pk>/resume/", run_views.wish, {"what": "resume"}, name="resume"),
    path("models/runs/<int:pk>/stop/", run_views.wish, {"what": "stop"}, name="stop"),
    path("releases/<int:pk>/back/", views.roll_back, name="roll_back"),
]
