"""Pages of snapshots; for curators."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from webapp.batches.models import Query
from webapp.core.http import whole_number
from webapp.core.permissions import require_curator
from webapp.datasets.models import Export, Snapshot
from webapp.datasets.snapshots.data_card import FAULTS
from webapp.datasets.snapshots.difference import Difference
from webapp.datasets.snapshots.manifest import BadSnapshot, Label
from webapp.datasets.snapshots.selectors import snapshot_before, snapshots_differ, snapshots_for
from webapp.datasets.snapshots.services import snapshot_request
from webapp.gallery.models import Item

_A_PAGE = 40
_CHANGES_SHOWN = 50


@require_safe
def snapshot_list(request: HttpRequest) -> HttpResponse:
    """All snapshots, the newest first."""
    require_curator(request.user)
    page = Paginator(snapshots_for(request.user), _A_PAGE).get_page(request.GET.get("page"))
    waiting = any(snapshot.state == Snapshot.State.WAITING for snapshot in page)
    return render(request, "datasets/snapshots.html", {"page": page, "waiting": waiting})


@require_POST
def freeze(request: HttpRequest) -> HttpResponse:
    """Ask for a snapshot of the labels as they are now."""
    require_curator(request.user)
    snapshot = snapshot_request(user=request.user, note=request.POST.get("note", "").strip())
    return redirect("datasets:snapshot", snapshot.number)


@require_safe
def snapshot_page(request: HttpRequest, number: int) -> HttpResponse:
    """One snapshot: its data card, what it changed, and its exports."""
    require_curator(request.user)
    snapshot = get_object_or_404(snapshots_for(request.user), number=number)
    before = _before(request, snapshot)
    shown = {
        "snapshot": snapshot,
        "exports": snapshot.exports.filter(owner=request.user).order_by("-created"),
        "splits": Export.Split.choices,
        "others": snapshots_for(request.user).filter(state=Snapshot.State.READY).exclude(pk=snapshot.pk),
        "before": before,
    }
    if snapshot.state == Snapshot.State.READY:
        shown |= {"faults": _faults(snapshot), "sides": _sides(snapshot)} | _difference(before, snapshot)
    return render(request, "datasets/snapshot.html", shown)


def _before(request: HttpRequest, snapshot: Snapshot) -> Snapshot | None:
    """The snapshot to compare with: the one that was asked for, else the one before."""
    if number := whole_number(request.GET.get("before", "")):
        return get_object_or_404(snapshots_for(request.user), number=number, state=Snapshot.State.READY)
    return snapshot_before(snapshot)


def _difference(before: Snapshot | None, snapshot: Snapshot) -> dict:
    """What changed, or why nobody can say: a damaged file must not hide the data card."""
    if before is None:
        return {}
    try:
        found = snapshots_differ(before, snapshot)
    except BadSnapshot as problem:
        return {"damaged": problem}
    return {"difference": found, "changes": _changes(found)}


def _changes(difference: Difference) -> list[dict]:
    """The first changes, in words that people know: file names and characters in place of digests."""
    first = difference.first[:_CHANGES_SHOWN]
    names = dict(Query.objects.filter(sha256__in=[one.query for one in first]).values_list("sha256", "name"))
    matches = {match.item for one in first for label in (*one.before, *one.after) for match in label.matches}
    items = dict(Item.objects.filter(sha256__in=matches).values_list("sha256", "name"))
    return [
        {
            "kind": one.kind,
            "name": names.get(one.query, one.query[:12]),
            "before": [_in_words(label, items) for label in one.before],
            "after": [_in_words(label, items) for label in one.after],
        }
        for one in first
    ]


def _in_words(label: Label, items: dict[str, str]) -> str:
    if not label.matches:
        return _("not in the gallery")
    named = (f"{match.character} {items.get(match.item, match.item[:12])}" for match in label.matches)
    return ", ".join(name.strip() for name in named)


def _sides(snapshot: Snapshot) -> list[dict]:
    """The splits, each with the labels on its sides."""
    names = dict(Export.Split.choices)
    return [{"name": names[split], **sides} for split, sides in snapshot.card["splits"].items()]


def _faults(snapshot: Snapshot) -> list[tuple[str, int]]:
    words = {
        "one_person": _("single annotator, not reviewed"),
        "no_character": _("matched with a block of unknown character"),
        "same_picture": _("picture occurs more than once"),
        "contradicted": _("picture occurs more than once with different labels"),
    }
    return [(words[name], snapshot.card["faults"][name]) for name in FAULTS]
