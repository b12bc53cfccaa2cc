"""A job's progress for tests that run a task by hand."""

from contextlib import contextmanager


class FakeProgress:
    """Keeps what is reported; its lease is never lost."""

    def __init__(self):
        self.reports = []

    def report(self, done, total):
        self.reports.append((done, total))

    note = report

    @contextmanager
    def writing(self):
        yield
