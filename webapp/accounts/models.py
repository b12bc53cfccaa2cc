"""Who may come in, and what they may do."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person of the project.

    Annotators answer queries; reviewers see every batch; curators also keep the gallery and the releases.
    """

    class Role(models.TextChoices):
        ANNOTATOR = "annotator", "annotator"
        REVIEWER = "reviewer", "reviewer"
        CURATOR = "curator", "curator"

    role = models.CharField(max_length=16, choices=Role.choices, default=Role.ANNOTATOR)

    @property
    def is_curator(self) -> bool:
        return self.role == self.Role.CURATOR or self.is_superuser
