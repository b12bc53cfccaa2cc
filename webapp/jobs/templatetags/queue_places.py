"""Places in a queue, on pages that wait for work."""

from typing import Any

from django import template

from webapp.jobs.turns import held_up, jobs_before

register = template.Library()


@register.inclusion_tag("parts/queue_place.html")
def queue_place(what: str, key: object) -> dict[str, Any]:
    """How many jobs come before those for a thing, such as a batch by its id; nothing once its turn came.

    Where one of them waits to be tried again, why.
    """
    subject = f"{what}:{key}"
    return {"before": jobs_before(subject), "held_up": held_up(subject)}
