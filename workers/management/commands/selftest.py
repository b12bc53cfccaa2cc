"""``manage.py selftest``: which parts work here, and what to do about those that do not."""

from django.conf import settings
from django.core.management.base import BaseCommand

from webapp.config.env import ROOT
from workers.onehost.selftest import Finding, findings


class Command(BaseCommand):
    help = "Try database, broker, disk, weights, page assets, graphics and fonts; name what is missing."

    def handle(self, **options) -> None:
        settings.ENV.data.mkdir(parents=True, exist_ok=True)
        broken = 0
        for finding in findings(settings.ENV, ROOT):
            self.stdout.write(_line(finding))
            broken += bool(finding.trouble and finding.needed)
        if broken:
            raise SystemExit(1)


def _line(finding: Finding) -> str:
    if not finding.trouble:
        return f"{finding.part:<12} works"
    word = "fails" if finding.needed else "plainer"
    return f"{finding.part:<12} {word}: {finding.trouble}"
