"""Pages of this room."""

from django.urls import path

from webapp.training import views

app_name = "training"
urlpatterns = [
    path("models/", views.overview, name="models"),
    path("models/new/", views.add_file, name="add"),
    path("models/<int:pk>/file/", views.download, name="download"),
    path("models/<int:pk>/evaluate/", views.evaluate, name="evaluate"),
    path("models/<int:pk>/promote/", views.promote, name="promote"),
    path("models/evaluations/<int:pk>/", views.evaluation, name="evaluation"),
    path("releases/<int:pk>/back/", views.roll_back, name="roll_back"),
]
