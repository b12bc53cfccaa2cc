"""Pages of this room."""

from django.urls import path

from webapp.overview.bulk import views as bulk_views
from webapp.overview.dashboard import views as dashboard_views
from webapp.overview.maps import drawing_views, map_views
from webapp.overview.trash import views as trash_views

app_name = "overview"
urlpatterns = [
    path("dashboard/", dashboard_views.page, name="dashboard"),
    path("dashboard/work/", dashboard_views.work, name="dashboard_work"),
    path("batches/<int:pk>/search-again/", dashboard_views.search_again, name="search_again"),
    path("batches/<int:pk>/sure/", bulk_views.page, name="sure"),
    path("batches/<int:pk>/sure/levels/", bulk_views.levels, name="sure_levels"),
    path("batches/<int:pk>/sure/confirm/", bulk_views.confirm, name="sure_confirm"),
    path("batches/<int:pk>/sure/accept/", bulk_views.accept, name="sure_accept"),
    path("batches/<int:pk>/sure/text/", bulk_views.accept_text, name="sure_text"),
    path("batches/<int:pk>/sure/<uuid:key>/undo/", bulk_views.undo, name="sure_undo"),
    path("batches/<int:pk>/drawings/<slug:kind>/", drawing_views.request, name="drawing_request"),
    path("batches/<int:pk>/drawings/<slug:kind>/live/", drawing_views.live, name="drawing_live"),
    path("trash/", trash_views.page, name="trash"),
    path("trash/<int:pk>/restore/", trash_views.restore, name="trash_restore"),
    path("trash/<int:pk>/purge/", trash_views.purge, name="trash_purge"),
    path("map/", map_views.several, name="maps"),
    path("map/drawing/", map_views.several_request, name="maps_request"),
    path("map/drawing/live/", map_views.several_live, name="maps_live"),
    path("map/points/", map_views.several_points, name="maps_points"),
    path("map/told/", map_views.several_details, name="maps_details"),
    path("batches/<int:pk>/map/", map_views.page, name="map"),
    path("batches/<int:pk>/map/points/", map_views.points, name="map_points"),
    path("batches/<int:pk>/map/told/", map_views.details, name="map_details"),
]
