"""A message on its way: signed as the published library expects, tried again, the same each time."""

import hashlib
import ipaddress
import json
from dataclasses import replace

import pytest
from django.urls import resolve
from standardwebhooks import Webhook

from tests import factories
from tests.receiver import receiving, reply
from webapp.datasets.snapshots.files import Frozen
from webapp.datasets.snapshots.services import snapshot_finish
from webapp.hooks import services
from webapp.hooks.deliveries import delivery_send_again
from webapp.hooks.events import event_record, trial_send
from webapp.hooks.models import Delivery, EventKind, Hook
from webapp.jobs.models import Job
from webapp.registry.models import ModelVersion
from webapp.registry.selectors import model_path
from webapp.registry.services import release_make_live
from webapp.training.runs import services as runs
from webapp.training.services import promotion_finish, promotion_request, release_roll_back
from workers.runtime.runner import give_up, run_job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def here_is_allowed(settings):
    settings.ENV = replace(settings.ENV, hook_networks=(ipaddress.ip_network("127.0.0.0/8"),))


@pytest.fixture
def receiver():
    with receiving() as made:
        yield made


@pytest.fixture
def hooked(curator, receiver):
    """A hook to the receiver, and its secret."""
    return services.hook_create(user=curator, name="lab", url=receiver.url, events=EventKind.values)


@pytest.fixture
def release_of_rows():
    """A live release without files."""
    return factories.release()


def run_waiting():
    """What the workers do, however late a job is due."""
    waiting = Job.objects.filter(state=Job.State.QUEUED).order_by("created")
    while job := waiting.first():
        waiting.filter(pk=job.pk).update(not_before=None)
        assert run_job(job.pk)
        job.refresh_from_db()
        assert job.state == Job.State.DONE


def test_a_message_is_signed_as_the_standard_has_it(hooked, receiver):
    event = event_record(
        kind=EventKind.SNAPSHOT_FROZEN, data={"snapshot": 3, "page": "/snapshots/3/", "名": "喃"}
    )
    run_waiting()
    [sent] = receiver.got
    result = Webhook(hooked[1]).verify(sent.body, sent.headers)
    assert result == {
        "type": "snapshot.frozen",
        "timestamp": event.created.isoformat(),
        "data": {"snapshot": 3, "page": "/snapshots/3/", "名": "喃"},
    }
    assert sent.headers["webhook-id"] == event.message_id
    assert sent.headers["user-agent"].startswith("Mocban")
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.status) == ("delivered", 1, 204)


def test_it_is_the_same_message_at_every_try(hooked, receiver):
    answers = iter([500, 503, 204, 204])
    receiver.answer = lambda handler: reply(handler, next(answers))
    event_record(kind=EventKind.SNAPSHOT_FROZEN, data={"snapshot": 3})
    run_waiting()
    assert len({(sent.headers["webhook-id"], sent.body) for sent in receiver.got}) == 1
    for sent in receiver.got:
        Webhook(hooked[1]).verify(sent.body, sent.headers)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("delivered", 3)
    delivery_send_again(delivery=delivery)
    run_waiting()
    assert len({sent.headers["webhook-id"] for sent in receiver.got}) == 1
    assert len(receiver.got) == 4


def test_both_secrets_sign_while_one_is_exchanged(hooked, receiver):
    hook, old = hooked
    new = services.secret_renew(hook=hook)
    event_record(kind=EventKind.SNAPSHOT_FROZEN, data={})
    run_waiting()
    [sent] = receiver.got
    for secret in (old, new):
        Webhook(secret).verify(sent.body, sent.headers)
    assert len(sent.headers["webhook-signature"].split()) == 2


def test_one_job_makes_one_attempt(hooked, receiver):
    event_record(kind=EventKind.SNAPSHOT_FROZEN, data={})
    delivery_send_again(delivery=Delivery.objects.get())
    run_waiting()
    assert len(receiver.got) == 1


def test_gone_for_good(hooked, receiver):
    receiver.answer = lambda handler: reply(handler, 410)
    event_record(kind=EventKind.SNAPSHOT_FROZEN, data={})
    event_record(kind=EventKind.BATCH_READY, data={})
    run_waiting()
    assert len(receiver.got) == 1
    hook = Hook.objects.get()
    assert (hook.active, hook.stopped) == (False, "gone")
    assert event_record(kind=EventKind.SNAPSHOT_FROZEN, data={}) is None


def test_a_hook_that_was_switched_off_is_sent_nothing_but_a_trial(hooked, receiver):
    hook = hooked[0]
    event_record(kind=EventKind.SNAPSHOT_FROZEN, data={})
    services.hook_switch(hook=hook, active=False)
    run_waiting()
    assert not receiver.got
    assert Delivery.objects.get().error_code == "switched_off"
    trial_send(hook=hook)
    run_waiting()
    assert json.loads(receiver.got[0].body)["type"] == "hook.trial"


