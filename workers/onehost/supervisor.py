"""Runs an installation's processes in one terminal: starts them, shows what they print, stops them all."""

import asyncio
import os
import shutil
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from webapp.config.processes import Process
from workers.onehost.console import Console

_FINISH_WITHIN = 12.0  # seconds that a process has to finish what it is doing
_DROP_WITHIN = 8.0  # seconds more that it has to put down what it cannot finish
_GIVE_UP_AFTER = 4  # starts that came to nothing, of a process that never lived for ...
_LIVED = 60.0  # ... so many seconds
_LONGEST_WAIT = 60.0  # seconds before a process that keeps dying is started again
_FROM_OUTSIDE = (-signal.SIGKILL, -signal.SIGTERM)  # for want of memory, or by somebody's hand
_ANOTHER_WISH = 0.5  # seconds after which another Ctrl-C means to hurry
_LOOK_EVERY = 0.05  # seconds
_LONGEST_LINE = 1 << 20


class GaveUp(Exception):
    """A process died again and again; the message says which and how."""


class Supervisor:
    """Keeps processes running until it is told to stop.

    A process that dies is started again, since losing one costs an installation time only; the others go on
    meanwhile. Only an installation that is broken from the start stops: where a process that everything needs
    ends by itself again and again, and never lived. The terminal then shows why, in its last lines.
    """

    def __init__(self, console: Console, environment: Mapping[str, str], folder: Path) -> None:
        self._console = console
        self._environment = dict(environment)
        self._folder = folder
        self._layers: list[list[str]] = []
        self._keepers: list[asyncio.Task] = []
        self._live: dict[str, asyncio.subprocess.Process] = {}
        self._stopping = asyncio.Event()
        self._asked = 0.0
        self._hurried = False
        self._failure: GaveUp | None = None

    def listen_to_signals(self) -> None:
        """Ctrl-C, SIGTERM and a closed terminal stop all; a second Ctrl-C does not wait."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._asked_to_stop, number)
        # A shell starts what it puts in the background with this one ignored, and so would every child be.
        signal.signal(signal.SIGQUIT, signal.SIG_DFL)

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    def start(self, processes: Sequence[Process]) -> None:
        """Start these, and keep them running. Those of an earlier call are stopped later."""
        self._layers.append([process.name for process in processes])
        self._keepers += [asyncio.create_task(self._keep(process)) for process in processes]

    async def run_once(self, process: Process) -> int:
        """Run a process to its end beside the others; returns its exit code."""
        self._layers.append([process.name])
        child = await self._spawn(process)
        return await self._follow(process, child)

    async def until_stopped(self) -> None:
        """Wait for the signal to stop, then stop all.

        Raises:
            GaveUp: a process could not be kept running.
        """
        await self._stopping.wait()
        await self.stop_all()
        if self._failure:
            raise self._failure

    async def wait_or_stop(self, seconds: float) -> bool:
        """Sleep, but wake at once when told to stop; returns whether to stop."""
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def stop_all(self) -> None:
        """Stop the processes in the order opposite to their start: the broker outlives its clients."""
        self._stopping.set()
        for layer in reversed(self._layers):
            await asyncio.gather(*(self._stop(name) for name in layer))
        await asyncio.gather(*self._keepers, return_exceptions=True)

    def _asked_to_stop(self, number: signal.Signals) -> None:
        now = time.monotonic()
        if not self._stopping.is_set():
            self._console.say("mocban", "Stopping; Ctrl-C again does not wait for what is being done.")
            self._stopping.set()
            self._asked = now
        # One wish may come as several signals: to the terminal's whole group, and handed on by make.
        elif number == signal.SIGINT and now - self._asked > _ANOTHER_WISH:
            self._hurried = True
            for child in self._live.values():
                _signal_group(child.pid, signal.SIGKILL)

    async def _keep(self, process: Process) -> None:
        deaths = failed_starts = 0
        has_lived = False
        while not self._stopping.is_set():
            born = time.monotonic()
            code = await self._follow(process, await self._spawn(process))
            if self._stopping.is_set():
                return
            lived = time.monotonic() - born > _LIVED
            has_lived |= lived
            deaths = 1 if lived else deaths + 1
            failed_starts += code not in _FROM_OUTSIDE
            if process.needed and not has_lived and failed_starts >= _GIVE_UP_AFTER:
                last = _ending(code)
                self._failure = GaveUp(f"{process.name} ended {failed_starts} times; the last was {last}")
                self._stopping.set()
                return
            wait = min(2.0 ** (deaths - 1), _LONGEST_WAIT)
            self._console.say(process.name, f"ended ({_ending(code)}); starting it again in {wait:.0f} s")
            await self.wait_or_stop(wait)

    async def _spawn(self, process: Process) -> asyncio.subprocess.Process:
        program = shutil.which(process.command[0], path=_search_path()) or process.command[0]
        command = [program, *process.command[1:]]
        # When this process is killed outright, so are its children: a worker that was only asked to end would
        # wait for ever for the broker, which is gone too. Their own children end for want of a parent.
        if leash := shutil.which("setpriv"):
            command = [leash, "--pdeathsig", "KILL", "--", *command]
        child = await asyncio.create_subprocess_exec(
            *command,
            cwd=self._folder,
            env={**self._environment, **process.environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=_LONGEST_LINE,
            start_new_session=True,  # Ctrl-C in the terminal reaches this process alone, which stops the rest
        )
        self._live[process.name] = child
        return child

    async def _follow(self, process: Process, child: asyncio.subprocess.Process) -> int:
        printing = asyncio.create_task(self._print(process, child.stdout))
        code = await _end_of(child)
        _signal_group(child.pid, signal.SIGKILL)  # what a killed worker left behind
        await printing
        self._live.pop(process.name, None)
        return code

    async def _print(self, process: Process, stream: asyncio.StreamReader | None) -> None:
        while stream is not None:
            try:
                line = await stream.readline()
            except ValueError:  # a line without an end: its beginning was dropped by the reader
                continue
            if not line:
                return
            text = line.decode("utf-8", "replace").rstrip()
            if text and not any(word in text for word in process.chatter):
                self._console.say(process.name, text)

    async def _stop(self, name: str) -> None:
        child = self._live.get(name)
        if child is None or child.returncode is not None:
            return
        # At SIGTERM a worker finishes its job, at SIGQUIT it puts the job back for another.
        for number, seconds in ((signal.SIGTERM, _FINISH_WITHIN), (signal.SIGQUIT, _DROP_WITHIN)):
            _signal(child.pid, signal.SIGKILL if self._hurried else number)
            try:
                await asyncio.wait_for(_end_of(child), seconds)
                break
            except TimeoutError:
                continue
        else:
            self._console.say(name, "did not stop; killed")
        _signal_group(child.pid, signal.SIGKILL)


async def _end_of(child: asyncio.subprocess.Process) -> int:
    """The exit code, as soon as the process itself is over.

    ``child.wait()`` would wait for its output's end too, which a child of the child may hold open.
    """
    while child.returncode is None:
        await asyncio.sleep(_LOOK_EVERY)
    return child.returncode


def _search_path() -> str:
    """Programs of this virtual environment come first, activated or not."""
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def _signal_group(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        pass
