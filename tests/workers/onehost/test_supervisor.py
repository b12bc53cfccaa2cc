import asyncio
import io
import os
import signal
import sys
import time

import pytest

from webapp.config.processes import Process
from workers.onehost import supervisor as module
from workers.onehost.console import Console
from workers.onehost.supervisor import GaveUp, Supervisor


def shell(name, text, **more):
    return Process(name, ("sh", "-c", text), **more)


class Terminal(io.StringIO):
    """What was printed, and a wait for some of it."""

    async def until(self, text, seconds=10):
        deadline = time.monotonic() + seconds
        while text not in self.getvalue():
            assert time.monotonic() < deadline, f"{text!r} never came in:\n{self.getvalue()}"
            await asyncio.sleep(0.01)


@pytest.fixture
def terminal():
    return Terminal()


@pytest.fixture
def make(terminal, tmp_path):
    return lambda: Supervisor(Console(terminal), os.environ, tmp_path)


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0] != "Z"


def pids_in(text, name):
    words = [line.split("| ")[1] for line in text.splitlines() if f" {name} " in line]
    return [int(word) for word in words if word.isdigit()]


def test_lines_are_shown_as_they_come_and_chatter_is_not(make, terminal):
    async def scenario():
        keeper = make()
        process = shell("one", "echo hello; echo noise 7; printf 'no end'", chatter=("noise",))
        assert await keeper.run_once(process) == 0

    asyncio.run(scenario())
    assert "one         | hello" in terminal.getvalue()
    assert "no end" in terminal.getvalue()
    assert "noise" not in terminal.getvalue()


def test_a_process_gets_its_own_variables(make, terminal):
    asyncio.run(make().run_once(shell("one", "echo $GREETING", environment={"GREETING": "hi"})))
    assert "| hi" in terminal.getvalue()


def test_stopping_leaves_nothing_running(make, terminal):
    async def scenario():
        keeper = make()
        keeper.start([shell("parent", "echo $$; sh -c 'echo $$; sleep 100' & wait")])
        while len(pids_in(terminal.getvalue(), "parent")) < 2:
            await asyncio.sleep(0.01)
        await keeper.stop_all()

    asyncio.run(scenario())
    pids = pids_in(terminal.getvalue(), "parent")
    assert len(pids) == 2
    assert not any(alive(pid) for pid in pids)


def test_what_was_started_first_is_stopped_last(make, terminal):
    trap = "trap 'echo over; exit 0' TERM; echo up; while :; do sleep 0.02; done"

    async def scenario():
        keeper = make()
        keeper.start([shell("broker", trap)])
        await terminal.until("broker      | up")
        keeper.start([shell("worker", trap)])
        await terminal.until("worker      | up")
        await keeper.stop_all()

    asyncio.run(scenario())
    text = terminal.getvalue()
    assert text.index("worker      | over") < text.index("broker      | over")


def test_a_process_that_dies_is_started_again(make, terminal, tmp_path):
    once = f"if [ -e {tmp_path}/again ]; then echo back; sleep 100; fi; touch {tmp_path}/again; kill -9 $$"

    async def scenario():
        keeper = make()
        keeper.start([shell("worker", once)])
        await terminal.until("| back")
        await keeper.stop_all()

    asyncio.run(scenario())
    assert "ended (signal SIGKILL); starting it again" in terminal.getvalue()


def test_a_process_that_keeps_dying_stops_all_and_is_named(make, terminal, monkeypatch):
    monkeypatch.setattr(module, "_GIVE_UP_AFTER", 2)

    async def scenario():
        keeper = make()
        keeper.start([shell("other", "echo $$; sleep 100"), shell("web", "echo broken; exit 3")])
        await keeper.until_stopped()

    with pytest.raises(GaveUp, match="web ended 2 times; the last was exit code 3"):
        asyncio.run(scenario())
    assert not any(alive(pid) for pid in pids_in(terminal.getvalue(), "other"))


