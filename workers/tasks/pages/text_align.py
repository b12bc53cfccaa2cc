"""A known text, laid along the boxes of a page or of a whole document by what they look like."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from common.transcriptions import PageText, text_of
from retrieval.align import Alignment, BoxReading, CharacterVectors, align
from retrieval.align.alignment import FITS, fit_of
from retrieval.embed import Embedder
from retrieval.locate import Box as LocatedBox
from retrieval.locate import crop_box
from webapp.characters.forms import also_written
from webapp.documents.models import Transcription
from webapp.documents.transcriptions.services import (
    TEXT_ALIGN,
    PageFit,
    Proposal,
    transcription_fail,
    transcription_finish,
)
from webapp.gallery.models import Item
from webapp.pages.interchange.texts import plain_pages
from webapp.pages.models import Box, Page
from webapp.pages.selectors import document_pages
from workers.live.cache import all_vectors, live
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress
from workers.tasks.pages.boxes_crop import page_grey

# A running title and what stands in the margin are seldom in a transcription, and never in its order.
_OUTSIDE = (Box.Kind.FOLD, Box.Kind.MARGIN)


@dataclass(frozen=True)
class _PageBoxes:
    """A page's boxes in reading order, and (N, D) float32 of unit length, their vectors; NaN for no ink."""

    page: Page
    boxes: list[Box]
    vectors: np.ndarray


def text_align(payload: dict, progress: JobProgress) -> None:
    """Lay ``payload["transcription"]`` along its boxes, and keep what it says of each. A ready one is left.

    Raises:
        NoRelease: no model is live.
        StoreTrouble: a page's file is missing from the store.
    """
    transcription = (
        Transcription.objects.select_related("document", "page")
        .filter(pk=payload["transcription"], state=Transcription.State.WAITING)
        .first()
    )
    if transcription is None:
        return
    loaded = live()
    wanted = [transcription.page] if transcription.page else document_pages(transcription.document)
    pages = [_page_boxes(page, loaded.embedder, loaded.release.model_id) for page in wanted]
    text = text_of(line for lines in plain_pages(transcription.text) for line in lines)
    found = _align(pages, text, loaded.embedder, progress)
    with progress.writing():
        transcription_finish(
            transcription=transcription, fits=list(_fits(pages, found.boxes)), left=found.left
        )


def _align(pages: list[_PageBoxes], text: PageText, embedder: Embedder, progress: JobProgress) -> Alignment:
    columns = [(one.page.pk, box.column) for one in pages for box in one.boxes]
    begins = [place == 0 or columns[place - 1] != column for place, column in enumerate(columns)]
    nothing = np.zeros((0, embedder.width), np.float32)
    return align(
        np.concatenate([nothing, *(one.vectors for one in pages)]),
        begins,
        text,
        known_characters(embedder),
        variants={one: also_written(one) for one in set(text.characters)},
        report=progress.report,
    )


def known_characters(embedder: Embedder) -> CharacterVectors:
    """What characters look like: the gallery's blocks of each, and what the model learned of it."""
    vectors = all_vectors()
    ready = Item.objects.filter(state=Item.State.READY).exclude(character="")
    character_of = dict(ready.values_list("pk", "character").iterator(chunk_size=10_000))
    owners = vectors.items.tolist()
    rows = [place for place, item in enumerate(owners) if item in character_of]
    names = [character_of[owners[place]] for place in rows]
    if embedder.learned is None:
        return CharacterVectors(names, vectors.vectors[rows])
    directions, codepoints = embedder.learned
    names += [chr(code) for code in codepoints.tolist()]
    return CharacterVectors(names, np.concatenate([vectors.vectors[rows], directions]))


def _page_boxes(page: Page, embedder: Embedder, model: int) -> _PageBoxes:
    """Vectors of crops that were matched are taken as they are; other boxes are cut out here."""
    found = Box.objects.filter(page=page, deleted=None, not_character=False).exclude(kind__in=_OUTSIDE)
    boxes = list(found.select_related("query").order_by("order", "pk"))
    vectors = np.full((len(boxes), embedder.width), np.nan, np.float32)
    missing = []
    for place, box in enumerate(boxes):
        query = box.query
        if query and query.vector and query.vector_model_id == model and not box.stale:
            vectors[place] = np.frombuffer(query.vector, "<f4")
        else:
            missing.append(place)
    if missing:
        grey = page_grey(page)
        crops = {place: _crop(grey, boxes[place], page.angle) for place in missing}
        inked = {place: crop for place, crop in crops.items() if crop.max() > crop.min()}
        vectors[list(inked)] = embedder.embed_prints(list(inked.values()))
    return _PageBoxes(page, boxes, vectors)


def _crop(grey: np.ndarray, box: Box, angle: float) -> np.ndarray:
    return crop_box(grey, LocatedBox(box.x, box.y, box.w, box.h), angle)


def _fits(pages: list[_PageBoxes], readings: tuple[BoxReading, ...]) -> Iterable[PageFit]:
    """What the text says of each page that has boxes."""
    start = 0
    for one in pages:
        own = readings[start : start + len(one.boxes)]
        start += len(one.boxes)
        if own:
            pairs = zip(one.boxes, own, strict=True)
            yield PageFit(
                page=one.page.pk,
                name=one.page.name,
                boxes=len(own),
                agreed=sum(reading.agrees for reading in own),
                fits=fit_of(own) >= FITS,
                proposals=[Proposal(box.pk, reading.character, reading.confidence) for box, reading in pairs],
            )


def _on_give_up(payload: dict, *, code: str, error: str, hint: str) -> None:
    transcription_fail(pk=payload["transcription"], code=code, error=error, hint=hint)


JOB = JobHandler(kind=TEXT_ALIGN, run=text_align, on_give_up=_on_give_up)
