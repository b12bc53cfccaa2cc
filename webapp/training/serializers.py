"""How the API shows models, what was measured of them, and which one answers."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from webapp.core.serializers import RefusalField, RefusalSerializer
from webapp.datasets.models import Export, Snapshot
from webapp.jobs.turns import jobs_before
from webapp.registry.models import IndexVersion, ModelVersion, Release
from webapp.training.evaluations.frozen import frozen_sets
from webapp.training.gates import gates_of
from webapp.training.models import Evaluation, Finished, ModelFile, Promotion


class ModelSerializer(serializers.ModelSerializer):
    """Trained weights. sha256: of the file; width: numbers in an embedding; record: how it was trained.

    live: whether it answers now. file: where the weights can be had.
    """

    live = serializers.SerializerMethodField()
    record = serializers.DictField(read_only=True)
    file = serializers.SerializerMethodField()

    class Meta:
        model = ModelVersion
        fields = ["id", "name", "sha256", "fingerprint", "width", "live", "record", "file", "created"]

    def get_live(self, model: ModelVersion) -> bool:
        return model.pk == self.context["live_model"]

    def get_file(self, model: ModelVersion) -> str:
        return reverse("api-model-file", args=[model.pk])


class ModelFileSerializer(serializers.ModelSerializer):
    """An uploaded weights file. model: what came of it, once it is ready; error: why it was refused."""

    status = serializers.ChoiceField(choices=ModelFile.State.choices, source="state", read_only=True)
    error = RefusalField()

    class Meta:
        model = ModelFile
        fields = ["id", "name", "sha256", "status", "model", "error", "created"]


class ModelUploadSerializer(serializers.Serializer):
    """file: what ``python -m retrieval train`` wrote."""

    file = serializers.FileField(max_length=None)


class GateSerializer(serializers.Serializer):
    """One condition before a promotion, whether it is met, and the number that tells."""

    name = serializers.CharField()
    open = serializers.BooleanField()
    measured = serializers.FloatField()


class _Worked(serializers.ModelSerializer):
    """Something that a worker does for a curator: waiting, ready or failed."""

    status = serializers.ChoiceField(choices=Finished.choices, source="state", read_only=True)
    created_by = serializers.SlugRelatedField("username", read_only=True)
    error = serializers.SerializerMethodField()

    @extend_schema_field(RefusalSerializer(allow_null=True))
    def get_error(self, row) -> dict | None:
        return RefusalSerializer(row).data if row.state == Finished.FAILED else None


class EvaluationSerializer(_Worked):
    """A model beside the one that was live, asked the same queries of a snapshot's test side.

    results: scores of both, the gain with its interval, slices, and the first matches won and lost; gates:
    what it must show before it may answer. Both null until its status is ready. jobs_before: while it waits,
    how many jobs are done before it; else null.
    """

    model = serializers.PrimaryKeyRelatedField(source="candidate", read_only=True)
    snapshot = serializers.SlugRelatedField("number", read_only=True)
    results = serializers.DictField(allow_null=True, read_only=True)
    gates = serializers.SerializerMethodField()
    jobs_before = serializers.SerializerMethodField()

    class Meta:
        model = Evaluation
        fields = [
            *("id", "model", "live", "snapshot", "split", "status", "jobs_before", "results", "gates"),
            *("error", "created_by", "created"),
        ]

    def get_jobs_before(self, row: Evaluation) -> int | None:
        return jobs_before(f"evaluation:{row.pk}") if row.state == Finished.WAITING else None

    @extend_schema_field(GateSerializer(many=True, allow_null=True))
    def get_gates(self, row: Evaluation) -> list[dict] | None:
        return (
            GateSerializer(gates_of(row.results, frozen_sets(row)), many=True).data if row.results else None
        )


class EvaluationRequestSerializer(serializers.Serializer):
    """Which model is to be measured, and on the test side of which snapshot, by its number."""

    model = serializers.PrimaryKeyRelatedField(queryset=ModelVersion.objects.all())
    snapshot = serializers.SlugRelatedField("number", queryset=Snapshot.objects.all())
    split = serializers.ChoiceField(choices=Export.Split.choices, default=Export.Split.BLOCK)


class PromotionSerializer(_Worked):
    """A model on its way to answer, or gone back to. release: what it became."""

    class Meta:
        model = Promotion
        fields = [
            *("id", "model", "evaluation", "reason", "status", "release", "error"),
            *("created_by", "created"),
        ]


class PromotionRequestSerializer(serializers.Serializer):
    """evaluation: of this model beside the live one. reason: needed where a gate is closed."""

    model = serializers.PrimaryKeyRelatedField(queryset=ModelVersion.objects.all())
    evaluation = serializers.PrimaryKeyRelatedField(
        queryset=Evaluation.objects.all(), required=False, allow_null=True
    )
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class IndexSerializer(serializers.ModelSerializer):
    """A search index: over how many vectors, and its recall@5 against exact search."""

    class Meta:
        model = IndexVersion
        fields = ["id", "count", "recall", "created"]


class ReleaseSerializer(serializers.ModelSerializer):
    """One model and one index that answer, or answered. index: null where all was searched exactly."""

    index = IndexSerializer(read_only=True, allow_null=True)
    created_by = serializers.SlugRelatedField("username", read_only=True)

    class Meta:
        model = Release
        fields = ["id", "model", "index", "live", "created_by", "created"]


class RollBackSerializer(serializers.Serializer):
    """reason: why an earlier release is to answer again."""

    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)
