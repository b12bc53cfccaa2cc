"""What follows from the answers and suggestions that are there, for the columns that are new."""

from django.db import migrations
from django.db.models import Count, Exists, F, OuterRef, Subquery

_ANSWERS = ("match", "none", "unsure")
_AT_ONCE = 500


def fill(apps, schema_editor):
    """Count the answers of each query, and say how much surer its first suggestion is than its second."""
    Query = apps.get_model("batches", "Query")
    Decision = apps.get_model("review", "Decision")
    Suggestion = apps.get_model("search", "Suggestion")
    Query.objects.filter(answered=True).update(wanting=False)
    for query in Query.objects.filter(answered=True).only("pk").iterator(chunk_size=_AT_ONCE):
        later = Decision.objects.filter(
            query=OuterRef("query"), annotator=OuterRef("annotator"), pk__gt=OuterRef("pk")
        )
        words = Decision.objects.filter(~Exists(later), query=query.pk, verdict__in=_ANSWERS).order_by()
        groups = [row["said"] for row in words.values("verdict", "item").annotate(said=Count("pk"))]
        if groups:
            values = {"answers": sum(groups), "agreement": max(groups) / sum(groups)}
            Query.objects.filter(pk=query.pk).update(**values)
    ranked = Suggestion.objects.filter(query=OuterRef("pk"))
    first, second = (Subquery(ranked.filter(rank=rank).values("confidence")[:1]) for rank in (1, 2))
    told = Query.objects.annotate(first=first, second=second)
    told.filter(first__isnull=False, second__isnull=True).update(margin=F("first"))
    told.filter(second__isnull=False).update(margin=F("first") - F("second"))


class Migration(migrations.Migration):
    dependencies = [("review", "0002_teamwork"), ("search", "0001_initial"), ("batches", "0003_teamwork")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
