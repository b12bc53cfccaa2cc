"""How the API shows and takes webhooks."""

from rest_framework import serializers

from webapp.hooks.models import TRIAL, Delivery, EventKind, Hook


class HookSerializer(serializers.ModelSerializer):
    """An address that is notified of events.

    stopped: why it was switched off by itself; empty where it was not. failing_since: when the first message
    failed after the last that arrived.
    """

    events = serializers.ListField(child=serializers.ChoiceField(choices=EventKind.choices), read_only=True)

    class Meta:
        model = Hook
        fields = ["id", "name", "url", "events", "active", "stopped", "failing_since", "created"]


class HookWithSecretSerializer(HookSerializer):
    """As it is now, with its new signing secret, which is shown at no later time."""

    secret = serializers.SerializerMethodField()

    class Meta(HookSerializer.Meta):
        fields = [*HookSerializer.Meta.fields, "secret"]

    def get_secret(self, hook: Hook) -> str:
        return self.context["secret"]


class HookRequestSerializer(serializers.Serializer):
    """events: what it is to be notified of."""

    name = serializers.CharField(max_length=100)
    url = serializers.CharField(max_length=2000)
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=EventKind.choices), allow_empty=False
    )


class HookChangeSerializer(serializers.Serializer):
    """What may be changed of a webhook. active: switch it on or off."""

    name = serializers.CharField(max_length=100, required=False)
    url = serializers.CharField(max_length=2000, required=False)
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=EventKind.choices), allow_empty=False, required=False
    )
    active = serializers.BooleanField(required=False)


class DeliverySerializer(serializers.ModelSerializer):
    """One message on its way to one webhook.

    message: its webhook-id. status: of the last HTTP answer; answer: how that began; error: why the last
    attempt failed. next_try: when it is tried again.
    """

    message = serializers.CharField(source="event.message_id", read_only=True)
    type = serializers.ChoiceField(
        choices=[*EventKind.choices, (TRIAL, TRIAL)], source="event.kind", read_only=True
    )
    data = serializers.DictField(source="event.data", read_only=True)

    class Meta:
        model = Delivery
        fields = [
            *("id", "message", "type", "data", "state", "attempts", "status", "answer"),
            *("error_code", "error", "created", "tried", "next_try"),
        ]
