"""What may be read of label imports."""

from django.db.models import Count, QuerySet

from webapp.datasets.models import LabelImport, LabelImportRow

_Standing = LabelImportRow.Standing


def imports_for(user) -> QuerySet[LabelImport]:
    """Files that ``user`` may see, the newest first: all for a curator, none for others."""
    found = LabelImport.objects.all() if user.is_curator else LabelImport.objects.none()
    return found.select_related("created_by", "by_name_in").order_by("-pk")


def rows_of_import(upload: LabelImport, *, standing: str = "") -> QuerySet[LabelImportRow]:
    """What the file says, in its order; of one standing where that is one."""
    rows = upload.rows.select_related("query", "item", "decision").defer("query__vector")
    return rows.filter(standing=standing) if standing in _Standing.values else rows


def standings_of(upload: LabelImport) -> dict[str, int]:
    """How many rows there are of each standing; 0 for those that there are not."""
    counted = upload.rows.order_by().values_list("standing").annotate(Count("pk"))
    return dict.fromkeys(_Standing.values, 0) | dict(counted)
