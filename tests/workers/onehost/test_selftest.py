import pytest
from django.core.management import call_command

from webapp.config.env import ROOT
from workers.onehost import selftest
from workers.onehost.selftest import findings

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(settings, data, release):
    return lambda root=ROOT: {finding.part: finding for finding in findings(settings.ENV, root)}


def test_a_working_installation_lacks_only_its_broker_while_nothing_runs(found):
    troubles = {part: finding.trouble for part, finding in found().items() if finding.needed}
    assert {part for part, trouble in troubles.items() if trouble} <= {"broker", "page assets"}
    assert "make run" in troubles["broker"]


def test_missing_assets_and_fonts_say_what_to_type(found, tmp_path):
    there = found(tmp_path)
    assert "make assets" in there["page assets"].trouble
    assert "make assets" in there["fonts"].trouble
    assert not there["fonts"].needed


def test_a_full_disk_is_told(found, monkeypatch):
    usage = type("Usage", (), {"free": 1e8})
    monkeypatch.setattr(selftest.shutil, "disk_usage", lambda path: usage)
    assert "0.1 GB are left" in found()["disk"].trouble


def test_lost_weights_are_told(found, data):
    for path in (data / "models").iterdir():
        path.unlink()
    assert "weights" in found()["weights"].trouble


def test_a_missing_graphics_library_only_makes_it_plainer(found, monkeypatch, capsys):
    monkeypatch.setattr(selftest, "graphics_report", lambda: "libEGL.so.1 is missing")
    assert found()["graphics"].trouble == "libEGL.so.1 is missing"
    with pytest.raises(SystemExit):  # the broker of an installation that does not run
        call_command("selftest")
    said = capsys.readouterr().out
    assert "graphics     plainer: libEGL.so.1 is missing" in said
    assert "database     works" in said
