"""Shapes that several rooms' tables share."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Failable(models.Model):
    """Something that may fail or be refused; the three are empty unless it did.

    error_code: the word for programs; `webapp.core.refusals.words` gives it in the reader's language.
    error, hint: what happened and what to do, in English, with names and numbers.
    """

    NO_ERROR: ClassVar = {"error_code": "", "error": "", "hint": ""}

    error_code = models.CharField(max_length=40, blank=True)
    error = models.TextField(blank=True)
    hint = models.TextField(blank=True)

    class Meta:
        abstract = True


class Refusable(Failable):
    """Something uploaded that is waiting, became usable, or was refused with a reason."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        READY = "ready", _("ready")
        REJECTED = "rejected", _("rejected")

    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)

    class Meta:
        abstract = True


class LeftOut(models.Model):
    """An entry of an upload that became nothing, and why: junk, a duplicate, an unreadable name."""

    name = models.TextField()
    code = models.CharField(max_length=40)
    reason = models.TextField()
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
