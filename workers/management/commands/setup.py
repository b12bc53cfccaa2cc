"""``manage.py setup``: makes an installation ready to be started; harmless when run again."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from common.errors import MocbanError
from webapp.core.errors import Refused
from workers.live.shipped import release_shipped
from workers.onehost.setup import FIRST_ACCOUNT, installation_open


class Command(BaseCommand):
    help = "Bring the tables up to date; make the first account and the first release where there is none."

    def handle(self, **options) -> None:
        try:
            password = installation_open(settings.ENV)
            release_shipped()
        except Refused as error:
            raise CommandError(f"{error}; {error.hint}") from None
        except OperationalError as error:
            raise CommandError(f"the database cannot be used: {str(error).splitlines()[0]}") from None
        except (MocbanError, OSError) as error:
            hint = getattr(error, "hint", "")
            raise CommandError(f"the shipped weights cannot be used: {error} {hint}".strip()) from None
        if password:
            self.stdout.write(f"Made the account {FIRST_ACCOUNT}, password {password} (shown this once).")
        self.stdout.write("The installation is set up.")
