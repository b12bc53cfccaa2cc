"""Where a document's text and boxes go in and out."""

from django.urls import path

from webapp.documents.exchange import views as exchange_views

app_name = "exchange"
urlpatterns = [
    path("documents/<int:pk>/exchange/", exchange_views.exchange, name="page"),
    path("documents/<int:pk>/exchange/text/", exchange_views.text, name="text"),
    path("documents/<int:pk>/exchange/boxes/", exchange_views.boxes, name="boxes"),
]
