"""The style sheets: one file a component, and rooms that only lay out."""

import re
from collections.abc import Iterator
from pathlib import Path

from webapp.config.env import ROOT

STYLES = ROOT / "static/css"
BUNDLES = {"style.css", "dark.css", "hangul.css"}  # what the pages link
LAYOUT = re.compile(
    r"(margin|width|height|min-|max-|grid|flex|align-|justify-|place-|position|inset|top|right|bottom|left|order"
    r"|z-index|display|vertical-align|object-fit|--)"
)


def rules(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Each selector of a style sheet with the names of what it sets."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", text):
        names = [line.split(":")[0].strip() for line in body.split(";") if ":" in line]
        for selector in re.split(r",(?![^(]*\))", selectors):
            yield selector.strip(), names


def test_a_component_is_styled_in_its_own_file_alone():
    components = {path.stem for path in (STYLES / "components").rglob("*.css")}
    found = []
    for path in STYLES.rglob("*.css"):
        for selector, names in rules(path):
            subject = re.sub(r":\w+\([^)]*\)", "", re.split(r"[ >+~]+", selector)[-1])
            owners = components.intersection(re.findall(r"\.([a-z-]+)", subject)) - {path.stem}
            if owners and not all(LAYOUT.match(name) for name in names):
                found.append(f"{path.relative_to(STYLES)}: {selector}")
    assert found == []


def test_every_style_sheet_is_loaded():
    loaded = set(re.findall(r'"\./([^"]+)"', (STYLES / "style.css").read_text()))
    there = {str(path.relative_to(STYLES)) for path in STYLES.rglob("*.css")} - BUNDLES
    assert loaded == there
