"""Every refusal has one shape, for pages and for programs."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from rest_framework.exceptions import NotFound

from webapp.core.errors import AppError, Conflict, Refused, TooLarge
from webapp.core.http import AppErrorMiddleware, api_error
from webapp.core.permissions import CuratorOrReadOnly, require_curator

CASES = [
    (Refused, 400, "refused", False),
    (TooLarge, 413, "too_large", False),
    (Conflict, 409, "conflict", True),
]


@pytest.mark.parametrize(("kind", "status", "code", "retryable"), CASES)
def test_the_api_tells_code_reason_and_remedy(kind, status, code, retryable):
    answer = api_error(kind("it broke", hint="mend it"), {})
    assert answer.status_code == status
    assert answer.data == {"code": code, "error": "it broke", "hint": "mend it", "retryable": retryable}


@pytest.mark.parametrize(("kind", "status", "code", "retryable"), CASES)
def test_a_page_tells_the_same(kind, status, code, retryable):
    answer = AppErrorMiddleware(None).process_exception(
        RequestFactory().get("/"), kind("it broke", hint="mend it")
    )
    assert answer.status_code == status
    assert json.loads(answer.content) == {
        "code": code,
        "error": "it broke",
        "hint": "mend it",
        "retryable": retryable,
    }


def test_a_code_may_be_given():
    error = Refused("no", code="zip_encrypted")
    assert (error.code, Refused.code, str(error)) == ("zip_encrypted", "refused", "no")


def test_other_errors_are_left_to_django():
    assert AppErrorMiddleware(None).process_exception(RequestFactory().get("/"), KeyError("x")) is None
    assert api_error(KeyError("x"), {}) is None
    assert api_error(NotFound(), {}).status_code == 404


def test_errors_are_app_errors():
    assert all(issubclass(kind, AppError) for kind, *_ in CASES)


class TestDoors:
    def test_only_a_curator_passes(self, curator, owner, reviewer):
        require_curator(curator)
        for user in (owner, reviewer):
            with pytest.raises(PermissionDenied):
                require_curator(user)

    def test_a_superuser_is_a_curator(self, owner):
        owner.is_superuser = True
        require_curator(owner)

    @pytest.mark.parametrize("method", ["get", "head", "options"])
    def test_everybody_reads(self, owner, method):
        request = getattr(RequestFactory(), method)("/")
        request.user = owner
        assert CuratorOrReadOnly().has_permission(request, None)

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_curators_write(self, owner, curator, method):
        request = getattr(RequestFactory(), method)("/")
        for user, passes in ((owner, False), (curator, True)):
            request.user = user
            assert CuratorOrReadOnly().has_permission(request, None) is passes
