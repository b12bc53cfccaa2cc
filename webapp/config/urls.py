"""Every address of the web app. Each room names its own pages and its own part of the API."""

from django.contrib.auth.decorators import login_not_required, login_required
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

api = [
    path("", include("webapp.gallery.api_urls")),
    path("", include("webapp.batches.api_urls")),
    path("", include("webapp.documents.api_urls")),
    path("", include("webapp.blocks.api_urls")),
    path("", include("webapp.printed.api_urls")),
    path("", include("webapp.review.api_urls")),
    path("", include("webapp.datasets.api_urls")),
    path("", include("webapp.training.api_urls")),
    path("", include("webapp.training.runs.api_urls")),
    path("", include("webapp.hooks.api_urls")),
    path("", include("webapp.overview.api_urls")),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", login_required(SpectacularSwaggerSplitView.as_view(url_name="schema")), name="docs"),
]

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="batches:list")),
    path("", include("webapp.core.urls")),
    path("language/", login_not_required(set_language), name="set_language"),
    path("", include("webapp.accounts.urls")),
    path("", include("webapp.documents.exchange.urls")),
    path("", include("webapp.gallery.urls")),
    path("", include("webapp.batches.urls")),
    path("", include("webapp.review.urls")),
    path("", include("webapp.datasets.urls")),
    path("", include("webapp.training.urls")),
    path("", include("webapp.hooks.urls")),
    path("", include("webapp.overview.urls")),
    path("", include("webapp.documents.urls")),
    path("", include("webapp.blocks.urls")),
    path("", include("webapp.printed.urls")),
    path("api/v1/", include(api)),
]

handler400 = "webapp.core.views.bad_request"
handler403 = "webapp.core.views.forbidden"
handler404 = "webapp.core.views.not_found"
handler500 = "webapp.core.views.server_error"
