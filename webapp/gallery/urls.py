"""Pages of this room."""

from django.urls import path

from webapp.gallery import views

app_name = "gallery"
urlpatterns = [
    path("gallery/", views.item_list, name="list"),
    path("gallery/import/", views.import_new, name="import_new"),
    path("gallery/imports/<int:pk>/", views.import_detail, name="import"),
    path("gallery/imports/<int:pk>/files/", views.import_files, name="import_files"),
    path("gallery/imports/<int:pk>/close/", views.import_close, name="import_close"),
    path("gallery/imports/<int:pk>/live/", views.import_live, name="import_live"),
    path("gallery/imports/<int:pk>/grid/", views.import_grid, name="import_grid"),
    path("gallery/<int:pk>/", views.detail, name="detail"),
    path("gallery/<int:pk>/pictures/", views.pictures, name="pictures"),
    path("gallery/<int:pk>/handedness/", views.handedness, name="handedness"),
    path("gallery/<int:pk>/turn/", views.turn, name="turn"),
    path("gallery/<int:pk>/character/", views.character, name="character"),
    path("gallery/<int:pk>/<str:version>/<str:name>", views.picture, name="picture"),
]
