"""How the API shows a card."""

from rest_framework import serializers


class CardItemSerializer(serializers.Serializer):
    """An item as a card shows it; thumbnail, print, viewer, glyph and page are addresses."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    character = serializers.CharField()
    codepoint = serializers.CharField()
    mirrored = serializers.BooleanField()
    thumbnail = serializers.CharField(allow_null=True)
    print = serializers.CharField(allow_null=True)
    viewer = serializers.CharField(allow_null=True)
    glyph = serializers.CharField(allow_null=True)
    page = serializers.CharField()


class CardSuggestionSerializer(serializers.Serializer):
    """One suggestion in the order shown. On a blind card rank is its place; distance, confidence and fit are
    null, and proposed is empty.
    """

    rank = serializers.IntegerField()
    item = CardItemSerializer()
    distance = serializers.FloatField(allow_null=True)
    confidence = serializers.FloatField(allow_null=True)
    mirrored = serializers.BooleanField()
    fit = serializers.DictField(allow_null=True, help_text="Where it lies on the picture")
    proposed = serializers.CharField(help_text="How it seems to be related to the print; empty for nothing")
    gone = serializers.BooleanField(help_text="The item cannot be chosen any more")


class CommentSerializer(serializers.Serializer):
    """What somebody wrote."""

    who = serializers.CharField()
    text = serializers.CharField()
    created = serializers.DateTimeField()


class CardSerializer(serializers.Serializer):
    """A query as it is put before one person.

    version: to be sent with the answer, which is refused where the card has changed. others: what
    other people say of it; null while that is hidden. sent_back: a reviewer's question to the annotators.
    """

    id = serializers.IntegerField()
    name = serializers.CharField()
    image = serializers.CharField(allow_null=True)
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    answered = serializers.BooleanField()
    version = serializers.CharField()
    blind = serializers.BooleanField()
    settled = serializers.BooleanField()
    flagged = serializers.BooleanField()
    suggestions = CardSuggestionSerializer(many=True)
    decision = serializers.DictField(allow_null=True)
    comments = CommentSerializer(many=True)
    others = serializers.ListField(child=serializers.DictField(), allow_null=True)
    sent_back = CommentSerializer(allow_null=True)
