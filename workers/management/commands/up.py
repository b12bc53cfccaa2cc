"""``manage.py up``: the whole installation in one terminal, until Ctrl-C."""

import asyncio

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from webapp.config.env import Env
from workers.onehost.console import Console
from workers.onehost.guard import CannotStart, only_one, require_free_port
from workers.onehost.setup import installation_set_up
from workers.onehost.start import serve
from workers.onehost.supervisor import GaveUp


class Command(BaseCommand):
    help = "Set up what is missing, then run broker, workers and web server here until Ctrl-C."

    def handle(self, **options) -> None:
        try:
            with only_one(settings.ENV.data):
                self._run(settings.ENV)
        except (CannotStart, GaveUp) as error:
            raise CommandError(str(error)) from None
        except OperationalError as error:
            raise CommandError(f"the database cannot be used: {str(error).splitlines()[0]}") from None

    def _run(self, env: Env) -> None:
        require_free_port(env.host, env.port)
        console = Console(self.stdout._out)
        console.say("mocban", f"Starting; the installation is {env.data}")
        password = installation_set_up(env)
        connection.close()  # the processes to come each open their own
        asyncio.run(serve(env, console, password=password, with_sample=env.sample))
        console.say("mocban", "Stopped.")
