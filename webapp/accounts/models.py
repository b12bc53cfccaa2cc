"""Who may come in, and what they may do."""

from django.contrib.auth.models import AbstractUser
from django.db import models
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

    @property
    def is_curator(self) -> bool:
        return self.role == self.Role.CURATOR or self.is_superuser

    @property
    def is_reviewer(self) -> bool:
        """Whether they may rule on others' answers: reviewers and curators do."""
        return self.role == self.Role.REVIEWER or self.is_curator
