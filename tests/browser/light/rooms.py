"""Every page of the app with something to show on it, found by walking the addresses it has."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from django.urls import URLPattern, URLResolver, get_resolver

from tests import factories
from tests.browser.light.audits_and_imports import a_label_import, an_audit
from tests.desk import Desk
from tests.webapp.printed import drawn
from webapp.batches.models import Batch, Query
from webapp.batches.trash import batch_delete
from webapp.blocks.models import Block, Place, Scan
from webapp.datasets.models import Audit, Export, LabelImport
from webapp.gallery.models import Import, Item
from webapp.hooks.deliveries import Outcome, delivery_note
from webapp.hooks.events import trial_send
from webapp.hooks.models import Hook
from webapp.hooks.services import hook_create
from webapp.pages.models import Page
from webapp.review.models import Decision
from webapp.training.models import Evaluation, TrainingRun

NO_PAGES = ("api/", "health/", "texts/", "glyphs/")


def addresses() -> list[str]:
    """The pattern of every address that may be a page, such as ``batches/<int:pk>/``."""
    found = _walk(get_resolver())
    return sorted({one for one in found if one == "api/v1/docs/" or not one.startswith(NO_PAGES)})


def _walk(resolver, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, before + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield before + str(pattern.pattern)


@dataclass(frozen=True)
class Rooms:
    """What the pages are filled with."""

    desk: Desk
    upload: Import
    item: Item
    query: Query
    export: Export
    snapshot: int
    evaluation: Evaluation
    hook: Hook
    run: TrainingRun
    audit: Audit
    label_import: LabelImport
    trashed: Batch
    scan: Page
    face: Scan

    def filled(self, pattern: str) -> str:
        """The address of ``pattern`` with something real in each of its places.

        Raises:
            KeyError: it has a place that nothing is known for: name it in ``_places``.
        """
        first, _, rest = pattern.partition("/")
        address = "/" + pattern
        for place, value in self._places(first, rest).items():
            address = address.replace(place, str(value))
        if "<" in address:
            raise KeyError(f"{pattern} has a place that the tests cannot fill")
        return address

    def _places(self, first: str, rest: str) -> dict[str, object]:
        keys = {
            "batches": self.desk.batch.pk,
            "queries": self.query.pk,
            "gallery": self.upload.pk if rest.startswith("imports/") else self.item.pk,
            "exports": self.export.pk,
            "models": self._of_models(rest),
            "releases": factories.release().pk,
            "hooks": self.hook.pk,
            "audits": self.audit.pk,
            "label-imports": self.label_import.pk,
            "trash": self.trashed.pk,
            "documents": self.scan.document_id,
            "pages": self.scan.pk,
            "matches": self.scan.block_matches.get().pk,
            "blocks": self.face.pk if rest.startswith("scans/") else self.face.block_id,
        }
        return {
            "<int:pk>": keys.get(first, "<int:pk>"),
            "<uuid:pk>": keys.get(first, "<uuid:pk>"),
            "<int:query>": self.query.pk,
            "<int:delivery>": self.hook.pk,
            "<int:number>": self.snapshot,
            "<uuid:key>": self.export.pk,
            "<slug:kind>": "map",
            "<str:version>": "0",
            "<int:level>": 0,
            "<int:column>": 0,
            "<int:row>": 0,
            "<str:name>": "print.png",
            "<str:kind>": "page",
            "<str:layer>": "ink",
        }

    def _of_models(self, rest: str) -> int:
        known = {"evaluations": self.evaluation.pk, "runs": self.run.pk}
        return known.get(rest.partition("/")[0], self.evaluation.live_id)


def furnish(desk: Desk, curator) -> Rooms:
    """Answers, refusals, an import, an export and a snapshot beside what the desk has already."""
    first, second, third, *_ = desk.queries
    factories.decision(first, desk.owner, item=desk.items[0])
    factories.decision(first, curator, item=desk.items[1])
    factories.decision(second, desk.owner, verdict=Decision.Verdict.NONE, reason="damaged")
    factories.decision(third, desk.owner, verdict=Decision.Verdict.UNSURE)
    factories.query(desk.batch, state=Query.State.REJECTED, error="it is cut off", hint="copy it again")
    factories.query(desk.batch, state=Query.State.WAITING)
    upload = factories.upload(curator)
    rejected = {"error": "the mesh has no triangles", "hint": "export it again"}
    factories.item(seed=901, state=Item.State.REJECTED, into=upload, **rejected)
    factories.item(seed=902, state=Item.State.WAITING, into=upload)
    export = Export.objects.create(batch=desk.batch, owner=curator, format="csv")
    evaluation = factories.evaluation(curator, won=second, lost=first, items=desk.items)
    run = factories.training_run(curator, evaluation.snapshot, state="done", model=evaluation.candidate)
    return Rooms(
        desk,
        upload,
        desk.items[0],
        first,
        export,
        evaluation.snapshot.number,
        evaluation,
        a_hook(curator),
        run,
        an_audit(curator, desk),
        a_label_import(curator, desk),
        a_trashed_batch(curator),
        a_scan(curator),
        a_face(curator),
    )


def a_trashed_batch(curator) -> Batch:
    batch = factories.batch(curator)
    batch_delete(batch=batch, by=curator)
    return batch


def a_scan(curator) -> Page:
    """A page of a document, with characters that have suggestions and one that waits for them."""
    scan = factories.page(factories.document(curator), name="013b.jpg")
    for row in range(4):
        factories.box(scan, at=(300, 20 + 54 * row), matched=row < 3, column=1)
    drawn.match(scan, drawn.block(np.random.default_rng(1), count=3), strange=1)
    return scan


def a_face(curator) -> Scan:
    """A woodblock with a scan that was read, and one character on it."""
    block = Block.objects.create(name="Kiều 1", inventory_number="KV 12", created_by=curator)
    item = factories.item(seed=903, character="天")
    scan = factories.scan(block, sha256=item.sha256, characters=1)
    Place.objects.create(item=item, block=block, scan=scan, x_mm=80, y_mm=10, w_mm=11, h_mm=12, order=1)
    return scan


def a_hook(curator) -> Hook:
    """A webhook with a message that arrived, one that did not, and one on its way."""
    url, events = "https://example.org/mocban", ["batch.ready"]
    hook, _ = hook_create(user=curator, name="The laboratory", url=url, events=events)
    refused = Outcome(500, "out of order", "bad_status", "the receiver answered 500")
    for outcome in (Outcome(200, "thanks"), refused, None):
        made = trial_send(hook=hook)
        if outcome:
            delivery_note(delivery=made, outcome=outcome)
    return hook
