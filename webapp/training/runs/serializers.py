"""How the API shows and takes training runs."""

from rest_framework import serializers

from common.objectives import OBJECTIVES, USUAL
from webapp.datasets.models import Export
from webapp.training.models import TrainingRun
from webapp.training.runs.recipes import RECIPES
from webapp.training.runs.services import run_evaluations


class PointSerializer(serializers.Serializer):
    """One point of a run's curves. mrr and kept are measured now and then."""

    batch = serializers.IntegerField()
    share = serializers.FloatField()
    seconds = serializers.FloatField()
    loss = serializers.FloatField(required=False)
    mrr = serializers.FloatField(required=False, allow_null=True)
    kept = serializers.FloatField(required=False)


class TrainingRunSerializer(serializers.ModelSerializer):
    """A model in the making.

    wanted: what was asked for since and is not done yet. share: of it that is over, in [0, 1]. seconds: of
    training so far; seconds_left: by that pace, while it runs. model, evaluations: ids of what came of it.
    """

    status = serializers.ChoiceField(choices=TrainingRun.State.choices, source="state", read_only=True)
    snapshot = serializers.SlugRelatedField("number", read_only=True)
    created_by = serializers.SlugRelatedField("username", read_only=True)
    seconds_left = serializers.FloatField(allow_null=True, read_only=True)
    evaluations = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()

    class Meta:
        model = TrainingRun
        fields = [
            *("id", "recipe", "objective", "snapshot", "split", "base", "status", "wanted", "share"),
            *(
                "seconds",
                "seconds_left",
                "error",
                "model",
                "evaluations",
                "created_by",
                "created",
                "finished",
            ),
        ]
        read_only_fields = fields

    def get_evaluations(self, run: TrainingRun) -> list[int]:
        return [one.pk for one in run_evaluations(run)]

    def get_error(self, run: TrainingRun) -> str | None:
        return f"{run.error}; {run.hint}".strip("; ") or None


class TrainingRunDetailSerializer(TrainingRunSerializer):
    """A run with its curves and the last lines of its log."""

    points = PointSerializer(many=True, read_only=True)

    class Meta(TrainingRunSerializer.Meta):
        fields = [*TrainingRunSerializer.Meta.fields, "points", "log"]
        read_only_fields = fields


class TrainingRunRequestSerializer(serializers.Serializer):
    """What to train on, and how."""

    snapshot = serializers.IntegerField(min_value=1)
    recipe = serializers.ChoiceField(choices=list(RECIPES))
    objective = serializers.ChoiceField(choices=list(OBJECTIVES), default=USUAL)
    split = serializers.ChoiceField(choices=Export.Split.choices, default=Export.Split.BLOCK)
