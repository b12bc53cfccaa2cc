"""The beat's schedule, which leaves a sign of life at each look at it."""

from celery.beat import Scheduler as InMemory
from django.conf import settings

SIGN = "beat.alive"


class Scheduler(InMemory):
    """Celery's schedule in memory; ``<data>/beat.alive`` is as old as the last look at it."""

    def tick(self, *args, **kwargs) -> float:
        (settings.ENV.data / SIGN).touch()
        return super().tick(*args, **kwargs)
