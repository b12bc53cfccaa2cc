"""Whole woodblocks, the scans of their faces, and the places of characters on them."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from webapp.core.models import Failable
from webapp.gallery.models import Item
from webapp.pages.models import Box


class Block(models.Model):
    """A physical woodblock, as its catalogue has it.

    size, condition: in the catalogue's words. fields: what else is known of it, texts by their names.
    deleted_at: since when it lies in the trash.
    """

    name = models.CharField(max_length=200)
    inventory_number = models.CharField(max_length=200, blank=True)
    title = models.TextField(blank=True)
    volume = models.CharField(max_length=200, blank=True)
    leaf = models.CharField(max_length=200, blank=True)
    material = models.CharField(max_length=200, blank=True)
    size = models.CharField(max_length=200, blank=True)
    condition = models.TextField(blank=True)
    note = models.TextField(blank=True)
    fields = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    deleted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Scan(Failable):
    """One scan of a block: the face that carries its carving.

    sha256: of the mesh file, in the store. name: the file's, as it came. unit: of the file's numbers, as it
    was chosen; empty to find it by the size. queued: whether a job was written for it.
    read_unit: the unit it was read in. warp_mm: how far the board was bent; taken out. mirrored, turn: how
    the face was flipped and turned, degrees counterclockwise, to read as its print does, decided by all
    characters together; way_by: "person" where somebody said so. skew: degrees of its columns. notes:
    sentences about what was odd. read_with: fingerprint of what read it; its pictures and reduced meshes lie
    in the derived folder of the scan. version: one more with every edit of its places.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        READING = "reading", _("being read")
        READY = "ready", _("ready")
        REFUSED = "refused", _("refused")

    class Face(models.TextChoices):
        RECTO = "recto", _("front")
        VERSO = "verso", _("back")
        ANY = "", _("not known")

    class WayBy(models.TextChoices):
        MODEL = "model", _("decided by the model")
        PERSON = "person", _("set by a person")

    UNITS: ClassVar = ("mm", "cm", "m", "in", "um")

    block = models.ForeignKey(Block, on_delete=models.CASCADE, related_name="scans")
    face = models.CharField(max_length=20, choices=Face.choices, blank=True)
    name = models.TextField()
    sha256 = models.CharField(max_length=64, db_index=True)
    unit = models.CharField(max_length=4, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    queued = models.BooleanField(default=False)
    triangles = models.PositiveIntegerField(null=True)
    read_unit = models.CharField(max_length=4, blank=True)
    width_mm = models.FloatField(null=True)
    height_mm = models.FloatField(null=True)
    depth_mm = models.FloatField(null=True)
    warp_mm = models.FloatField(null=True)
    px_per_mm = models.FloatField(null=True)
    mirrored = models.BooleanField(null=True)
    turn = models.PositiveSmallIntegerField(default=0)
    way_by = models.CharField(max_length=10, choices=WayBy.choices, default=WayBy.MODEL)
    sure = models.FloatField(null=True)
    skew = models.FloatField(default=0.0)
    characters = models.PositiveIntegerField(null=True)
    notes = models.JSONField(default=list, blank=True)
    read_with = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["block", "sha256"], name="one_scan_a_file")]
        indexes = [
            models.Index(fields=["state"], condition=models.Q(queued=False), name="scan_not_yet_queued"),
        ]

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """Where a character stands on a block.

    item: its own mesh in the gallery; None until it was cut out of the scan. scan: None for an item of a
    single mesh that was put into a block by hand. x_mm, y_mm, w_mm, h_mm: its box from the top left of the
    face as it prints; None where nobody knows. column: from 1 at the right. order: read by rising order;
    fractions leave room between two. score: the localiser's, in [0, 1]. stale: whether it is still to be cut
    out, or cut out anew. deleted: since when; it can be restored. set_by: who drew or mended it; None for
    the localiser. version: of the scan, when it was last changed.
    """

    item = models.OneToOneField(Item, null=True, on_delete=models.CASCADE, related_name="place")
    block = models.ForeignKey(Block, on_delete=models.CASCADE, related_name="places")
    scan = models.ForeignKey(Scan, null=True, on_delete=models.CASCADE, related_name="places")
    x_mm = models.FloatField(null=True)
    y_mm = models.FloatField(null=True)
    w_mm = models.FloatField(null=True)
    h_mm = models.FloatField(null=True)
    column = models.PositiveIntegerField(default=1)
    order = models.FloatField(default=0.0)
    kind = models.CharField(max_length=10, choices=Box.Kind.choices, default=Box.Kind.MAIN)
    score = models.FloatField(null=True)
    stale = models.BooleanField(default=False)
    deleted = models.DateTimeField(null=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["block", "order"]),
            models.Index(fields=["scan"], condition=models.Q(stale=True), name="places_to_cut"),
        ]

    @property
    def sides(self) -> tuple[float | None, ...]:
        """Its box: left, top, width and height in millimetres."""
        return self.x_mm, self.y_mm, self.w_mm, self.h_mm


class PlaceEdit(models.Model):
    """What one person did to a scan's places in one go, so that it can be undone.

    forward, inverse: [{"box": pk, field: value}] as in ``Edit`` of pages, in pixels of the print; one added
    was deleted before. version: of the scan, when it was last done or undone. key: made where it was sent
    from, so that it is done once.
    """

    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="edits")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    forward = models.JSONField()
    inverse = models.JSONField()
    undone = models.BooleanField(default=False)
    version = models.PositiveIntegerField()
    key = models.UUIDField(null=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["scan", "person", "id"])]


class Upload(models.Model):
    """A scan's file that comes in pieces; its bytes lie in the data folder until it is whole.

    name: the file's. size: bytes that will come, offset: that came. face, unit: as in ``Scan``. scan: what it
    became. touched: when the last bytes came.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    block = models.ForeignKey(Block, on_delete=models.CASCADE, related_name="uploads")
    name = models.TextField()
    size = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    face = models.CharField(max_length=20, blank=True)
    unit = models.CharField(max_length=4, blank=True)
    scan = models.ForeignKey(Scan, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    touched = models.DateTimeField(auto_now=True, db_index=True)

    def __str__(self) -> str:
        return self.name
