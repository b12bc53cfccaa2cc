"""Rows with real, tiny files behind them. Each function makes one thing and takes what matters as a word."""

import io
from itertools import count

from django.contrib.auth import get_user_model
from PIL import Image

from tests import meshes, pictures
from webapp.batches.models import Batch, Query
from webapp.blocks.models import Block, Scan
from webapp.core.files.blobs import blob_put
from webapp.datasets.models import Snapshot
from webapp.datasets.snapshots.files import Freezing
from webapp.datasets.snapshots.services import snapshot_finish, snapshot_request, snapshot_write
from webapp.gallery.models import Import, Item
from webapp.pages.models import Box, Document, Page
from webapp.registry.models import ModelVersion, Release
from webapp.review.answer import Answer
from webapp.review.answering.services import decision_record
from webapp.review.consensus.standings import query_recount
from webapp.review.models import Decision
from webapp.search.fits import Fit
from webapp.search.models import Suggestion
from webapp.training.models import Evaluation, Finished, TrainingRun

_NUMBERS = count(1)


def batch(
    owner,
    *,
    name: str = "Kiều, page 13",
    shared: bool = False,
    open: bool = False,
    blind_share: int = 0,
    **values,
) -> Batch:
    """A batch of ``owner``'s, without queries; no card of it is blind, unless that is asked for."""
    return Batch.objects.create(
        owner=owner, name=name, shared=shared, open=open, blind_share=blind_share, **values
    )


_new_batch = batch


def query(
    batch: Batch, *, seed: int | None = None, name: str = "", state: str = Query.State.READY, **values
) -> Query:
    """A query: a print of character ``seed``, its file stored."""
    seed = next(_NUMBERS) if seed is None else seed
    blob = blob_put(io.BytesIO(pictures.png(seed, 64)), name="print.png")
    return Query.objects.create(
        batch=batch,
        name=name or f"{seed:03}.png",
        sha256=blob.sha256,
        state=state,
        width=64,
        height=64,
        **values,
    )


def document(owner, *, title: str = "Kiều", batch: Batch | None = None, **values) -> Document:
    """A document of ``owner``'s, without pages. batch: its batch, or a new one of this title."""
    return Document.objects.create(batch=batch or _new_batch(owner, name=title), **values)


def page(
    document: Document, *, name: str = "", size: tuple[int, int] = (400, 600), state: str = "ready", **values
) -> Page:
    """A page that was read, without boxes; its picture is of one colour. size: width and height."""
    number = document.pages.count() + 1
    data = io.BytesIO()
    Image.new("L", (size[0], size[1] + next(_NUMBERS)), 255).save(data, "PNG")
    data.seek(0)
    blob = blob_put(data, name="page.png")
    made = {"width": size[0], "height": size[1], "state": state, "position": number, "queued": True}
    return Page.objects.create(
        document=document, name=name or f"{number:03}.png", sha256=blob.sha256, **{**made, **values}
    )


def box(page: Page, *, at: tuple[float, float] = (300, 20), matched: bool = False, **values) -> Box:
    """A box that the localiser found, 40 pixels each way. at: its upper left corner."""
    order = values.pop("order", page.boxes.count() + 1)
    if matched:
        values["query"] = query(page.document.batch)
    made = {"x": at[0], "y": at[1], "w": 40, "h": 40, "score": 0.9, "source": "model", "stale": not matched}
    return Box.objects.create(page=page, order=order, **{**made, **values})


def scan(block: Block, **values) -> Scan:
    """A scan of a block that was read: 100 x 80 mm at 10 pixels to the millimetre, without places."""
    made = {
        "name": "kieu.stl",
        "sha256": "a" * 64,
        "state": Scan.State.READY,
        "width_mm": 100.0,
        "height_mm": 80.0,
        "depth_mm": 1.5,
        "warp_mm": 0.7,
        "px_per_mm": 10.0,
        "mirrored": True,
        "read_unit": "mm",
        "read_with": "b" * 64,
        "queued": True,
    }
    return Scan.objects.create(block=block, **{**made, **values})


def upload(owner) -> Import:
    """An import of meshes, without items."""
    return Import.objects.create(owner=owner, name="blocks")


def item(
    *,
    seed: int | None = None,
    name: str = "",
    character: str = "",
    state: str = Item.State.READY,
    mirrored: bool = True,
    into: Import | None = None,
    **values,
) -> Item:
    """The block of character ``seed`` as an item, its file stored, of the upload ``into`` or a new one."""
    seed = next(_NUMBERS) if seed is None else seed
    blob = blob_put(io.BytesIO(meshes.block(seed, cells=16)), name="block.stl")
    curator, _ = get_user_model().objects.get_or_create(username="curator", defaults={"role": "curator"})
    return Item.objects.create(
        upload=into or upload(curator),
        name=name or f"{seed:03}.stl",
        sha256=blob.sha256,
        character=character,
        state=state,
        handedness=Item.Handedness.MIRRORED if mirrored else Item.Handedness.DIRECT,
        **values,
    )


