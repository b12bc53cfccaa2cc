"""Who comes to a door: owner, teammate and stranger, a reviewer and a curator.

``None`` is the stranger: somebody who has not logged in.
"""

from django.test import Client
from rest_framework.test import APIClient

from webapp.accounts.models import User
from webapp.accounts.services import token_add

STRANGER = None


def person(username: str, role: str = User.Role.ANNOTATOR) -> User:
    """The account of this name, made when it is not there."""
    return User.objects.get_or_create(username=username, defaults={"role": role})[0]


def owner() -> User:
    """An annotator, to whom the batch in question belongs."""
    return person("owner")


def teammate() -> User:
    """Another annotator of the project."""
    return person("teammate")


def reviewer() -> User:
    """A reviewer of the project."""
    return person("reviewer", User.Role.REVIEWER)


def curator() -> User:
    """A curator: sees every batch, writes the gallery."""
    return person("curator", User.Role.CURATOR)


def browser_of(user: User | None) -> Client:
    """A client that asks for pages as ``user``, checking CSRF tokens no more than Django's own does."""
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def api_of(user: User | None) -> APIClient:
    """A client of the API that sends ``user``'s token."""
    client = APIClient()
    if user is not None:
        client.credentials(HTTP_AUTHORIZATION=f"Token {token_add(user=user)}")
    return client
