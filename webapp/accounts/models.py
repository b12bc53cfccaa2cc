"""Who may come in, and what they may do."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person of the project.

    Annotators answer queries; reviewers see every batch; curators also keep the gallery and the releases.
    """

    class Role(models.TextChoices):
        ANNOTATOR = "annotator", _("annotator")
        REVIEWER = "reviewer", _("reviewer")
        CURATOR = "curator", _("curator")

    role = models.CharField(max_length=16, choices=Role.choices, default=Role.ANNOTATOR)
    # Own keys by page, then by action: {"review": {"skip": ["z"]}}; see shortcuts.py.
    shortcuts = models.JSONField(default=dict, blank=True)

    @property
    def is_curator(self) -> bool:
        return self.role == self.Role.CURATOR or self.is_superuser

    @property
    def is_reviewer(self) -> bool:
        """Whether they may rule on others' answers: reviewers and curators do."""
        return self.role == self.Role.REVIEWER or self.is_curator


class ApiToken(models.Model):
    """A program's key to the API, in the name of one person. The key itself is shown once, and kept nowhere.

    digest: SHA-256 of the key, in hexadecimal. A key is 160 random bits, so that a fast hash is enough.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created", "pk"]

    def __str__(self) -> str:
        return f"a token of {self.user}"
