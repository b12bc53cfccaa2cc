"""Hooks are made, changed and switched; events are told in their transaction, to whom asked, once."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from webapp.core.errors import Conflict, Refused
from webapp.hooks import services
from webapp.hooks.deliveries import (
    SWITCHED_OFF_AFTER,
    WAITS,
    Outcome,
    delivery_note,
    delivery_send_again,
    events_forget,
)
from webapp.hooks.events import event_record, trial_send
from webapp.hooks.marks import fact_check
from webapp.hooks.models import Delivery, Event, EventKind, Hook, Mark
from webapp.hooks.selectors import salts_of
from webapp.hooks.sending.signing import secret_of
from webapp.jobs.models import Job

pytestmark = pytest.mark.django_db
URL = "https://example.org/hook"
FAILED = Outcome(500, "oh", "bad_status", "the receiver answered 500")


def made(curator, *, url=URL, events=(EventKind.SNAPSHOT_FROZEN,), name="lab"):
    return services.hook_create(user=curator, name=name, url=url, events=events)


@pytest.fixture
def hook(curator):
    return made(curator)[0]


@pytest.fixture
def delivery(hook):
    event_record(kind=EventKind.SNAPSHOT_FROZEN, data={"snapshot": 1})
    return Delivery.objects.get()


def note(delivery, outcome):
    delivery.refresh_from_db()
    delivery_note(delivery=delivery, outcome=outcome)
    delivery.refresh_from_db()
    delivery.hook.refresh_from_db()


# hooks


def test_the_secret_is_given_once_and_stands_nowhere(curator):
    hook, secret = made(curator)
    assert secret.startswith("whsec_")
    assert len(secret) > 40
    row = Hook.objects.filter(pk=hook.pk).values().get()
    assert not any(secret.removeprefix("whsec_") in str(value) for value in row.values())
    assert secret_of(hook.salt) == secret
    assert salts_of(hook) == [hook.salt]


def test_another_key_of_the_installation_makes_another_secret(curator, settings):
    hook, secret = made(curator)
    settings.SECRET_KEY = "another"
    assert secret_of(hook.salt) != secret
    assert salts_of(hook) == []
    with pytest.raises(Refused) as caught:
        services.hook_switch(hook=hook, active=True)
    assert caught.value.code == "key_changed"
    services.secret_renew(hook=hook)
    assert salts_of(hook) == [hook.salt]
    services.hook_switch(hook=hook, active=True)


def test_the_old_secret_signs_for_a_day_more(hook):
    old = hook.salt
    services.secret_renew(hook=hook)
    assert salts_of(hook) == [hook.salt, old]
    Hook.objects.update(old_until=timezone.now() - timedelta(seconds=1))
    hook.refresh_from_db()
    assert salts_of(hook) == [hook.salt]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": " "}, "bad_hook_name"),
        ({"name": "n" * 101}, "bad_hook_name"),
        ({"url": "http://127.0.0.1/"}, "inner_address"),
        ({"url": "ftp://example.org"}, "bad_address"),
        ({"events": []}, "bad_events"),
        ({"events": ["hook.trial"]}, "bad_events"),
    ],
)
def test_what_does_not_do_is_refused(curator, hook, values, code):
    for refused in (
        lambda: made(curator, **{"url": "https://other.example/"} | values),
        lambda: services.hook_change(
            hook=hook, **{"name": "a", "url": URL, "events": [EventKind.BATCH_READY]} | values
        ),
    ):
        with pytest.raises(Refused) as caught:
            refused()
        assert caught.value.code == code


def test_one_hook_an_address(curator, hook):
    with pytest.raises(Conflict) as caught:
        made(curator, name="the same again")
    assert caught.value.code == "same_address"


def test_there_are_not_too_many(curator, monkeypatch):
    monkeypatch.setattr(services, "MOST_HOOKS", 1)
    made(curator)
    with pytest.raises(Refused) as caught:
        made(curator, url="https://other.example/")
    assert caught.value.code == "too_many_hooks"


# telling


def test_whoever_asked_is_told(curator, hook, notifications, django_capture_on_commit_callbacks):
    made(curator, url="https://other.example/", events=[EventKind.BATCH_READY])
    off = made(curator, url="https://off.example/")[0]
    services.hook_switch(hook=off, active=False)
    with django_capture_on_commit_callbacks(execute=True):
        event = event_record(kind=EventKind.SNAPSHOT_FROZEN, data={"snapshot": 3})
    [delivery] = Delivery.objects.all()
    assert (delivery.hook, delivery.event, delivery.state) == (hook, event, "waiting")
    [job] = Job.objects.all()
    assert job.payload == {"delivery": delivery.pk, "attempt": 0}
    assert notifications == [(str(job.pk), "batch")]


def test_nobody_asked_and_nothing_is_written(curator, hook):
    assert event_record(kind=EventKind.MODEL_PROMOTED, data={}) is None
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_did_not_happen_is_not_told(curator, hook, notifications):
    def breaks_off():
        with transaction.atomic():
            assert event_record(kind=EventKind.SNAPSHOT_FROZEN, data={"snapshot": 3})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        breaks_off()
    assert not Event.objects.exists()
    assert not Delivery.objects.exists()
    assert not Job.objects.exists()
    assert not notifications


# facts


def look(holds):
    return fact_check(
        kind=EventKind.SNAPSHOT_FROZEN, subject="x:1", holds=lambda: holds, data=lambda: {"x": 1}
    )


def test_a_fact_is_told_when_it_comes_true(hook):
    rows = [look(holds) for holds in (False, True, True, False, False, True)]
    assert rows == [False, True, False, False, False, True]
    assert Event.objects.count() == 2


def test_a_fact_that_nobody_asks_for_is_not_looked_at(hook):
    assert look(True)
    services.hook_switch(hook=hook, active=False)
    assert not Mark.objects.exists()
    assert not fact_check(kind=EventKind.SNAPSHOT_FROZEN, subject="x:1", holds=pytest.fail, data=dict)


# deliveries


def test_it_arrived(delivery):
    note(delivery, Outcome(200, "thanks"))
    assert (delivery.state, delivery.attempts, delivery.status) == ("delivered", 1, 200)
    assert (delivery.answer, delivery.next_try, delivery.hook.failing_since) == ("thanks", None, None)


def test_it_is_tried_for_about_a_day_and_given_up(delivery):
    began = timezone.now()
    after = timedelta(0)
    for attempt, wait in enumerate(WAITS, 1):
        note(delivery, FAILED)
        assert (delivery.state, delivery.attempts) == ("waiting", attempt)
        assert 0.85 * wait < delivery.next_try - timezone.now() < 1.15 * wait
        job = Job.objects.order_by("-created").first()
        assert job.payload == {"delivery": delivery.pk, "attempt": attempt}
        assert abs(job.not_before - delivery.next_try) < timedelta(seconds=1)
        assert job.notified is None
        after += wait
    note(delivery, FAILED)
    assert (delivery.state, delivery.next_try) == ("failed", None)
    assert (delivery.status, delivery.error_code, delivery.answer) == (500, "bad_status", "oh")
    assert timedelta(hours=20) < after < timedelta(hours=26)
    assert delivery.hook.failing_since >= began
    assert delivery.hook.active  # a day is not days


def test_a_receiver_says_when_to_come_back(delivery):
    note(delivery, Outcome(429, "", "bad_status", "the receiver answered 429", wait=7200))
    assert timedelta(seconds=7100) < delivery.next_try - timezone.now() < timedelta(seconds=7300)
    note(delivery, Outcome(429, "", "bad_status", "the receiver answered 429", wait=10**8))
    assert delivery.next_try - timezone.now() < timedelta(days=1, seconds=1)


def test_the_same_attempt_is_noted_once(delivery):
    twin = Delivery.objects.select_related("hook", "event").get()
    delivery_note(delivery=twin, outcome=FAILED)
    delivery_note(delivery=twin, outcome=FAILED)
    delivery.refresh_from_db()
    assert delivery.attempts == 1
    assert Job.objects.count() == 2  # the first attempt's, and the next one's


def test_a_receiver_that_is_gone_for_good_is_switched_off(delivery):
    note(delivery, Outcome(410, "", "bad_status", "the receiver answered 410"))
    assert (delivery.hook.active, delivery.hook.stopped) == (False, "gone")
    assert (delivery.state, delivery.next_try) == ("failed", None)


def test_a_hook_to_which_nothing_gets_through_for_days_is_switched_off(delivery):
    Delivery.objects.update(attempts=len(WAITS))
    Hook.objects.update(failing_since=timezone.now() - SWITCHED_OFF_AFTER + timedelta(minutes=1))
    note(delivery, FAILED)
    assert delivery.hook.active
    event_record(kind=EventKind.SNAPSHOT_FROZEN, data={})
    Delivery.objects.filter(pk=delivery.pk).update(state="waiting", attempts=len(WAITS))
    Hook.objects.update(failing_since=timezone.now() - SWITCHED_OFF_AFTER - timedelta(minutes=1))
    note(delivery, FAILED)
    assert (delivery.hook.active, delivery.hook.stopped) == (False, "failing")
    assert set(Delivery.objects.values_list("state", "next_try")) == {("failed", None)}
    services.hook_switch(hook=delivery.hook, active=True)
    assert (delivery.hook.active, delivery.hook.stopped, delivery.hook.failing_since) == (True, "", None)


def test_what_gets_through_ends_the_failing(delivery):
    note(delivery, FAILED)
    note(delivery, Outcome(204))
    assert delivery.hook.failing_since is None


def test_it_can_be_sent_again(delivery, notifications, django_capture_on_commit_callbacks):
    note(delivery, Outcome(200))
    with django_capture_on_commit_callbacks(execute=True):
        delivery_send_again(delivery=delivery)
    delivery.refresh_from_db()
    assert delivery.state == "waiting"
    assert Job.objects.order_by("-created").first().payload == {"delivery": delivery.pk, "attempt": 1}
    assert notifications[-1][1] == "interactive"
    services.hook_switch(hook=delivery.hook, active=False)
    with pytest.raises(Conflict):
        delivery_send_again(delivery=delivery)


def test_a_trial_is_tried_once_and_tells_nothing_of_the_hook(hook):
    services.hook_switch(hook=hook, active=False)
    delivery = trial_send(hook=hook)
    note(delivery, Outcome(410, "", "bad_status", "gone"))
    assert (delivery.state, delivery.hook.stopped, delivery.hook.failing_since) == ("failed", "", None)
    delivery_send_again(delivery=delivery)
    assert Job.objects.count() == 2


def test_old_ones_are_forgotten(delivery):
    assert events_forget(older_than=timedelta(0)) == 0  # it is on its way
    note(delivery, Outcome(204))
    assert events_forget() == 0
    assert events_forget(older_than=timedelta(0)) == 1
    assert not Delivery.objects.exists()


def test_a_deleted_hook_takes_its_deliveries_along(delivery):
    services.hook_delete(hook=delivery.hook)
    assert not Delivery.objects.exists()
