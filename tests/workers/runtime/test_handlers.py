"""Every kind of job is declared once on each side, and nobody waits for ever for one that failed."""

import subprocess
import sys

import pytest

from tests.workers.runtime.jobs import handlers, kinds, modules
from webapp.jobs.kinds import QUEUES
from workers import tasks
from workers.runtime.handlers import handler_of

TASKS = [module for module in modules(tasks) if hasattr(module, "JOB")]


def test_every_kind_that_the_web_app_enqueues_has_one_handler():
    declared = [handler.kind for handler in handlers()]
    assert len(declared) == len(set(declared)) > 15
    assert set(declared) == kinds()
    assert len({kind.name for kind in declared}) == len(declared)


@pytest.mark.parametrize("module", TASKS, ids=lambda one: one.__name__)
def test_a_handler_is_found_by_the_name_of_its_kind(module):
    kind = module.JOB.kind
    assert module.__name__.rpartition(".")[2] == kind.name.replace(".", "_")
    assert handler_of(kind.name) is module.JOB
    assert kind.queue in QUEUES


@pytest.mark.parametrize("handler", handlers(), ids=lambda one: one.kind.name)
def test_a_failure_is_written_down_or_nobody_waits_for_it(handler):
    assert bool(handler.on_give_up) != bool(handler.nobody_waits)


def test_a_kind_of_another_version_is_unknown():
    with pytest.raises(KeyError):
        handler_of("of.the_future")


def test_what_only_watches_or_writes_loads_no_torch():
    """Torch takes seconds and hundreds of megabytes: workers fork before, and training stays small."""
    program = (
        "import sys, workers.app; from workers.runtime.handlers import handler_of; "
        "handler_of('train.run'), handler_of('export.write'); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
