"""Pages of this room."""

from django.urls import path

from webapp.batches import views

app_name = "batches"
urlpatterns = [
    path("batches/", views.batch_list, name="list"),
    path("batches/new/", views.new, name="new"),
    path("batches/<int:pk>/", views.detail, name="detail"),
    path("batches/<int:pk>/files/", views.files, name="files"),
    path("batches/<int:pk>/close/", views.close, name="close"),
    path("batches/<int:pk>/live/", views.live, name="live"),
    path("batches/<int:pk>/grid/", views.grid, name="grid"),
    path("batches/<int:pk>/share/", views.share, name="share"),
    path("batches/<int:pk>/maybe-pages/", views.what_pages_are, name="maybe-pages"),
    path("batches/<int:pk>/delete/", views.delete, name="delete"),
    path("queries/<int:pk>/<str:version>/<str:name>", views.picture, name="picture"),
]
