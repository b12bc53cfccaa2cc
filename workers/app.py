"""The Celery app that the workers and the beat run: ``celery -A workers.app worker`` or ``beat``.

Nothing here may load torch, numba or a graphics library: workers fork, and a child forked after any of
these were used hangs. Each child loads them itself.
"""

import os

import django
from celery import Celery
from celery.signals import beat_init, worker_init, worker_process_init
from django.conf import settings

from webapp.core.health import stop_before_newer_database
from webapp.jobs.broker import RUN_JOB
from webapp.jobs.kinds import QUEUES
from workers.runtime.threads import one_thread_each

one_thread_each()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.config.settings")
django.setup()

# A job that hangs is ended, and tried again, after an hour. The broker must wait longer than that before
# it takes a message for lost.
_LONGEST_JOB = 3600
_SWEEP_SECONDS, _DUE_SECONDS, _TIDY_SECONDS = 5, 20, 300
_MOST_MEMORY_KB = 1_300_000

app = Celery("mocban", broker=settings.ENV.broker)
app.conf.update(
    accept_content=["json"],
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_default_queue=QUEUES[0],
    task_soft_time_limit=_LONGEST_JOB,
    task_time_limit=_LONGEST_JOB + 60,
    worker_prefetch_multiplier=1,
    worker_max_memory_per_child=_MOST_MEMORY_KB,
    worker_proc_alive_timeout=120,
    worker_soft_shutdown_timeout=5,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "visibility_timeout": 2 * _LONGEST_JOB,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
    },
    # A message that waited for a worker to come back is of no use any more: the next one is on its way.
    beat_schedule={
        "sweep": {
            "task": "mocban.sweep",
            "schedule": _SWEEP_SECONDS,
            "options": {"queue": "interactive", "expires": _SWEEP_SECONDS},
        },
        "enqueue_due_work": {
            "task": "mocban.enqueue_due_work",
            "schedule": _DUE_SECONDS,
            "options": {"queue": "interactive", "expires": _DUE_SECONDS},
        },
        "tidy": {
            "task": "mocban.tidy",
            "schedule": _TIDY_SECONDS,
            "options": {"queue": "batch", "expires": _TIDY_SECONDS},
        },
    },
)


@app.task(name=RUN_JOB)
def run_job(job_id: str) -> None:
    """Do the job whose turn it is in the queue of this one."""
    # Only in the child that does jobs, as said above.
    from workers.runtime import runner

    runner.run_job(job_id)


@app.task(name="mocban.sweep")
def sweep() -> None:
    """Notify workers again of jobs that nobody took."""
    # Only in the child, as said above.
    from workers.runtime import housekeeping

    housekeeping.sweep()


@app.task(name="mocban.enqueue_due_work")
def enqueue_due_work() -> None:
    """Enqueue whatever work is due."""
    # Only in the child, as said above.
    from workers.runtime import housekeeping

    housekeeping.enqueue_due_work()


@app.task(name="mocban.tidy")
def tidy() -> None:
    """Mend and clear away files."""
    # Only in the child, as said above.
    from workers.runtime import housekeeping

    housekeeping.tidy()


@worker_init.connect
@beat_init.connect
def _look_at_the_database(**kwargs) -> None:
    """Before any job: on machines of their own, workers are upgraded, or put back, one at a time."""
    stop_before_newer_database()


@worker_process_init.connect
def _warm(**kwargs) -> None:
    """Load the model before the first job comes, so that a first query is answered as fast as any."""
    # Only in the child, as said above.
    from workers.live import cache

    cache.warm()
