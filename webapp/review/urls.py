"""Pages of this room."""

from django.urls import path

from webapp.review import views

app_name = "review"
urlpatterns = [
    path("batches/<int:pk>/review/", views.page, name="page"),
    path("batches/<int:pk>/review/cards/", views.cards, name="cards"),
    path("queries/<int:pk>/candidates/", views.candidates, name="candidates"),
    path("queries/<int:pk>/answer/", views.answer, name="answer"),
]