@pytest.mark.parametrize(
    ("process", "why"),
    [
        (shell("beat", "echo up; exit 1", needed=False), "the others can do without it"),
        (shell("web", "echo up; kill -KILL $$"), "it was killed from outside"),
        (shell("web", "echo up; sleep 0.2; exit 1"), "it has lived before"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_a_process_that_keeps_dying_leaves_the_others_alone(make, terminal, monkeypatch, process, why):
    monkeypatch.setattr(module, "_GIVE_UP_AFTER", 2)
    monkeypatch.setattr(module, "_LONGEST_WAIT", 0.01)
    monkeypatch.setattr(module, "_LIVED", 0.1 if "before" in why else 60.0)

    async def scenario():
        keeper = make()
        keeper.start([shell("other", "echo $$; sleep 100"), process])
        while terminal.getvalue().count("| up") < 4:
            assert not keeper.stopping, terminal.getvalue()
            await asyncio.sleep(0.01)
        await keeper.stop_all()

    asyncio.run(asyncio.wait_for(scenario(), 60))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_stop_all(make, terminal, number):
    async def scenario():
        keeper = make()
        keeper.listen_to_signals()
        keeper.start([shell("web", "echo up; sleep 100")])
        await terminal.until("| up")
        os.kill(os.getpid(), number)
        await asyncio.wait_for(keeper.until_stopped(), 10)

    asyncio.run(scenario())
    assert "Stopping" in terminal.getvalue()


def test_one_wish_that_comes_as_two_signals_is_one(make, terminal):
    slow = "trap 'sleep 0.3; echo finished; exit 0' TERM; echo up; while :; do sleep 0.02; done"

    async def scenario():
        keeper = make()
        keeper.listen_to_signals()
        keeper.start([shell("worker", slow)])
        await terminal.until("| up")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGINT):
            os.kill(os.getpid(), number)
            await asyncio.sleep(0.01)
        await keeper.until_stopped()

    asyncio.run(scenario())
    assert "finished" in terminal.getvalue()


def test_ctrl_c_again_does_not_wait(make, terminal, monkeypatch):
    monkeypatch.setattr(module, "_ANOTHER_WISH", 0.1)

    async def scenario():
        keeper = make()
        keeper.listen_to_signals()
        keeper.start([shell("deaf", "trap '' TERM QUIT; echo up; while :; do sleep 0.05; done")])
        await terminal.until("| up")
        began = time.monotonic()
        os.kill(os.getpid(), signal.SIGINT)
        stopped = asyncio.create_task(keeper.until_stopped())
        await asyncio.sleep(0.3)
        os.kill(os.getpid(), signal.SIGINT)
        await stopped
        return time.monotonic() - began

    assert asyncio.run(scenario()) < module._FINISH_WITHIN


def test_a_process_that_does_not_want_to_stop_is_killed(make, terminal, monkeypatch):
    monkeypatch.setattr(module, "_FINISH_WITHIN", 0.2)
    monkeypatch.setattr(module, "_DROP_WITHIN", 0.2)

    async def scenario():
        keeper = make()
        keeper.start([shell("deaf", "trap '' TERM QUIT; echo $$; while :; do sleep 0.1; done")])
        await terminal.until("| ")
        await keeper.stop_all()

    asyncio.run(scenario())
    assert "did not stop; killed" in terminal.getvalue()
    assert not alive(pids_in(terminal.getvalue(), "deaf")[0])


@pytest.mark.parametrize("inherited", [signal.SIG_DFL, signal.SIG_IGN], ids=["as usual", "in the background"])
def test_a_worker_that_cannot_finish_is_asked_to_put_its_job_down(make, terminal, monkeypatch, inherited):
    monkeypatch.setattr(module, "_FINISH_WITHIN", 0.2)
    signal.signal(signal.SIGQUIT, inherited)

    async def scenario():
        keeper = make()
        keeper.listen_to_signals()
        busy = "trap '' TERM; trap 'echo put down; exit 0' QUIT; echo up; while :; do sleep 0.05; done"
        keeper.start([shell("busy", busy)])
        await terminal.until("| up")
        await keeper.stop_all()

    asyncio.run(scenario())
    assert "put down" in terminal.getvalue()
    assert "killed" not in terminal.getvalue()


def test_children_end_when_the_supervisor_is_killed(tmp_path):
    """As by the kernel when memory is short: nobody is there any more to stop them."""
    program = f"""
import asyncio, os, pathlib
from webapp.config.processes import Process
from workers.onehost.console import Console
from workers.onehost.supervisor import Supervisor
async def main():
    keeper = Supervisor(Console(), os.environ, pathlib.Path({str(tmp_path)!r}))
    keeper.start([Process("web", ("sh", "-c", "echo $$; exec sleep 100"))])
    await keeper.until_stopped()
asyncio.run(main())
"""

    async def scenario():
        parent = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE
        )
        pid = int((await parent.stdout.readline()).split(b"| ")[1])
        assert alive(pid)
        parent.kill()
        await parent.wait()
        deadline = time.monotonic() + 5
        while alive(pid) and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        return alive(pid)

    assert not asyncio.run(scenario())
