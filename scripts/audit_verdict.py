"""Says in words what pip-audit found: ``audit_verdict.py REPORT.json LOG``; true if all were checked."""

import json
import sys
from pathlib import Path


def verdict(report: str) -> tuple[bool, list[str]]:
    """Whether all is well, and the lines to print.

    report: pip-audit's JSON; empty where it could not write any. A package that it skipped is not a package
    without vulnerabilities: nobody knows.
    """
    if not report.strip():
        return False, ["NOT CHECKED: pip-audit wrote no report; see build/audit.log"]
    packages = json.loads(report)["dependencies"]
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    if packages and len(skipped) == len(packages):
        return False, ["NOT CHECKED: the vulnerability service could not be reached for any package"]
    lines = [
        f"{package['name']} {package['version']}: {found['id']}, fixed in {_versions(found)}"
        for package in packages
        for found in package.get("vulns", ())
    ]
    lines += [f"{name}: NOT CHECKED, the vulnerability service does not know it" for name in skipped]
    return not lines, lines or [f"no known vulnerabilities in {len(packages)} packages"]


def trouble(log: str) -> list[str]:
    """What pip-audit wrote beside its report, without its own verdict, which leaves skipped ones out."""
    lines = [line for line in log.splitlines() if line.strip()]
    return [line for line in lines if not line.startswith(("WARNING:", "No known vulnerabilities"))]


def _versions(found: dict) -> str:
    return ", ".join(found.get("fix_versions") or ["no version yet"])


if __name__ == "__main__":
    report, log = (path.read_text() if path.exists() else "" for path in map(Path, sys.argv[1:]))
    well, lines = verdict(report)
    sys.stdout.write("".join(f"Python's packages: {line}\n" for line in lines))
    sys.stderr.write("".join(f"{line}\n" for line in ([] if well else trouble(log))))
    sys.exit(not well)
