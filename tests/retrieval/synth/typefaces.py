"""Where the tests' typefaces come from: npm packages that package.json names."""

from pathlib import Path

import pytest

_PACKAGES = ("cactus-classical-serif", "shippori-mincho")


def typeface_folder() -> Path:
    """The folder that npm installs typefaces into."""
    return Path(__file__).parents[3] / "node_modules" / "@expo-google-fonts"


needs_typefaces = pytest.mark.skipif(
    not all((typeface_folder() / package).is_dir() for package in _PACKAGES),
    reason="typefaces are missing: run npm ci",
)
