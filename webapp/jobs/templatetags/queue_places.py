"""Places in a queue, on pages that wait for work."""

from django import template

from webapp.jobs.turns import jobs_before

register = template.Library()


@register.inclusion_tag("parts/queue_place.html")
def queue_place(what: str, key: object) -> dict[str, int | None]:
    """How many jobs come before those for a thing, such as a batch by its id; nothing once its turn came."""
    return {"before": jobs_before(f"{what}:{key}")}
