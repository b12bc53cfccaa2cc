"""The processes of an installation, and the one place where their commands are written.

``manage.py up``, ``docker-compose.yml`` and the tests all start exactly these.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from webapp.config.env import Env

# One thread a worker process: the processes share the cores among them, and torch's threads, when they
# outnumber the cores, spend their time spinning.
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}

_CELERY = ("celery", "--quiet", "--app", "workers.app")
_SCHEDULER = "workers.runtime.beat:Scheduler"


@dataclass(frozen=True)
class Process:
    """A program that runs as long as the installation does.

    command: what to run, the program's name first, to be found in the virtual environment.
    environment: variables it needs besides the operator's. chatter: beginnings of words that a line may
    hold which tells a person nothing. needed: whether an installation in which it never comes to life is of
    no use.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    chatter: tuple[str, ...] = ()
    needed: bool = True

    @property
    def health(self) -> tuple[str, ...]:
        """The command that ends with 0 while the process does its work."""
        return ("python", "manage.py", "alive", self.name)


def processes(env: Env) -> tuple[Process, ...]:
    """Every process but the broker and the database, which are other people's programs."""
    return (
        Process("interactive", _worker("interactive", 1), _ONE_THREAD),
        Process("batch", _worker("batch", env.workers), _ONE_THREAD),
        # A thread, not a forked process: it only watches over the process that trains, and loads no model.
        Process("training", _worker("training", 1, pool="threads"), _ONE_THREAD),
        # The schedule is kept in memory: it holds one entry of a few seconds, and a file could go stale.
        Process(
            "beat",
            (*_CELERY, "beat", "--scheduler", "workers.runtime.beat:Scheduler", "--loglevel", "WARNING"),
            needed=False,  # without it work is done later, and people go on answering
        ),
        Process("web", _web(env)),
    )


def embedded_broker(env: Env, binary: str) -> Process:
    """The Redis-protocol server of an installation that was given none.

    It listens on a unix socket alone, and writes every message to the disk, so that a restart loses none.
    """
    socket = env.broker_socket
    command: tuple[str, ...] = (binary, "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700")
    command += ("--dir", str(env.data / "broker"), "--appendonly", "yes", "--save", "")
    command += ("--maxmemory-policy", "noeviction", "--loglevel", "warning")
    return Process("broker", command, chatter=("Memory overcommit", "Received SIGTERM", "ready to exit"))


def _worker(name: str, count: int, queues: str = "", *, pool: str = "prefork") -> tuple[str, ...]:
    options: tuple[str, ...] = ("--pool", pool) if pool != "prefork" else ()
    options += ("--queues", queues or name, "--concurrency", str(count), "--hostname", f"{name}@%h")
    return (*_CELERY, "worker", *options, "--loglevel", "WARNING")


def _web(env: Env) -> tuple[str, ...]:
    options: tuple[str, ...] = ("--bind", f"{env.host}:{env.port}", "--workers", "2", "--threads", "8")
    options += ("--worker-class", "webapp.config.web_worker.BufferingWorker")
    quiet = ("--preload", "--log-level", "warning", "--no-control-socket")
    return ("gunicorn", "webapp.config.wsgi", *options, *quiet)
