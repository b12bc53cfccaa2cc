"""Pages of this room."""

from django.urls import path

from webapp.core import views

app_name = "core"
urlpatterns = [
    path("health/live", views.live, name="live"),
    path("health/ready", views.ready, name="ready"),
    path("texts/<str:language>-<str:version>.js", views.texts, name="texts"),
    path("theme/", views.theme, name="theme"),
    path("glyphs/<str:codepoints>.svg", views.glyph, name="glyph"),
]