def release() -> Release:
    """The live release; made, with a model of no weights, where there is none."""
    if found := Release.objects.filter(live=True).first():
        return found
    model = ModelVersion.objects.create(
        name="test", sha256="0" * 64, fingerprint="f" * 64, width=4, recipe={}
    )
    return Release.objects.create(model=model, live=True)


def fit(*, agreement: float = 0.9, transform: tuple[float, ...] = (-0.8, 0.0, 0.1, 0.0, 0.8, -0.05)) -> Fit:
    """A mirrored block, somewhat smaller than the picture, beside its middle."""
    return Fit(transform, agreement, 0.05, turn=0)


def suggestions(query: Query, items: list[Item], **values) -> list[Suggestion]:
    """``items`` as the suggestions for ``query``, the first one best."""
    query.margin = 0.9 if len(items) == 1 else 0.45
    query.save(update_fields=["margin"])
    return [
        Suggestion.objects.create(
            query=query,
            item=item,
            release=release(),
            rank=rank,
            distance=0.1 * rank,
            confidence=0.9 / rank,
            mirrored=item.is_mirrored,
            **values,
        )
        for rank, item in enumerate(items, 1)
    ]


def decision(query: Query, annotator, *, verdict: str = "", item: Item | None = None, **values) -> Decision:
    """An answer of ``annotator``: the match ``item``, or another ``verdict``."""
    verdict = verdict or (Decision.Verdict.MATCH if item else Decision.Verdict.UNSURE)
    made = Decision.objects.create(query=query, annotator=annotator, verdict=verdict, item=item, **values)
    query_recount(query=query)
    return made


def answer(*, query: Query, annotator, version: str = "", client_key=None, **fields) -> Decision:
    """An answer given through the service, with all its rules. fields: those of ``Answer``."""
    fields["also"] = tuple(fields.get("also", ()))
    given = {"version": version, "client_key": client_key}
    return decision_record(query=query, annotator=annotator, answer=Answer(**fields), **given)


def snapshot(curator) -> Snapshot:
    """The labels of now, frozen as a worker does it."""
    made = snapshot_request(user=curator)
    freezing = Freezing(made.number)
    frozen = snapshot_write(snapshot=made, freezing=freezing, report=lambda done, total: None)
    freezing.publish()
    snapshot_finish(snapshot=made, frozen=frozen)
    made.refresh_from_db()
    return made


def candidate() -> ModelVersion:
    """A model that is not live."""
    record = {"images": 2_500_000, "minutes": 73.5}
    return ModelVersion.objects.create(
        name="new", sha256="1" * 64, fingerprint="1" * 64, width=4, recipe={}, record=record
    )


def evaluation(curator, *, won: Query, lost: Query, items: list[Item]) -> Evaluation:
    """A candidate measured beside the live model: every gate is open; one match is won and one is lost."""
    interval = {"mean": 0.5, "low": 0.4, "high": 0.6}
    scores = dict.fromkeys(("mrr_at_5", "recall_at_1", "recall_at_5"), interval)
    gain = {"mean": 0.05, "low": 0.01, "high": 0.09}

    def case(query: Query, live_rank: int, candidate_rank: int) -> dict:
        first = {"live_first": items[0].pk, "candidate_first": items[-1].pk}
        ranks = {"live_rank": live_rank, "candidate_rank": candidate_rank}
        return {"query_id": query.pk, "name": query.name, "items": [items[0].pk], **ranks, **first}

    return Evaluation.objects.create(
        candidate=candidate(),
        live=release().model,
        snapshot=snapshot(curator),
        created_by=curator,
        state=Finished.READY,
        results={
            "queries": 100,
            "live": {**scores, "calibration_error": 0.02},
            "candidate": {**scores, "calibration_error": 0.01},
            "gain": dict.fromkeys(scores, gain),
            "corrected": {
                "blind": 40,
                "least": 30,
                **{name: {"live": interval, "candidate": interval, "gain": gain} for name in scores},
                "leaning": {"live": gain, "candidate": gain},
            },
            "slices": [{"name": "in_bmp", "queries": 100, "live": 0.5, "candidate": 0.55, "gain": gain}],
            "won": [case(won, 0, 1)],
            "lost": [case(lost, 1, 3)],
        },
    )


def training_run(curator, snapshot: Snapshot, **values) -> TrainingRun:
    """A run on ``snapshot``, two fifths of it over."""
    points = [
        {"batch": 50 * n, "share": n / 50, "seconds": 6.0 * n, "loss": 3.0 / (1 + n / 5)} for n in range(21)
    ]
    for n, point in enumerate(points[::5]):
        point |= {"mrr": 0.7 + 0.02 * n, "kept": 1 - 0.004 * n}
    result = {"recipe": "corrections", "base": release().model, "state": TrainingRun.State.RUNNING}
    result |= {"share": 0.4, "seconds": 120.0, "points": points, "log": "12:00:01 batch 1000, loss 0.600"}
    return TrainingRun.objects.create(snapshot=snapshot, created_by=curator, **{**result, **values})
