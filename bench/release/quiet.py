"""The progress of a job that nobody looks at."""

from django.db import transaction


class QuietProgress:
    """Takes what a job reports, and keeps none of it."""

    def report(self, done: int, total: int) -> None:
        """Say nothing."""

    def writing(self):
        """A transaction."""
        return transaction.atomic()
