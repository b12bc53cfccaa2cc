"""Webhooks: which addresses are notified, which events there were, and how each delivery went."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class EventKind(models.TextChoices):
    """Which events there are: the ``type`` of a message."""

    BATCH_READY = "batch.ready", _("a batch has all its suggestions")
    BATCH_ANSWERED = "batch.answered", _("a batch is fully answered")
    SNAPSHOT_FROZEN = "snapshot.frozen", _("a snapshot is created")
    TRAINING_ENDED = "training.ended", _("a training run ends (done, failed or stopped)")
    MODEL_PROMOTED = "model.promoted", _("another model goes live")
    MODEL_ROLLED_BACK = "model.rolled_back", _("an earlier release is live again")


TRIAL = "hook.trial"
"""The type of a message that a curator sends to see whether it arrives. No hook asks for it."""


class Hook(models.Model):
    """An address that is notified of events.

    events: the ``EventKind`` values it is notified of. stopped: why it was switched off, where nobody did so.
    salt: the signing secret is made from it and the installation's own key, and stands nowhere; see
    ``signing``. check_word: of that secret, by which a changed key is noticed. old_salt: of the secret
    before, which signs as well until old_until. failing_since: when the first delivery failed after the last
    that arrived.
    """

    class Stopped(models.TextChoices):
        GONE = "gone", _("the receiver answered “gone” (410)")
        FAILING = "failing", _("nothing arrived for days")
        KEY_CHANGED = "key_changed", _("the installation's key changed: create a new secret")

    name = models.CharField(max_length=100)
    url = models.CharField(max_length=2000, unique=True)
    events = models.JSONField(default=list)
    active = models.BooleanField(default=True)
    stopped = models.CharField(max_length=20, choices=Stopped.choices, blank=True)
    salt = models.CharField(max_length=64)
    check_word = models.CharField(max_length=16)
    old_salt = models.CharField(max_length=64, blank=True)
    old_until = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    @property
    def old_holds(self) -> bool:
        """Whether the secret before signs still."""
        return bool(self.old_salt and self.old_until and self.old_until > timezone.now())


class Event(models.Model):
    """Something that happened, written in the transaction in which it did. data: ids, links and counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    created = models.DateTimeField(auto_now_add=True)

    @property
    def message_id(self) -> str:
        """The same at every attempt, to every receiver: a receiver that got it twice knows it by this."""
        return f"evt_{self.pk.hex}"


class Delivery(models.Model):
    """One event on its way to one hook.

    attempts: made so far. next_try: when it is tried again; empty where it is not. status: of the last HTTP
    answer; answer: how that began. error_code, error: why the last attempt failed.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("sending")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("failed")

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.TextField(blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    error = models.TextField(blank=True)
    created = models.DateTimeField(auto_now_add=True)
    tried = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["hook", "event"], name="one_delivery_an_event")]

    @property
    def hint(self) -> str:
        """Part of what a refused row has; what to do about a delivery, its error says."""
        return ""


class Mark(models.Model):
    """Whether a fact of which hooks are notified once holds now, such as "batch:12 is answered".

    Its row is the lock by which two people who finish a batch at one moment count past each other in vain.
    """

    subject = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    holds = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "kind"], name="one_mark_a_fact")]
