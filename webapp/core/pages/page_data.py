"""What pages' scripts send, read by the same serializers as the API's requests."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.http import HttpRequest
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from webapp.core.errors import Refused
from webapp.core.files.uploaded import sent_json

_EXACT: tuple[tuple[type[serializers.Field], tuple[type, ...]], ...] = (
    (serializers.ListField, (list,)),
    (serializers.ListSerializer, (list,)),
    (serializers.Serializer, (dict,)),
    (serializers.BooleanField, (bool,)),
    (serializers.IntegerField, (int,)),
    (serializers.FloatField, (int, float)),
    (serializers.PrimaryKeyRelatedField, (int,)),
    (serializers.UUIDField, (str,)),
    (serializers.ChoiceField, (str,)),
    (serializers.CharField, (str,)),
)

Read = TypeVar("Read", bound=serializers.Serializer)


def page_data(request: HttpRequest, serializer_class: type[Read]) -> Read:
    """The request's JSON object, read and found to fit by ``serializer_class``.

    The API also takes forms, so "1" is a number there. A script of ours sends JSON of the right types;
    anything else is a mistake, and refused. A serializer's ``refusals`` are codes by the name of a field
    ("also.item"), where need be with what is wrong with it ("also.item:does_not_exist", ":type" for a wrong
    JSON type). The code of all others is "bad_json".

    Raises:
        Refused: the body is no JSON object, or does not fit.
    """
    sent = sent_json(request)
    serializer = serializer_class(data=sent)
    refusals: Mapping[str, str] = getattr(serializer_class, "refusals", {})
    wrong = _wrong_type(serializer, sent)
    if wrong is not None:
        code = refusals.get(f"{wrong}:type", "bad_json")
        raise Refused(f"{wrong or 'the request'} is of the wrong type", code=code)
    if not _is_valid(serializer):
        name, detail = _first(serializer.errors)
        code = refusals.get(f"{name}:{detail.code}") or refusals.get(name, "bad_json")
        raise Refused(f"{name}: {detail}", code=code)
    return serializer


def _is_valid(serializer: serializers.Serializer) -> bool:
    try:
        return serializer.is_valid()
    except OverflowError:  # a number of more digits than a float, or the database, holds
        raise Refused("a number is too large", code="bad_json") from None


def _wrong_type(field: serializers.Field, value: Any, name: str = "") -> str | None:
    """The name of the first field whose value has not the JSON type of its field; None where all have."""
    if value is None and field.allow_null:
        return None
    expected = next((types for kind, types in _EXACT if isinstance(field, kind)), (type(value),))
    if type(value) not in expected:
        return name
    found: list[str | None] = []
    if isinstance(field, serializers.Serializer):
        begin = f"{name}." if name else ""
        inner = [part for part in field.fields.values() if part.field_name in value]
        found = [_wrong_type(part, value[part.field_name], begin + part.field_name) for part in inner]
    elif isinstance(field, (serializers.ListField, serializers.ListSerializer)):
        found = [_wrong_type(field.child, one, name) for one in value]
    return next((wrong for wrong in found if wrong is not None), None)


def _first(errors: Any, name: str = "") -> tuple[str, ErrorDetail]:
    """The first error of a serializer, with the name of its field."""
    if isinstance(errors, dict):
        key, inner = next((key, inner) for key, inner in errors.items() if inner)
        known = isinstance(key, str) and key != "non_field_errors"
        return _first(inner, ".".join(filter(None, (name, key))) if known else name)
    if isinstance(errors, list):
        return _first(next(error for error in errors if error), name)
    return name, errors
