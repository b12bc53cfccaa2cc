"""The page view: one scan with its boxes, and its place in the document."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from webapp.accounts.shortcuts import page_shortcuts
from webapp.pages.models import Page
from webapp.pages.selectors import document_pages, pages_for


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The page view; its boxes are asked for by its script."""
    found = get_object_or_404(pages_for(request.user), pk=pk)
    pages = list(document_pages(found.document))
    place = pages.index(found)
    data = {
        "person": request.user.pk,
        "cards": reverse("review:cards", args=[found.document.batch_id]),
        "keys": page_shortcuts(request.user, "pages"),
    }
    context = {
        "page": found,
        "document": found.document,
        "place": place + 1,
        "total": len(pages),
        "data": data,
        "doors": _address(found),
        "before": _address(pages[place - 1]) if place else "",
        "after": _address(pages[place + 1]) if place + 1 < len(pages) else "",
    }
    response = render(request, "documents/page.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _address(page: Page) -> str:
    return reverse("documents:page", args=[page.pk])
