"""What pages' scripts send about an account."""

from rest_framework import serializers

from webapp.accounts.shortcuts import PAGES

_MOST_ACTIONS, _MOST_KEYS, _LONGEST = 100, 10, 40


class ShortcutsSerializer(serializers.Serializer):
    """One's own keys of a page, by the names of their actions."""

    page = serializers.ChoiceField(choices=PAGES)
    keys = serializers.DictField(
        child=serializers.ListField(
            child=serializers.CharField(max_length=_LONGEST, trim_whitespace=False), max_length=_MOST_KEYS
        )
    )

    def validate_keys(self, keys: dict[str, list[str]]) -> dict[str, list[str]]:
        if len(keys) > _MOST_ACTIONS or any(len(name) > _LONGEST or "\0" in name for name in keys):
            raise serializers.ValidationError("these are no actions of a page")
        return keys
