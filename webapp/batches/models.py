"""Batches of 2D character images, and the queries in them."""

from django.conf import settings
from django.db import models

from webapp.core.models import LeftOut, Refusable
from webapp.registry.models import ModelVersion


class Batch(models.Model):
    """A set of uploaded images. Its owner's alone, unless shared with the project.

    open: whether the browser is still sending files.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    name = models.CharField(max_length=200)
    shared = models.BooleanField(default=False)
    open = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "batches"

    def __str__(self) -> str:
        return self.name


class BatchArchive(Refusable):
    """A zip of images waiting to be unpacked."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="archives")
    name = models.TextField()
    sha256 = models.CharField(max_length=64)


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


class Query(FromArchive, Refusable):
    """One 2D character image of a batch.

    name: path and file name as uploaded, in any script. sha256: of the file; the same picture is one
    query of a batch. vector: its embedding by ``vector_model``, float32 little-endian, rebuildable.
    queued: whether a job has been written for it. answered: whether its decisions add up to a label;
    follows from them, and is kept here so that a batch can be counted and walked through.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="queries")
    name = models.TextField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    vector = models.BinaryField(null=True)
    vector_model = models.ForeignKey(ModelVersion, null=True, on_delete=models.SET_NULL)
    queued = models.BooleanField(default=False)
    answered = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "queries"
        constraints = [
            models.UniqueConstraint(fields=["batch", "sha256"], name="one_query_a_picture"),
            models.UniqueConstraint(fields=["archive", "entry"], name="one_query_an_entry"),
        ]
        indexes = [
            models.Index(fields=["batch", "state", "answered"]),
            models.Index(fields=["state"], condition=models.Q(queued=False), name="not_yet_queued"),
        ]

    def __str__(self) -> str:
        return self.name
