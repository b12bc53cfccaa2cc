"""The truth about work: what is to be done, which worker has it, how far it is."""

import uuid

from django.conf import settings
from django.db import models

from webapp.core.models import Failable


class Job(Failable):
    """One piece of work for a worker.

    The broker only carries a message; this row says what is to be done. A worker holds a job by a lease: a
    token and a time. Who lost the lease cannot write. ``subject`` names what the job is for ("batch:12"), so
    that progress can be added up. ``owner``: whose work it is; None for the installation's own. ``turn``:
    the jobs of a queue are handed out by it, the lowest first; see ``webapp.jobs.turns``. ``notified``: when
    a worker was last sent a message about it.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "queued"
        RUNNING = "running", "running"
        DONE = "done", "done"
        FAILED = "failed", "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    queue = models.CharField(max_length=20)
    subject = models.CharField(max_length=60, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    turn = models.BigIntegerField(default=0)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True)
    lease_expires = models.DateTimeField(null=True)
    notified = models.DateTimeField(null=True, db_column="rung")
    not_before = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    created = models.DateTimeField(auto_now_add=True)
    started = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "created"]),
            models.Index(fields=["subject", "state"]),
            models.Index(fields=["queue", "state", "turn"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
