import os
from dataclasses import replace

import pytest
from django.core.checks import run_checks

from webapp.config import checks


@pytest.fixture
def check_ids(settings):
    """Ids of what the checks say when these settings are changed."""

    def tell(**changed):
        settings.ENV = replace(settings.ENV, **changed)
        return {message.id for message in run_checks() if message.id.startswith("mocban.")}

    return tell


def test_the_defaults_are_well(check_ids):
    assert check_ids() == set()


def test_a_debug_server_on_the_network_is_refused(check_ids):
    assert check_ids(debug=True) == set()
    assert check_ids(debug=True, allowed_hosts=("mocban.example.org",)) == {"mocban.E002"}


def test_an_open_server_that_answers_to_no_name_is_warned_of(check_ids):
    assert check_ids(host="0.0.0.0") == {"mocban.W001"}
    assert check_ids(host="0.0.0.0", allowed_hosts=("mocban.example.org",)) == set()


def test_an_origin_needs_its_scheme(settings):
    settings.ENV = replace(settings.ENV, trusted_origins=("mocban.example.org",))
    [message] = checks.https_names_its_origins()
    assert message.hint == "write https://mocban.example.org"


def test_a_folder_that_cannot_be_written_is_named(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    settings.ENV = replace(settings.ENV, data=tmp_path / "not" / "yet")
    [message] = checks.data_is_writable()
    assert str(tmp_path) in message.msg
    assert "MOCBAN_DATA" in message.hint
