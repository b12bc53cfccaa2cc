"""Pages of this room."""

from django.urls import path

from webapp.review.adjudication import views as adjudication
from webapp.review.agreement import views as agreement
from webapp.review.answering import views as answering
from webapp.review.assignment import settings_views
from webapp.review.assignment import views as assignment
from webapp.review.cards.carvings import further_carvings
from webapp.review.cards.finder import candidate_page, radical_list
from webapp.review.cards.history import past

app_name = "review"
urlpatterns = [
    path("batches/<int:pk>/review/", answering.page, name="page"),
    path("batches/<int:pk>/review/cards/", answering.cards, name="cards"),
    path("batches/<int:pk>/review/past/", past, name="past"),
    path("queries/<int:pk>/candidates/", candidate_page, name="candidates"),
    path("queries/<int:pk>/carvings/", further_carvings, name="carvings"),
    path("radicals/", radical_list, name="radicals"),
    path("batches/<int:pk>/review/deal/", assignment.assign, name="deal"),
    path("batches/<int:pk>/review/hold/", assignment.extend, name="hold"),
    path("batches/<int:pk>/review/release/", assignment.release, name="release"),
    path("queries/<int:pk>/answer/", answering.answer, name="answer"),
    path("queries/<int:pk>/remark/", answering.remark, name="remark"),
    path("batches/<int:pk>/settings/", settings_views.settings, name="settings"),
    path("batches/<int:pk>/people/", agreement.people, name="people"),
    path("batches/<int:pk>/blind/", agreement.blind, name="blind"),
    path("batches/<int:pk>/second/", adjudication.queue, name="second"),
    path("batches/<int:pk>/second/<int:query>/", adjudication.card, name="second-card"),
    path("queries/<int:pk>/ruling/", adjudication.ruling, name="ruling"),
    path("queries/<int:pk>/flags/", adjudication.flags, name="flags"),
    path("queries/<int:pk>/gold/", adjudication.gold, name="gold"),
]
