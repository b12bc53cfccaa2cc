"""Pages of this room."""

from django.urls import path

from webapp.gallery import views

app_name = "gallery"
urlpatterns = [
    path("gallery/<int:pk>/<str:version>/<str:name>", views.picture, name="picture"),
]