def test_a_changed_key_of_the_installation_switches_the_hook_off(hooked, receiver, settings):
    settings.SECRET_KEY = "another"
    event_record(kind=EventKind.SNAPSHOT_FROZEN, data={})
    run_waiting()
    assert not receiver.got
    assert Hook.objects.get().stopped == "key_changed"
    assert Delivery.objects.get().error_code == "key_changed"


def test_where_nothing_may_be_sent_the_page_says_so(hooked, receiver, settings):
    settings.ENV = replace(settings.ENV, hook_networks=())
    trial_send(hook=hooked[0])
    run_waiting()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error_code) == ("failed", "inner_address")
    assert "MOCBAN_HOOK_NETWORKS" in delivery.error
    assert not receiver.got


def test_a_job_that_was_given_up_gives_its_message_up(hooked):
    event_record(kind=EventKind.SNAPSHOT_FROZEN, data={})
    job = Job.objects.get()
    job.error_code, job.error = "worker_lost", "the worker was lost"
    give_up(job)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error_code) == ("failed", "worker_lost")


# what is told of


def with_weights(release):
    """A file that is whole lies where its weights belong."""
    release.model.sha256 = hashlib.sha256(b"weights").hexdigest()
    release.model.save()
    model_path(release.model).parent.mkdir(parents=True, exist_ok=True)
    model_path(release.model).write_bytes(b"weights")


def payloads(kind):
    """The data of every event of a kind; what it links to is there."""
    rows = Delivery.objects.select_related("event").filter(event__kind=kind).order_by("pk")
    found = [row.event.data for row in rows]
    for data in found:
        assert resolve(data["page"]).namespace
        assert resolve(data["api"]).url_name.startswith("api-")
    return found


def test_a_snapshot_is_told_once(hooked, curator):
    made = factories.snapshot(curator)
    again = Frozen(digest="0" * 64, origins="0" * 64, count=0, card={})
    snapshot_finish(snapshot=made, frozen=again)
    [data] = payloads(EventKind.SNAPSHOT_FROZEN)
    assert data == {
        "snapshot": made.number,
        "page": f"/snapshots/{made.number}/",
        "api": f"/api/v1/snapshots/{made.number}/",
        "digest": made.digest,
        "labels": 0,
    }
    made.refresh_from_db()
    assert made.digest != "0" * 64


def test_each_promotion_is_told_once_and_so_is_the_way_back(hooked, curator):
    first = factories.release()
    models = [
        factories.candidate(),
        ModelVersion.objects.create(name="b", sha256="2" * 64, fingerprint="2" * 64, width=4, recipe={}),
    ]
    for model in models:
        promotion = promotion_request(user=curator, model=model, reason="to see")
        release = release_make_live(model=model, index=None)
        promotion_finish(promotion=promotion, release=release)
        promotion_finish(promotion=promotion, release=release)
    assert [data["model"] for data in payloads(EventKind.MODEL_PROMOTED)] == [model.pk for model in models]
    with_weights(first)
    back = release_roll_back(user=curator, release=first)
    [data] = payloads(EventKind.MODEL_ROLLED_BACK)
    assert (data["model"], data["release"]) == (first.model_id, back.pk)
    assert data["api"] == f"/api/v1/promotions/{data['promotion']}/"
    assert len(payloads(EventKind.MODEL_PROMOTED)) == 2


def test_the_end_of_a_training_run_is_told_once_however_it_ended(hooked, curator, release_of_rows):
    snapshot, recipe = factories.snapshot(curator), next(iter(runs.RECIPES))
    done, failed, stopped, left = (
        runs.run_request(user=curator, snapshot=snapshot, recipe=recipe) for _ in range(4)
    )
    runs.run_begin(pk=done.pk)
    for _ in range(2):
        runs.run_finish(run=done, model=release_of_rows.model)
        runs.run_fail(pk=failed.pk, code="odd", error="it is broken", hint="mend it")
    runs.run_stop(run=stopped)
    runs.run_begin(pk=left.pk)
    runs.run_pause(run=left)
    runs.run_interrupted(run=left)  # paused: no end
    runs.run_stop(run=left)
    ends = [(data["run"], data["state"], data["model"]) for data in payloads(EventKind.TRAINING_ENDED)]
    assert ends == [
        (done.pk, "done", release_of_rows.model_id),
        (failed.pk, "failed", None),
        (stopped.pk, "stopped", None),
        (left.pk, "stopped", None),
    ]
    assert payloads(EventKind.TRAINING_ENDED)[0]["page"] == f"/models/runs/{done.pk}/"
