"""Pages of this room."""

from django.urls import path

from webapp.overview import drawing_views, sure_views

app_name = "overview"
urlpatterns = [
    path("batches/<int:pk>/sure/", sure_views.page, name="sure"),
    path("batches/<int:pk>/sure/levels/", sure_views.levels, name="sure_levels"),
    path("batches/<int:pk>/sure/confirm/", sure_views.confirm, name="sure_confirm"),
    path("batches/<int:pk>/sure/accept/", sure_views.accept, name="sure_accept"),
    path("batches/<int:pk>/sure/<uuid:key>/undo/", sure_views.undo, name="sure_undo"),
    path("batches/<int:pk>/drawings/<slug:kind>/", drawing_views.request, name="drawing_request"),
    path("batches/<int:pk>/drawings/<slug:kind>/live/", drawing_views.live, name="drawing_live"),
]
