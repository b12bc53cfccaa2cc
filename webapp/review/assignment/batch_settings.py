"""How a batch is answered: by whom, how many times, and what is shown meanwhile."""

from dataclasses import dataclass

from django.db import transaction

from webapp.accounts.models import User
from webapp.batches.models import Batch
from webapp.core.errors import Refused
from webapp.review.consensus.standings import batch_recount
from webapp.review.models import Lease

MOST_WANTED = 5
MOST_SHARE = 20


@dataclass(frozen=True)
class BatchSettings:
    """wanted: answers a query, by as many people, 1 to 5. hidden: others' answers, until all are there.
    assigned: ids of the annotators whose work it is; all who see the batch, where it is empty.
    blind_share, gold_share: per cent of the cards, 0 to 20.
    """

    wanted: int = 1
    hidden: bool = False
    assigned: frozenset[int] = frozenset()
    blind_share: int = 3
    gold_share: int = 0

    def check(self) -> None:
        """Raises Refused where a number is out of its range, or fewer are assigned than answers wanted."""
        shares = (self.blind_share, self.gold_share)
        if not 1 <= self.wanted <= MOST_WANTED or not all(0 <= share <= MOST_SHARE for share in shares):
            hint = f"1 to {MOST_WANTED} answers, shares of 0 to {MOST_SHARE} per cent"
            raise Refused("a number is out of its range", hint=hint, code="bad_settings")
        if 0 < len(self.assigned) < self.wanted:
            raise Refused(
                f"{self.wanted} answers per picture need more than {len(self.assigned)} annotators",
                hint="assign it to more people, or ask for fewer answers",
                code="bad_settings",
            )


def settings_of(batch: Batch) -> BatchSettings:
    """The batch's settings as they are."""
    return BatchSettings(
        wanted=batch.wanted,
        hidden=batch.hidden,
        assigned=frozenset(batch.assigned.values_list("pk", flat=True)),
        blind_share=batch.blind_share,
        gold_share=batch.gold_share,
    )


def batch_settings_change(*, batch: Batch, settings: BatchSettings) -> Batch:
    """Change how a batch is answered. What was answered is added up anew where the number wanted changes.

    Whoever it is not assigned to any more loses the cards in their hands; their answers stand.

    Raises:
        Refused: the settings do not fit, or somebody assigned is not there.
    """
    settings.check()
    people = User.objects.filter(pk__in=settings.assigned, is_active=True)
    if people.count() < len(settings.assigned):
        raise Refused("somebody assigned has no account here", code="bad_settings")
    with transaction.atomic():
        locked = Batch.objects.select_for_update().get(pk=batch.pk)
        recount = locked.wanted != settings.wanted
        for name in ("wanted", "hidden", "blind_share", "gold_share"):
            setattr(locked, name, getattr(settings, name))
        locked.save(update_fields=["wanted", "hidden", "blind_share", "gold_share"])
        locked.assigned.set(people)
        if settings.assigned:
            Lease.objects.filter(query__batch=locked).exclude(holder__in=settings.assigned).delete()
        if recount:
            batch_recount(batch=locked)
    return locked


def assignable() -> list[User]:
    """Everybody of the project who can be given work, by name."""
    return list(User.objects.filter(is_active=True).order_by("username"))
