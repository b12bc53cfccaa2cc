"""``manage.py up``: the whole installation in one terminal, until Ctrl-C."""

import asyncio

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from webapp.config.env import ROOT, Env
from webapp.core.errors import Refused
from workers.onehost.console import Console
from workers.onehost.guard import CannotStart, only_one, require_free_port
from workers.onehost.setup import installation_open, lacks_shipped_release
from workers.onehost.start import FirstSteps, serve
from workers.onehost.supervisor import GaveUp


class Command(BaseCommand):
    help = "Set up what is missing, then run broker, workers and web server here until Ctrl-C."
    requires_system_checks = ["mocban"]  # the others load every page's code, for seconds

    def handle(self, **options) -> None:
        try:
            with only_one(settings.ENV.data):
                self._run(settings.ENV)
        except (CannotStart, GaveUp) as error:
            raise CommandError(str(error)) from None
        except Refused as error:
            raise CommandError(f"{error}; {error.hint}") from None
        except OperationalError as error:
            raise CommandError(f"the database cannot be used: {str(error).splitlines()[0]}") from None
        except KeyboardInterrupt:  # before there was anything to stop
            raise SystemExit(130) from None

    def _run(self, env: Env) -> None:
        require_free_port(env.host, env.port)
        console = Console(self.stdout._out)  # type: ignore[arg-type]  # a stream, of which the stub knows nothing
        console.say("mocban", f"Starting; the installation is {env.data}")
        password = installation_open(env)
        missing = FirstSteps(password, lacks_shipped_release(ROOT), env.sample)
        connection.close()  # the processes to come each open their own
        asyncio.run(serve(env, console, missing))
        console.say("mocban", "Stopped.")
