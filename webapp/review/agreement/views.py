"""Pages on how people work, and on how far the ranking leads them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from webapp.batches.selectors import batches_for
from webapp.core.permissions import require_curator, require_reviewer
from webapp.review.agreement.people import batch_people
from webapp.review.agreement.ranking_bias import ranking_bias


@require_safe
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """How the people of a batch work and agree; for reviewers and curators."""
    batch = get_object_or_404(batches_for(request.user), pk=pk)
    require_reviewer(request.user)
    return render(request, "review/people.html", {"batch": batch, "people": batch_people(batch)})


@require_safe
def blind(request: HttpRequest, pk: int) -> HttpResponse:
    """What is chosen blind, and what with the ranking in sight; for curators."""
    batch = get_object_or_404(batches_for(request.user), pk=pk)
    require_curator(request.user)
    context = {"batch": batch, "here": ranking_bias(batch), "everywhere": ranking_bias()}
    return render(request, "review/blind.html", context)
