"""How the API shows how people work and agree."""

from rest_framework import serializers


class EstimateSerializer(serializers.Serializer):
    """A mean of ``count`` values with its 95 % interval; null where there are too few."""

    count = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class PersonSerializer(serializers.Serializer):
    """One annotator. seconds: median a card. gold, settled: share answered as is known to be right."""

    name = serializers.CharField()
    answers = serializers.IntegerField()
    skipped = serializers.IntegerField()
    seconds = serializers.FloatField(allow_null=True)
    gold = EstimateSerializer()
    settled = EstimateSerializer()


class PairSerializer(serializers.Serializer):
    """Two annotators: queries both answered, those they answered alike, and Cohen's kappa."""

    first = serializers.CharField()
    second = serializers.CharField()
    both = serializers.IntegerField()
    agreed = serializers.IntegerField()
    kappa = serializers.FloatField(allow_null=True)


class PeopleSerializer(serializers.Serializer):
    """The people of a batch. alpha: Krippendorff's, over the ``compared`` queries with several answers."""

    persons = PersonSerializer(many=True)
    pairs = PairSerializer(many=True)
    alpha = serializers.FloatField(allow_null=True)
    compared = serializers.IntegerField()


class ChoicesSerializer(serializers.Serializer):
    """What was chosen: share that chose the first suggestion, and the mean reciprocal rank."""

    answers = serializers.IntegerField()
    first = EstimateSerializer()
    mrr = EstimateSerializer()


class RankingBiasSerializer(serializers.Serializer):
    """Blind cards against those with the ranking in sight, and the differences."""

    blind = ChoicesSerializer()
    seen = ChoicesSerializer()
    first = EstimateSerializer()
    mrr = EstimateSerializer()
