"""No page needs the browser to trust anything that is not a file of ours."""

import re

import pytest

from tests import people
from webapp.config.env import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_hold_no_script_and_no_style(path):
    text = path.read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|hx-on", text)
    for tag in re.findall(r"<script[^>]*>", text):
        assert " src=" in tag


@pytest.mark.parametrize("address", ["/batches/{batch}/", "/batches/{batch}/review/", "/gallery/{item}/"])
def test_the_policy_is_strict_on_every_page(rooms, browse, address):
    answer = browse(people.owner()).get(rooms.fill(address))
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
    for tag in re.findall(r"<script[^>]*>", answer.content.decode()):
        assert " src=" in tag or 'type="application/json"' in tag


def test_hostile_names_stay_text(rooms, browse):
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    rooms.batch.name = evil
    rooms.batch.save()
    type(rooms.query).objects.filter(pk=rooms.query.pk).update(name=evil)
    type(rooms.item).objects.filter(pk=rooms.item.pk).update(name=evil)
    for address in [
        "/batches/",
        "/batches/{batch}/",
        "/batches/{batch}/review/",
        "/gallery/",
        "/gallery/{item}/",
    ]:
        text = browse(people.owner()).get(rooms.fill(address)).content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text
