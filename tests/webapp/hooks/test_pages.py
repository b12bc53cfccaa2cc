"""The webhooks' pages: for curators alone; the secret is shown once, and every state of a message."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import people
from tests.markup import markup
from webapp.hooks.deliveries import Outcome, delivery_note
from webapp.hooks.events import event_record, trial_send
from webapp.hooks.models import Delivery, EventKind, Hook
from webapp.hooks.sending.signing import secret_of
from webapp.hooks.services import hook_create, hook_stop

pytestmark = pytest.mark.django_db
LAB = {"name": "lab", "url": "https://example.org/hook", "events": ["snapshot.frozen"]}


@pytest.fixture
def hook(curator):
    return hook_create(user=curator, **LAB)[0]


@pytest.fixture
def client(browse, curator):
    return browse(curator)


def page(client, hook):
    return client.get(reverse("hooks:hook", args=[hook.pk])).content.decode()


ADDRESSES = [
    ("get", "hooks", 0),
    ("post", "hooks", 0),
    ("get", "hook", 1),
    ("post", "hook", 1),
    ("post", "secret", 1),
    ("post", "switch", 1),
    ("post", "delete", 1),
    ("post", "trial", 1),
    ("get", "deliveries", 1),
    ("post", "again", 2),
]


@pytest.mark.parametrize("who", ["owner", "teammate", "reviewer"])
@pytest.mark.parametrize(("method", "name", "places"), ADDRESSES)
def test_only_curators_come_in(browse, hook, method, name, places, who):
    args = [hook.pk, trial_send(hook=hook).pk][:places]
    answer = getattr(browse(getattr(people, who)()), method)(reverse(f"hooks:{name}", args=args))
    assert answer.status_code == 403
    assert Hook.objects.filter(pk=hook.pk, salt=hook.salt, active=True).exists()
    assert Delivery.objects.count() <= 1


def test_it_is_reached_from_the_account_menu(client, browse, owner):
    assert f'href="{reverse("hooks:hooks")}"' in client.get("/batches/").content.decode()
    assert reverse("hooks:hooks") not in browse(owner).get("/batches/").content.decode()


def test_one_is_added_and_its_secret_shown_once(client):
    answer = client.post(reverse("hooks:hooks"), LAB)
    [secret] = re.findall(r'data-testid="secret-key">(whsec_[^<]+)<', answer.content.decode())
    hook = Hook.objects.get()
    assert secret == secret_of(hook.salt).replace("+", "&#x2B;") or secret == secret_of(hook.salt)
    assert answer["Cache-Control"] == "no-store"
    assert "whsec_" not in page(client, hook)
    assert "lab" in client.get(reverse("hooks:hooks")).content.decode()
    renewed = client.post(reverse("hooks:secret", args=[hook.pk])).content.decode()
    assert "whsec_" in renewed
    assert secret not in renewed
    assert "The previous one is valid until" in renewed


@pytest.mark.parametrize(
    ("values", "status"),
    [({"url": "http://127.0.0.1/"}, 400), ({"events": []}, 400), ({"name": "another"}, 409)],
)
def test_a_refusal_keeps_what_was_typed(client, hook, values, status):
    sent = {**LAB, "url": "https://example.org/hook", **values}
    answer = client.post(reverse("hooks:hooks"), sent)
    assert answer.status_code == status
    page_text = answer.content.decode()
    assert 'data-testid="hook-refused"' in page_text
    assert f'value="{sent["name"]}"' in page_text
    assert Hook.objects.count() == 1


def test_it_is_changed(client, hook):
    address = reverse("hooks:hook", args=[hook.pk])
    answer = client.post(address, LAB | {"events": ["batch.ready", "model.promoted"]})
    assert answer.url == address
    hook.refresh_from_db()
    assert hook.events == ["batch.ready", "model.promoted"]
    assert client.post(address, LAB | {"url": "x"}).status_code == 400


def test_it_is_switched_and_deleted(client, hook):
    client.post(reverse("hooks:switch", args=[hook.pk]), {"active": "0"})
    assert 'data-testid="hook-off" data-stopped=""' in page(client, hook)
    client.post(reverse("hooks:switch", args=[hook.pk]), {"active": "1"})
    assert 'data-testid="hook-off"' not in page(client, hook)
    hook_stop(hook=hook, why=Hook.Stopped.FAILING)
    assert "nothing arrived for days" in page(client, hook)
    client.post(reverse("hooks:delete", args=[hook.pk]))
    assert not Hook.objects.exists()


def test_every_state_of_a_message_is_shown(client, hook):
    for _ in range(3):
        event_record(kind=EventKind.SNAPSHOT_FROZEN, data={"snapshot": 7, "page": "/snapshots/7/"})
    first, second, _ = Delivery.objects.order_by("pk")
    delivery_note(delivery=first, outcome=Outcome(200, "<b>thanks</b>"))
    delivery_note(delivery=second, outcome=Outcome(500, "", "bad_status", "the receiver answered 500"))
    result = markup(client.get(reverse("hooks:hook", args=[hook.pk])))
    assert re.findall(r'data-state="(\w+)" data-attempts="(\d)"', result) == [
        ("waiting", "0"),
        ("waiting", "1"),
        ("delivered", "1"),
    ]
    assert "&lt;b&gt;thanks" in result
    assert "the receiver answered 500" in result
    assert "snapshot 7" in result
    assert 'hx-trigger="every 2s"' in result
    assert "failing since" in client.get(reverse("hooks:hooks")).content.decode()
    Delivery.objects.filter(attempts=0).update(next_try=timezone.now() + timedelta(hours=1))
    assert "hx-trigger" not in client.get(reverse("hooks:deliveries", args=[hook.pk])).content.decode()


def test_a_trial_and_a_message_once_more(client, hook):
    client.post(reverse("hooks:trial", args=[hook.pk]))
    delivery = Delivery.objects.get()
    delivery_note(delivery=delivery, outcome=Outcome(204))
    answer = client.post(reverse("hooks:again", args=[hook.pk, delivery.pk]))
    assert answer.url == reverse("hooks:hook", args=[hook.pk])
    assert Delivery.objects.get().state == "waiting"
    assert client.post(reverse("hooks:again", args=[hook.pk + 1, delivery.pk])).status_code == 404
