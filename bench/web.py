"""A fresh installation of a web server alone, with what a module of the benchmark puts into it."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.browser.client import Client, until
from tests.browser.stack import Stack
from webapp.config.env import ROOT, read_env
from webapp.config.processes import processes


@dataclass(frozen=True)
class Server:
    """A web server of its own. page: the address that the module printed."""

    stack: Stack
    page: str


@contextmanager
def web_server(module: str, *arguments: str) -> Iterator[Server]:
    """Fill an installation by ``python -m module``, which prints an address, and serve it."""
    with TemporaryDirectory(prefix="mocban-bench-") as folder:
        stack = Stack(Path(folder))
        (stack.data / "static").mkdir(parents=True)
        page = _run([sys.executable, "-m", module, *arguments], stack.environment).split()[-1]
        [web] = [one for one in processes(read_env(stack.environment)) if one.name == "web"]
        program, *options = web.command
        server = subprocess.Popen(  # noqa: S603 - our own command
            [str(Path(sys.executable).parent / program), *options], cwd=ROOT, env=stack.environment
        )
        try:
            until(lambda: _answers(stack), within=60, what="the web server answers")
            yield Server(stack, page)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(  # noqa: S603 - our own command
        command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def _answers(stack: Stack) -> bool:
    try:
        return Client(stack.url).get("/health/live").status == 200
    except OSError:
        return False
