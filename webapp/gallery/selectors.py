"""All that is ever asked of the gallery."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from common.carving_doubts import CARVING_DOUBTS
from webapp.core.characters import character_of, character_typed
from webapp.core.errors import Refused
from webapp.gallery.finding import items_fitting
from webapp.gallery.models import Import, ImportArchive, Item, ItemVector
from webapp.registry.models import ModelVersion

TO_CHECK = "check"
STATES = (*Item.State.values, TO_CHECK)
"""What the gallery can be asked for."""


@dataclass(frozen=True)
class ImportProgress:
    """How far an upload of meshes is. Numbers of items; unpacking: whether a zip is still to be opened."""

    total: int
    waiting: int
    done: int
    failed: int
    left_out: int
    unpacking: bool

    @property
    def state(self) -> str:
        """ "unpacking", "working" or "ready"."""
        return "unpacking" if self.unpacking else "working" if self.waiting else "ready"


def items_found(
    *, character: str = "", codepoint: str = "", state: str = "", search: str = ""
) -> QuerySet[Item]:
    """The gallery's items that fit, the oldest first.

    character, codepoint: exactly this one, either as its codepoints ("U+845B U+E0100"). state: waiting,
    ready, rejected, or check: ready, but somebody should look at how it was read. search: a character, a
    codepoint, a reading, radical and strokes, components, or part of a name.

    Raises:
        Refused: ``codepoint`` or ``state`` is none.
    """
    items = Item.objects.order_by("pk")
    wanted = [character_typed(character)] if character else []
    wanted += [_character(codepoint)] if codepoint else []
    if "\0" in "".join([*wanted, search]):  # no name holds it, and PostgreSQL takes no question that does
        return items.none()
    for one in wanted:
        items = items.filter(character=one)
    if state:
        if state not in STATES:
            raise Refused(f"{state!r} is not a state", hint=f"ask for {', '.join(STATES)}", code="bad_state")
        items = _to_check(items) if state == TO_CHECK else items.filter(state=state)
    return items_fitting(search, items).items if search.strip() else items


def _to_check(items: QuerySet[Item]) -> QuerySet[Item]:
    """Ready items that ``is_doubtful``, ``is_turn_doubtful`` or ``is_carving_doubtful``."""
    by_model = Item.Judge.MODEL
    wanted = Q(handedness_by=by_model, mirrored_probability__gte=0.1, mirrored_probability__lte=0.9)
    wanted |= Q(turn_by=by_model, upright_probability__lt=0.9)
    for note in CARVING_DOUBTS:
        wanted |= Q(repairs__icontains=note)
    return items.filter(wanted, state=Item.State.READY)


def import_progress(upload: Import) -> ImportProgress:
    """How far an upload is."""
    counts = upload.items.aggregate(
        total=Count("pk"),
        waiting=Count("pk", filter=Q(state=Item.State.WAITING)),
        done=Count("pk", filter=Q(state=Item.State.READY)),
        failed=Count("pk", filter=Q(state=Item.State.REJECTED)),
    )
    waiting = upload.archives.filter(state=ImportArchive.State.WAITING)
    return ImportProgress(**counts, left_out=upload.left_out.count(), unpacking=waiting.exists())


def searchable_count(model: ModelVersion, *, up_to: int) -> int:
    """How many items can be found by this model, counted no further than ``up_to``."""
    vectors = ItemVector.objects.filter(model=model, item__state=Item.State.READY)
    return vectors.values("item").distinct()[:up_to].count()


def _character(codepoint: str) -> str:
    try:
        return character_of(codepoint)
    except ValueError as error:
        raise Refused(str(error), code="bad_codepoint") from None
