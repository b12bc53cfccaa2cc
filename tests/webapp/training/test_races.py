"""Curators who press a button at the same moment: one goes first, and what is live is one release."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import sha256
from threading import Barrier

import pytest
from django.db import connection

from tests import factories, people
from webapp.core.errors import Conflict
from webapp.jobs.models import Job
from webapp.registry.models import ModelVersion, Release
from webapp.registry.selectors import model_path
from webapp.training.models import Finished, Promotion
from webapp.training.services import promotion_request, release_roll_back

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def curators():
    return [people.person(f"curator-{n}", "curator") for n in range(4)]


def model(number):
    """One whose weights lie in their place."""
    data = b"weights %d" % number
    made = ModelVersion.objects.create(
        name=f"model {number}", sha256=sha256(data).hexdigest(), fingerprint=str(number), width=4, recipe={}
    )
    model_path(made).parent.mkdir(parents=True, exist_ok=True)
    model_path(made).write_bytes(data)
    return made


def all_at_once(*actions):
    """What came of each, all begun at the same moment: what it returned, or the Conflict it met."""
    ready = Barrier(len(actions))

    def do(action):
        ready.wait(10)
        try:
            return action()
        except Conflict as met:
            return met
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(do, actions))


def test_two_curators_promote_at_once(data, curators):
    factories.release()
    models = [model(n) for n in range(len(curators))]
    result = all_at_once(
        *(
            partial(promotion_request, user=who, model=chosen, reason="now")
            for who, chosen in zip(curators, models, strict=True)
        )
    )
    [first] = [one for one in result if isinstance(one, Promotion)]
    assert {one.code for one in result if isinstance(one, Conflict)} == {"promotion_under_way"}
    assert Promotion.objects.get() == first, "nothing half-made of the others"
    assert [job.payload for job in Job.objects.all()] == [{"promotion": first.pk}]
    assert Release.objects.get(live=True) == factories.release()
    Promotion.objects.update(state=Finished.FAILED)
    again = next(chosen for chosen in models if chosen != first.model)
    assert promotion_request(user=curators[0], model=again, reason="again").model == again


def test_two_curators_go_back_at_once(data, curators):
    releases = [Release.objects.create(model=model(n)) for n in range(len(curators))]
    factories.release()
    result = all_at_once(
        *(
            partial(release_roll_back, user=who, release=earlier)
            for who, earlier in zip(curators, releases, strict=True)
        )
    )
    made = [one for one in result if isinstance(one, Release)]
    assert made
    live = Release.objects.get(live=True)
    assert live in made
    assert Promotion.objects.filter(state=Finished.READY).count() == len(made)
