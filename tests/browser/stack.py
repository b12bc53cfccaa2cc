"""A whole installation, really running: broker, workers, beat and web server, as ``make run`` starts them."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.browser.client import Client, until
from tests.services import free_port
from tests.tables import tables_copy
from webapp.config.env import ROOT

PASSWORD = "wood-block-3-pages"
_STARTED_WITHIN, _STOPPED_WITHIN = 180, 60  # seconds, on a busy machine


@dataclass
class Stack:
    """One installation under ``folder``.

    settings: MOCBAN_* variables besides the usual ones. tables: whether it finds its tables made.
    """

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen | None = None
    tables: bool = False
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def data(self) -> Path:
        return self.folder / "var"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8", "replace")

    @property
    def environment(self) -> dict[str, str]:
        """The environment that its commands run in: none of this test run's own MOCBAN_* variables."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MOCBAN_")}
        usual = {
            "MOCBAN_DATA": str(self.data),
            "MOCBAN_PORT": str(self.port),
            "MOCBAN_ADMIN_PASSWORD": PASSWORD,
            "MOCBAN_SAMPLE": "0",
            "MOCBAN_LEASE_SECONDS": "6",
            "MOCBAN_WORKERS": "1",  # each loads torch for itself
        }
        return kept | usual | self.settings

    def start(self) -> "Stack":
        """Start everything, and wait until the first page can be had and the worker is warm."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.tables and not self.data.exists():
            tables_copy(self.data / "db.sqlite3")
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until(self._answers, within=_STARTED_WITHIN, what="the installation answers")
        return self

    def _answers(self) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError(f"manage.py up ended with {self.process.returncode}:\n{self.log[-3000:]}")
        try:
            return urlopen(f"{self.url}/health/live", timeout=2).status == 200
        except (URLError, OSError):
            return False

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Stop it as a person or a server would, and wait; returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(_STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            for pid in self.pids():
                os.kill(pid, signal.SIGKILL)
            raise

    def kill(self) -> None:
        """End it at once, with all its processes: stopping takes its time, and has tests of its own."""
        self.process.kill()
        self.process.wait()
        until(lambda: not self.pids(), within=_STOPPED_WITHIN, what="nothing runs any more")

    def manage(self, *arguments: str, check: bool = True, within: float = 240) -> subprocess.CompletedProcess:
        """Run one of ``manage.py``'s commands on this installation."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=check,
            timeout=within,
        )

    def client(self, token: str = "") -> Client:
        """The API, with the curator's token unless another is given."""
        return Client(self.url, token or self.token("curator"))

    def token(self, user: str) -> str:
        """``user``'s token, as ``manage.py token`` prints it."""
        if user not in self.tokens:
            self.tokens[user] = self.manage("token", user).stdout.split()[-1]
        return self.tokens[user]

    def person(self, name: str, role: str = "annotator") -> None:
        """Make an account, its password the same as the curator's."""
        code = (
            "from django.contrib.auth import get_user_model as m;"
            f"m().objects.filter(username={name!r}).exists() or "
            f"m().objects.create_user({name!r}, password={PASSWORD!r}, role={role!r})"
        )
        self.manage("shell", "-c", code)

    def pids(self, *words: str) -> list[int]:
        """Processes of this installation whose command line holds all ``words``, parents first."""
        mine = [pid for pid in _all_pids() if self._owns(pid)]
        return [pid for pid in mine if all(word in _command(pid) for word in words)]

    def _owns(self, pid: int) -> bool:
        """Known by its environment; the broker, which writes its title over that, by its folder."""
        if f"MOCBAN_DATA={self.data}".encode() in _environ(pid):
            return True
        return (_folder(pid) or Path("/")).is_relative_to(self.data)

    def worker_pids(self, queue: str) -> tuple[int, list[int]]:
        """The worker of ``queue``: its parent process, and the children that do the work."""
        found = self.pids("celery", "worker", f"{queue}@")
        parents = [pid for pid in found if _parent(pid) not in found]
        return parents[0], [pid for pid in found if _parent(pid) == parents[0]]


def _all_pids() -> list[int]:
    return sorted(int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())


def _environ(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []


def _folder(pid: int) -> Path | None:
    try:
        return Path(f"/proc/{pid}/cwd").readlink()
    except OSError:
        return None


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0
