"""``make audit`` says only what it knows."""

import json
import runpy

_SCRIPT = runpy.run_path("scripts/audit_verdict.py")
verdict, trouble = _SCRIPT["verdict"], _SCRIPT["trouble"]


def report(*packages):
    return json.dumps({"dependencies": list(packages), "fixes": []})


SOUND = {"name": "sound", "version": "1.0", "vulns": []}
SKIPPED = {"name": "skipped", "skip_reason": "Dependency not found"}
BROKEN = {"name": "broken", "version": "2.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}]}


def test_all_checked_and_none_known():
    assert verdict(report(SOUND, SOUND)) == (True, ["no known vulnerabilities in 2 packages"])


def test_a_vulnerability_is_named_with_what_mends_it():
    assert verdict(report(SOUND, BROKEN)) == (False, ["broken 2.0: PYSEC-1, fixed in 2.1"])


def test_a_package_that_was_skipped_is_not_called_sound():
    well, lines = verdict(report(SOUND, SKIPPED))
    assert not well
    assert lines == ["skipped: NOT CHECKED, the vulnerability service does not know it"]


def test_a_service_that_nobody_could_ask():
    for nothing in (report(SKIPPED, SKIPPED), "", "\n"):
        well, lines = verdict(nothing)
        assert not well
        assert lines[0].startswith("NOT CHECKED")


def test_what_was_not_checked_is_not_called_sound_by_what_pip_audit_says_beside_it():
    log = "WARNING:pip_audit: advice\nERROR:pip_audit: no route to host\nNo known vulnerabilities found\n"
    assert trouble(log) == ["ERROR:pip_audit: no route to host"]
