"""The library knows no web app, and neither do its tests: the fixtures that every other test gets stay out."""

import pytest


@pytest.fixture(autouse=True)
def bell():
    """No broker is rung here."""


@pytest.fixture(autouse=True)
def data():
    """No installation is needed here."""
