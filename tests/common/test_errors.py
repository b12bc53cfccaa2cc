"""One shape of every error a person can act on."""

import pytest

from common.errors import MocbanError
from retrieval import errors as library
from webapp.core import errors as web
from workers import errors as work


def test_what_it_says():
    error = MocbanError("it broke", hint="mend it")
    assert (str(error), error.hint, error.code, error.retryable) == ("it broke", "mend it", "error", False)


def test_a_class_has_its_own_answers_and_one_error_may_differ():
    assert (web.Conflict("no").code, web.Conflict("no").retryable) == ("conflict", True)
    one = web.Conflict("no", code="settled", retryable=False)
    assert (one.code, one.retryable, web.Conflict.code) == ("settled", False, "conflict")


@pytest.mark.parametrize("room", [library, web, work], ids=lambda room: room.__name__)
def test_every_room_builds_on_it(room):
    kinds = [kind for kind in vars(room).values() if getattr(kind, "__module__", "") == room.__name__]
    assert kinds
    assert all(issubclass(kind, MocbanError) for kind in kinds)
    assert all(kind.code != MocbanError.code for kind in kinds if kind is not web.AppError)
