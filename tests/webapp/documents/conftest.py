"""A page that somebody has open."""

import json

import pytest

from tests import factories


@pytest.fixture
def page(owner):
    batch = factories.batch(owner, shared=True)
    return factories.page(factories.document(owner, batch=batch))


@pytest.fixture
def column(page):
    """Four boxes below each other, the first two matched."""
    return [
        factories.box(page, at=(300, 20 + 50 * row), order=row + 1.0, matched=row < 2) for row in range(4)
    ]


@pytest.fixture
def view(page, browse):
    """``view(user)``: the page as that person has it open."""

    class View:
        def __init__(self, user):
            self.client = browse(user)
            self.version = page.version

        def get(self, name="boxes", **query):
            return self.client.get(f"/pages/{page.pk}/{name}/", query).json()

        def post(self, name, body=None):
            answer = self.client.post(f"/pages/{page.pk}/{name}/", json.dumps(body or {}), "application/json")
            self.status, found = answer.status_code, answer.json()
            self.version = found.get("version", self.version)
            return found

        def edit(self, *operations, version=None):
            seen = self.version if version is None else version
            return self.post("edits", {"version": seen, "operations": list(operations)})

    return View
