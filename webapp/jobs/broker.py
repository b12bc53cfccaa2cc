"""The broker: carries the message that a job's row is waiting to a worker."""

import logging
from functools import lru_cache

from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError

RUN_JOB = "mocban.run_job"

logger = logging.getLogger(__name__)


@lru_cache
def producer() -> Celery:
    """The web app's side of the broker: it sends names, and knows no task's code."""
    app = Celery("mocban", broker=settings.ENV.broker)
    app.conf.update(
        task_ignore_result=True,
        broker_connection_retry_on_startup=True,
        # Somebody waits for the answer: whether the broker is there is found out once, without a pause.
        broker_transport_options={
            "socket_connect_timeout": 2,
            "socket_timeout": 5,
            "max_retries": 1,
            "interval_start": 0,
            "interval_step": 0,
            "interval_max": 0,
        },
    )
    return app


def notify_worker(job_id: str, queue: str) -> bool:
    """Send the message that a job waits. A broker that is away costs time only: the sweeper sends it again.

    Returns whether it was sent.
    """
    try:
        producer().send_task(RUN_JOB, args=[job_id], queue=queue, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("The broker is away (%s); job %s waits for the sweeper.", error, job_id)
        return False
    return True


def workers_alive(*, within: float = 1.0) -> list[str] | None:
    """Names of the workers that answer within so many seconds; None where the broker is away."""
    try:
        answers = producer().control.ping(timeout=within)
    except (OperationalError, OSError):
        return None
    return sorted(name for answer in answers for name in answer)
