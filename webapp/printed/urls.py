"""Pages of this room."""

from django.urls import path

from webapp.printed import table_views, views

app_name = "printed"
urlpatterns = [
    path("pages/<int:pk>/blocks/", views.page, name="page"),
    path("pages/<int:pk>/blocks/find/", views.find, name="find"),
    path("matches/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("matches/<int:pk>/reject/", views.reject, name="reject"),
    path("matches/<int:pk>/undo/", views.undo, name="undo"),
    path("matches/<int:pk>/<str:kind>.webp", views.picture, name="picture"),
    path("documents/<int:pk>/blocks/", table_views.document, name="document"),
    path("documents/<int:pk>/blocks/find/", table_views.document_find, name="document_find"),
    path("documents/<int:pk>/blocks.csv", table_views.document_csv, name="document_csv"),
    path("blocks/<int:pk>/prints/", table_views.prints, name="prints"),
    path("blocks/<int:pk>/prints/find/", table_views.prints_find, name="prints_find"),
]
