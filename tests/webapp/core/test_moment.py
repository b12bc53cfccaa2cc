"""What is read within one moment is of that moment, though others write meanwhile."""

import threading

import pytest
from django.db import connection, connections

from webapp.accounts.models import User
from webapp.core.moment import one_moment


def elsewhere(act) -> None:
    """Do it on a connection of its own."""

    def run():
        try:
            act()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    assert not thread.is_alive()


def names() -> set[str]:
    return set(User.objects.values_list("username", flat=True))


@pytest.mark.django_db(transaction=True)
def test_what_others_write_meanwhile_is_not_seen():
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("a database in memory has one connection")
    User.objects.create(username="before")
    with one_moment():
        assert names() == {"before"}
        elsewhere(lambda: User.objects.create(username="meanwhile"))
        assert names() == {"before"}
    assert names() == {"before", "meanwhile"}


@pytest.mark.django_db(transaction=True)
def test_it_can_be_written_again_afterwards():
    with pytest.raises(ZeroDivisionError), one_moment():
        1 / 0  # noqa: B018
    User.objects.create(username="after")
    assert names() == {"after"}
