"""How the API shows and takes batches."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from webapp.batches.models import Batch, BatchLeftOut
from webapp.batches.selectors import LEFT_OUT_SHOWN, STATES, BatchProgress, batch_progress
from webapp.core.serializers import SentFilesSerializer
from webapp.jobs.turns import jobs_before


class BatchLeftOutSerializer(serializers.ModelSerializer):
    """An entry of an upload that became no query, and why. archive: the zip that it came in, if it did."""

    archive = serializers.SlugRelatedField(slug_field="name", read_only=True, allow_null=True)

    class Meta:
        model = BatchLeftOut
        fields = ["name", "archive", "code", "reason"]


class BatchSerializer(serializers.ModelSerializer):
    """A set of uploaded pictures, and how far it is.

    open: whether files are still being sent. status: "unpacking" while a zip waits, "working" while pictures
    do, then "ready". jobs_before: while all its work waits, how many jobs are done before it; else null.
    total counts the pictures; done, failed and waiting are its parts. left_out: the first 200 of
    ``left_out_count``. maybe_pages: pictures that look like whole pages, and wait to be called pages or
    characters.
    """

    owner = serializers.CharField(source="owner.username", read_only=True)
    status = serializers.SerializerMethodField()
    jobs_before = serializers.SerializerMethodField()
    maybe_pages = serializers.IntegerField(source="maybe_pages_waiting", read_only=True)
    total = serializers.SerializerMethodField()
    waiting = serializers.SerializerMethodField()
    done = serializers.SerializerMethodField()
    failed = serializers.SerializerMethodField()
    answered = serializers.SerializerMethodField()
    left_out_count = serializers.SerializerMethodField()
    left_out = serializers.SerializerMethodField()

    class Meta:
        model = Batch
        fields = [
            "id",
            "name",
            "owner",
            "shared",
            "open",
            "status",
            "jobs_before",
            "maybe_pages",
            "total",
            "waiting",
            "done",
            "failed",
            "answered",
            "left_out_count",
            "left_out",
            "created",
        ]

    def to_representation(self, batch: Batch) -> dict:
        by_batch = self.context.get("progress", {})
        self._progress: BatchProgress = by_batch.get(batch.pk) or batch_progress(batch)
        return super().to_representation(batch)

    @extend_schema_field(serializers.ChoiceField(choices=STATES))
    def get_status(self, batch: Batch) -> str:
        return self._progress.state

    def get_jobs_before(self, batch: Batch) -> int | None:
        return None if self._progress.state == "ready" else jobs_before(f"batch:{batch.pk}")

    def get_total(self, batch: Batch) -> int:
        return self._progress.total

    def get_waiting(self, batch: Batch) -> int:
        return self._progress.waiting

    def get_done(self, batch: Batch) -> int:
        return self._progress.done

    def get_failed(self, batch: Batch) -> int:
        return self._progress.failed

    def get_answered(self, batch: Batch) -> int:
        return self._progress.answered

    def get_left_out_count(self, batch: Batch) -> int:
        return self._progress.left_out

    @extend_schema_field(BatchLeftOutSerializer(many=True))
    def get_left_out(self, batch: Batch) -> list[dict]:
        shown = getattr(batch, "left_out_shown", None)
        if shown is None:
            shown = batch.left_out.select_related("archive").order_by("pk")[:LEFT_OUT_SHOWN]
        return BatchLeftOutSerializer(shown, many=True).data


class BatchFilesSerializer(SentFilesSerializer):
    """Pictures, or zips of them, for a batch that is there."""


class BatchUploadSerializer(SentFilesSerializer):
    """A new batch: pictures, or zips of them. open: more files follow, so that it may have none yet."""

    files = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True, max_length=None), required=False
    )
    name = serializers.CharField(required=False, allow_blank=True, max_length=200)
    shared = serializers.BooleanField(required=False, default=False)
    open = serializers.BooleanField(required=False, default=False)

    def get_fields(self) -> dict[str, serializers.Field]:
        """With ``as``, a word that Python keeps for itself."""
        what = serializers.ChoiceField(
            choices=Batch.PicturesAs.choices,
            default=Batch.PicturesAs.CHARACTERS,
            help_text="What pictures become that look like whole pages; with ask, say it later",
        )
        return {**super().get_fields(), "as": what}

    def validate(self, attrs: dict) -> dict:
        """Files, unless some follow."""
        if not attrs.get("files") and not attrs["open"]:
            raise serializers.ValidationError({"files": "send files, or say that some follow: open"})
        return super().validate({"files": [], **attrs})


class BatchChangeSerializer(serializers.Serializer):
    """What may be changed of a batch."""

    name = serializers.CharField(required=False, max_length=200)
    shared = serializers.BooleanField(required=False)
    open = serializers.ChoiceField([False], required=False, help_text="false: all files were sent")


class MaybePagesSerializer(serializers.Serializer):
    """What pictures are that look like whole pages."""

    def get_fields(self) -> dict[str, serializers.Field]:
        """``as``, a word that Python keeps for itself."""
        choices = [Batch.PicturesAs.CHARACTERS, Batch.PicturesAs.PAGES]
        return {"as": serializers.ChoiceField(choices=choices)}
