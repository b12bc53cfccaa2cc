"""All that is ever done to a transcription: stored, laid along boxes, failed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from common.transcriptions import text_of
from webapp.core.errors import Refused, TooLarge
from webapp.documents.models import Transcription
from webapp.jobs.kinds import JobKind
from webapp.jobs.services import job_enqueue
from webapp.pages.interchange.texts import read_text
from webapp.pages.models import CHARACTER_LENGTH, Box, Document, Page

TEXT_ALIGN = JobKind("text.align", queue="batch")  # {"transcription": pk of Transcription}
MOST_BYTES = 16 << 20
_FIELDS = ("proposal", "proposal_source", "proposal_score")


@dataclass(frozen=True)
class Proposal:
    """What a text says of a box. character: empty for nothing. score: in [0, 1]."""

    box: int
    character: str
    score: float


@dataclass(frozen=True)
class PageFit:
    """How a text fits a page. agreed: boxes that look like their characters. fits: whether it is of the page.

    proposals: of its boxes; not kept where it does not fit.
    """

    page: int
    name: str
    boxes: int
    agreed: int
    fits: bool
    proposals: Sequence[Proposal] = ()


def text_file(sent: tuple[str, Any]) -> tuple[str, bytes]:
    """A file of a text that was sent, with its name. Raises TooLarge."""
    name, file = sent
    if (file.size or 0) > MOST_BYTES:
        raise TooLarge("the text is too large", hint="split it into several files")
    return name, file.read()


@transaction.atomic
def transcription_add(
    *, document: Document, page: Page | None, person, data: bytes, name: str = ""
) -> Transcription:
    """Store a text, and have a worker lay it along the boxes of the document, or of one page of it.

    data: plain text, TEI, PAGE XML or another file with text. name: of the file; empty for a pasted one.

    Raises:
        TooLarge: it has more than 16 MB.
        BadBoxes: it cannot be read.
        Refused: there are no Han characters in it.
    """
    if len(data) > MOST_BYTES:
        raise TooLarge("the text is too large", hint="split it into several files")
    pages = read_text(data, name or "the text")
    if not any(text_of(lines).characters for lines in pages):
        raise Refused("there are no Han characters in the text", hint="check the file", code="empty_text")
    made = Transcription.objects.create(
        document=document,
        page=page,
        person=person,
        name=name[:255],
        text="\n\n".join("\n".join(lines) for lines in pages),
    )
    job_enqueue(
        kind=TEXT_ALIGN,
        payload={"transcription": made.pk},
        queue="interactive" if page else "batch",
        subject=f"page:{page.pk}" if page else f"document:{document.pk}",
        owner=person.pk,
    )
    return made


@transaction.atomic
def transcription_finish(*, transcription: Transcription, fits: Sequence[PageFit], left: int) -> None:
    """Keep what the text proposes for the pages that it fits. Harmless when done twice."""
    for fit in fits:
        if fit.fits:
            _propose(fit)
    Transcription.objects.filter(pk=transcription.pk).update(
        state=Transcription.State.READY,
        boxes=sum(fit.boxes for fit in fits),
        agreed=sum(fit.agreed for fit in fits),
        left=left,
        pages=[
            {"page": one.page, "name": one.name, "boxes": one.boxes, "agreed": one.agreed, "fits": one.fits}
            for one in fits
        ],
        **Transcription.NO_ERROR,
    )


def _propose(fit: PageFit) -> None:
    """A box that the text has nothing for loses what an earlier text said."""
    proposals = {one.box: one for one in fit.proposals}
    boxes = list(Box.objects.select_for_update().filter(pk__in=proposals, deleted=None).order_by("pk"))
    for box in boxes:
        one = proposals[box.pk]
        if one.character and len(one.character) <= CHARACTER_LENGTH:
            box.proposal, box.proposal_source = one.character, Box.ProposalSource.TEXT
            box.proposal_score = round(one.score, 4)
        elif box.proposal_source == Box.ProposalSource.TEXT:
            box.proposal, box.proposal_source, box.proposal_score = "", "", None
    Box.objects.bulk_update(boxes, _FIELDS, batch_size=200)


def transcription_fail(*, pk: int, code: str, error: str, hint: str = "") -> None:
    """The text could not be laid along. One that is ready stays ready."""
    Transcription.objects.filter(pk=pk, state=Transcription.State.WAITING).update(
        state=Transcription.State.FAILED, error_code=code[:40], error=error, hint=hint
    )
