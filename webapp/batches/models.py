"""Batches of 2D character images, and the queries in them."""

from django.conf import settings
from django.db import models

from webapp.core.models import LeftOut, Refusable
from webapp.registry.models import ModelVersion


class OutOfTrash(models.Manager):
    """Rows that were not deleted: what almost everybody means."""

    def __init__(self, **conditions) -> None:
        super().__init__()
        self._conditions = conditions

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(**self._conditions)


class Batch(models.Model):
    """A set of uploaded images. Its owner's alone, unless shared with the project or given to annotators.

    open: whether the browser is still sending files. wanted: answers a query needs, 1 to 5, by as many
    people. hidden: whether annotators see each other's answers to a query only when it has all of them.
    assigned: the annotators whose work it is; without any, everybody who sees the batch answers it.
    blind_share, gold_share: per cent of an annotator's cards, 0 to 20. pages_waiting: pages of its document
    that are still to be read. pictures_as: what becomes of pictures that look like whole pages. deleted:
    since when it has been in the trash; ``everything`` has such batches too.
    """

    class PicturesAs(models.TextChoices):
        CHARACTERS = "characters", "characters"
        PAGES = "pages", "pages"
        ASK = "ask", "ask"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    name = models.CharField(max_length=200)
    shared = models.BooleanField(default=False)
    open = models.BooleanField(default=False)
    wanted = models.PositiveSmallIntegerField(default=1)
    hidden = models.BooleanField(default=False)
    assigned = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="assigned_batches")
    blind_share = models.PositiveSmallIntegerField(default=3)
    gold_share = models.PositiveSmallIntegerField(default=0)
    pages_waiting = models.PositiveIntegerField(default=0)
    pictures_as = models.CharField(max_length=10, choices=PicturesAs.choices, default=PicturesAs.CHARACTERS)
    created = models.DateTimeField(auto_now_add=True)
    deleted = models.DateTimeField(null=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = OutOfTrash(deleted__isnull=True)
    everything = models.Manager()

    class Meta:
        verbose_name_plural = "batches"

    def __str__(self) -> str:
        return self.name


class BatchArchive(Refusable):
    """A file of several images waiting to be unpacked: a zip, or, of pages, a PDF, a TIFF or a manifest too.

    pages: whether its images are pages of the batch's document, not characters.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="archives")
    name = models.TextField()
    sha256 = models.CharField(max_length=64)
    pages = models.BooleanField(default=False)


class FromArchive(models.Model):
    """What came of one entry of a zip. Unpacking a second time finds it here, and goes on with the rest.

    entry: position in the zip's directory, from 0. Both empty for what was not zipped.
    """

    archive = models.ForeignKey(
        BatchArchive, null=True, on_delete=models.CASCADE, related_name="%(class)s_entries"
    )
    entry = models.PositiveIntegerField(null=True)

    class Meta:
        abstract = True


class BatchLeftOut(FromArchive, LeftOut):
    """An entry of an upload that became no query."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="left_out")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["archive", "entry"], name="left_out_once")]


class MaybePage(FromArchive):
    """A picture of a batch that looks like a whole page: a person says what it is before it is queued.

    answer: what they said, "characters" or "pages"; empty until then. The row stays, so that the same file
    sent again is known.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="maybe_pages")
    name = models.TextField()
    sha256 = models.CharField(max_length=64)
    answer = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "sha256"], name="one_question_a_picture"),
            models.UniqueConstraint(fields=["archive", "entry"], name="one_question_an_entry"),
        ]


class Query(FromArchive, Refusable):
    """One 2D character image of a batch.

    name: path and file name as uploaded, in any script. sha256: of the file; the same picture is one
    query of a batch. vector: its embedding by ``vector_model``, float32 little-endian, rebuildable.
    queued: whether a job has been written for it. margin: how much surer the first suggestion is than the
    second, in [0, 1]; 0 where nothing was found. in_trash: whether its batch was deleted, or the box of a
    page that it was cut out of.

    The rest follows from what was said of it, and is kept here so that a batch can be counted and walked
    through. answered: whether its decisions add up to a label. answers: how many people's answers count.
    agreement: the largest share of them that say the same, in (0, 1]; None without answers. disputed: all
    answers are there and add up to nothing. settled: a reviewer has ruled. wanting: more answers are
    wanted. reopened: id of the last decision that counts no more, because a reviewer sent the query back.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="queries")
    name = models.TextField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    vector = models.BinaryField(null=True)
    vector_model = models.ForeignKey(ModelVersion, null=True, on_delete=models.SET_NULL)
    queued = models.BooleanField(default=False)
    margin = models.FloatField(default=0.0)
    answered = models.BooleanField(default=False)
    answers = models.PositiveSmallIntegerField(default=0)
    agreement = models.FloatField(null=True)
    disputed = models.BooleanField(default=False)
    settled = models.BooleanField(default=False)
    wanting = models.BooleanField(default=True)
    reopened = models.BigIntegerField(default=0)
    in_trash = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True)

    objects = OutOfTrash(in_trash=False)
    everything = models.Manager()

    class Meta:
        verbose_name_plural = "queries"
        constraints = [
            models.UniqueConstraint(fields=["batch", "sha256"], name="one_query_a_picture"),
            models.UniqueConstraint(fields=["archive", "entry"], name="one_query_an_entry"),
        ]
        indexes = [
            models.Index(fields=["batch", "state", "answered"]),
            # A condition, not a column: SQLite looks up no index for a bare truth value.
            models.Index(
                fields=["batch", "state", "id"], condition=models.Q(wanting=True), name="queue_by_batch"
            ),
            models.Index(
                fields=["batch", "state", "margin", "id"],
                condition=models.Q(wanting=True),
                name="queue_by_doubt",
            ),
            models.Index(
                fields=["batch", "agreement", "id"],
                condition=models.Q(agreement__lt=1.0),
                name="queue_by_disagreement",
            ),
            models.Index(fields=["state"], condition=models.Q(queued=False), name="not_yet_queued"),
        ]

    def __str__(self) -> str:
        return self.name


class FreedBlob(models.Model):
    """A stored file of a batch that was deleted for good; removed where nothing else uses it.

    digest: SHA-256. Not called ``sha256``, which is what rows are called that use their file.
    """

    digest = models.CharField(max_length=64, primary_key=True)
