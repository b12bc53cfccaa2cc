"""The library knows no web app, and neither do its tests: what every other test is given stays out."""

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no fault of the code, and the same cases every time make a failure repeatable.
settings.register_profile(
    "calm", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("calm")


@pytest.fixture(autouse=True)
def notifications():
    """No broker is there."""


@pytest.fixture(autouse=True)
def data():
    """No installation is needed here."""
