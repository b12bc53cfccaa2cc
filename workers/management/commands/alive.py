"""``manage.py alive NAME``: a health check; ends with 0 while that process does its work."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from kombu.exceptions import OperationalError

from workers.onehost.alive import is_alive


class Command(BaseCommand):
    help = "Say whether the web server, a worker or the beat of this machine does its work."
    requires_system_checks = ["mocban"]  # the others load every page's code, for seconds

    def add_arguments(self, parser) -> None:
        parser.add_argument("name", choices=["web", "interactive", "batch", "training", "beat"])

    def handle(self, *, name: str, **options) -> None:
        try:
            alive = is_alive(name, settings.ENV)
        except (OperationalError, OSError) as error:
            raise CommandError(f"{name}: the broker does not answer ({error})") from None
        if not alive:
            raise CommandError(f"{name} does not answer")
        self.stdout.write(f"{name} is alive")
