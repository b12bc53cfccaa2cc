"""Pages of this room."""

from django.urls import path

from webapp.review import second_views, team_views, views
from webapp.review.finding import candidate_page, radical_list
from webapp.review.past import past

app_name = "review"
urlpatterns = [
    path("batches/<int:pk>/review/", views.page, name="page"),
    path("batches/<int:pk>/review/cards/", views.cards, name="cards"),
    path("batches/<int:pk>/review/past/", past, name="past"),
    path("queries/<int:pk>/candidates/", candidate_page, name="candidates"),
    path("radicals/", radical_list, name="radicals"),
    path("batches/<int:pk>/review/deal/", views.deal, name="deal"),
    path("batches/<int:pk>/review/hold/", views.hold, name="hold"),
    path("batches/<int:pk>/review/release/", views.release, name="release"),
    path("queries/<int:pk>/answer/", views.answer, name="answer"),
    path("queries/<int:pk>/remark/", views.remark, name="remark"),
    path("batches/<int:pk>/settings/", team_views.settings, name="settings"),
    path("batches/<int:pk>/people/", team_views.people, name="people"),
    path("batches/<int:pk>/blind/", team_views.blind, name="blind"),
    path("batches/<int:pk>/second/", second_views.second, name="second"),
    path("batches/<int:pk>/second/<int:query>/", second_views.second_card, name="second-card"),
    path("queries/<int:pk>/ruling/", second_views.ruling, name="ruling"),
    path("queries/<int:pk>/flags/", second_views.flags, name="flags"),
    path("queries/<int:pk>/gold/", second_views.gold, name="gold"),
]
