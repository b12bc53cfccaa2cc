"""What may be read of audits."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from webapp.datasets.models import Audit, AuditRow

FIRST = 100
"""So many of the list's first rows are counted by themselves: they tell whether it is worth going on."""


@dataclass(frozen=True)
class AuditProgress:
    """How far people are with an audit's rows. first: looked at among the first ``FIRST``, and changed."""

    total: int
    kept: int
    changed: int
    first_seen: int
    first_changed: int

    @property
    def seen(self) -> int:
        return self.kept + self.changed


def audits_for(user) -> QuerySet[Audit]:
    """Audits that ``user`` may see, the newest first: all for a curator, none for others."""
    found = Audit.objects.all() if user.is_curator else Audit.objects.none()
    return found.select_related("batch", "snapshot", "created_by", "model").order_by("-pk")


def audit_progress(audit: Audit) -> AuditProgress:
    """How far people are, in one database query."""
    kept, changed = Q(state=AuditRow.State.KEPT), Q(state=AuditRow.State.CHANGED)
    first = Q(rank__lte=FIRST)
    return AuditProgress(
        **audit.rows.order_by().aggregate(
            total=Count("pk"),
            kept=Count("pk", filter=kept),
            changed=Count("pk", filter=changed),
            first_seen=Count("pk", filter=first & (kept | changed)),
            first_changed=Count("pk", filter=first & changed),
        )
    )


def rows_found(audit: Audit, *, kind: str = "", state: str = "") -> QuerySet[AuditRow]:
    """The audit's rows, the most doubtful first; of one kind or state where that is one."""
    rows = audit.rows.select_related("query", "suggested", "other", "decision__import_row__upload")
    rows = rows.select_related("decision__item", "decision__annotator")
    rows = rows.defer("query__vector", "other__vector")
    if kind in AuditRow.Kind.values:
        rows = rows.filter(kind=kind)
    if state in AuditRow.State.values:
        rows = rows.filter(state=state)
    return rows.order_by("rank")
