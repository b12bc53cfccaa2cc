"""Characters of imported boxes that become answers, once the boxes are matched: a match is with a block."""

import uuid
from collections.abc import Sequence

from django.db.models import Q

from webapp.batches.models import Query
from webapp.core.errors import AppError
from webapp.documents.box_imports.services import BOXES_IMPORT, box_import_enqueue
from webapp.documents.models import BoxImport
from webapp.gallery.models import Item
from webapp.jobs.selectors import jobs_open
from webapp.pages.models import Box
from webapp.review.answer import Answer
from webapp.review.answering.services import decision_record
from webapp.review.models import Decision
from webapp.search.models import Suggestion

AT_ONCE = 25
"""Boxes of one transaction: short enough for annotators not to wait."""

_KEY = uuid.UUID("5f0c8f0e-3f53-4d1c-8f4e-9a7e0b6c2d11")
_DECIDED = Q(query__state__in=[Query.State.READY, Query.State.REJECTED]) | Q(not_character=True)


def box_labels_part(*, upload: BoxImport) -> bool:
    """Give the next matched boxes their labels, in the caller's transaction. Returns whether there are more.

    The block of a label is the first suggestion that is of the character, or else the only block that is.
    Of a character that the gallery has no block of, the answer is "none". Where there are several and none
    is suggested, or where somebody has answered already, the character stays a proposal.
    """
    upload.refresh_from_db()
    if upload.state != BoxImport.State.LABELLING:
        return False
    some = list(_waiting(upload).filter(_DECIDED).select_related("query__batch").order_by("pk")[:AT_ONCE])
    blocks = _blocks([box.query_id for box in some], {box.proposal for box in some})
    labelled = sum(_label(upload, box, blocks) for box in some)
    Box.objects.filter(pk__in=[box.pk for box in some]).update(proposal_source=Box.ProposalSource.IMPORT)
    upload.labelled += labelled
    upload.unlabelled += len(some) - labelled
    if not _waiting(upload).exists():
        upload.state = BoxImport.State.READY
    upload.save(update_fields=["labelled", "unlabelled", "state"])
    return len(some) == AT_ONCE and upload.state == BoxImport.State.LABELLING


def box_imports_go_on() -> None:
    """Have labels given wherever boxes were matched since."""
    busy = {payload["import"] for payload in jobs_open(BOXES_IMPORT).values_list("payload", flat=True)}
    for upload in BoxImport.objects.filter(state=BoxImport.State.LABELLING).exclude(pk__in=busy):
        waiting = _waiting(upload)
        if waiting.filter(_DECIDED).exists() or not waiting.exists():
            box_import_enqueue(upload=upload)


class _Blocks:
    """Which blocks are of which characters, for a few boxes.

    suggested: the first of each query's suggestions that is of a character, by both. all: up to two blocks
    of each character.
    """

    def __init__(self, suggested: dict[tuple[int, str], Item], all: dict[str, list[Item]]) -> None:
        self.suggested, self.all = suggested, all

    def answer(self, box: Box) -> Answer | None:
        """The label; None where it cannot be said of which block it is."""
        of_it = self.all.get(box.proposal, [])
        item = self.suggested.get((box.query_id or 0, box.proposal)) or (
            of_it[0] if len(of_it) == 1 else None
        )
        if item is not None:
            return Answer(Decision.Verdict.MATCH, item)
        if of_it:
            return None
        return Answer(Decision.Verdict.NONE, reason=Decision.Reason.NOT_IN_GALLERY)


def _blocks(queries: Sequence[int | None], characters: set[str]) -> _Blocks:
    rows = Suggestion.objects.filter(query__in=queries, item__character__in=characters)
    suggested: dict[tuple[int, str], Item] = {}
    for row in rows.select_related("item").order_by("rank"):
        suggested.setdefault((row.query_id, row.item.character), row.item)
    ready = Item.objects.filter(state=Item.State.READY)
    all = {one: list(ready.filter(character=one).order_by("pk")[:2]) for one in characters}
    return _Blocks(suggested, all)


def _label(upload: BoxImport, box: Box, blocks: _Blocks) -> bool:
    """Whether the character became an answer."""
    query = box.query
    if query is None or query.state != Query.State.READY or query.answers or box.not_character:
        return False
    answer = blocks.answer(box)
    if answer is None:
        return False
    key = uuid.uuid5(_KEY, f"{upload.pk} {box.pk}")
    try:
        decision_record(query=query, annotator=upload.person, client_key=key, answer=answer)
    except AppError:  # it was settled, or the batch was assigned to others meanwhile
        return False
    return True


def _waiting(upload: BoxImport):
    """Boxes whose characters are to become labels."""
    of = Box.objects.filter(page__document=upload.document_id, deleted=None)
    return of.filter(proposal_source=Box.ProposalSource.LABEL)
