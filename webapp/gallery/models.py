"""The gallery: 3D woodblock characters, and the uploads they came in."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.carving_doubts import CARVING_DOUBTS
from webapp.core.characters import codepoints
from webapp.core.models import LeftOut, Refusable
from webapp.registry.models import ModelVersion

MOST_CHARACTER = 16
"""The most codepoints of one character, its variation selector among them."""


class Import(models.Model):
    """One upload of meshes: files, a folder, or zips."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    name = models.CharField(max_length=200)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class ImportArchive(Refusable):
    """A zip of meshes waiting to be unpacked."""

    upload = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="archives")
    name = models.TextField()
    sha256 = models.CharField(max_length=64)


class ImportLeftOut(LeftOut):
    """An entry of an upload of meshes that became no item.

    archive, entry: the zip that it came in, and its place there; both empty for what was not zipped.
    """

    upload = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="left_out")
    archive = models.ForeignKey(ImportArchive, null=True, on_delete=models.CASCADE, related_name="left_out")
    entry = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["archive", "entry"], name="import_left_out_once")]


class Item(Refusable):
    """One 3D woodblock character.

    name: the file's name as it came. archive: the zip that it came in. sha256: of the mesh file; the same
    mesh is one item.
    character: exactly as given, possibly with a variation selector; empty where unknown.
    handedness: how the scan lies, as seen from the front; "mirrored" is how blocks are carved.
    turn: degrees counterclockwise, as seen from the front, by which the scan was turned to stand upright.
    upright_probability: how likely it stands upright then.
    prepared_with: fingerprint of what made the derived files; another one means they are stale.
    queued: whether a job was written for it.
    """

    class Handedness(models.TextChoices):
        MIRRORED = "mirrored", _("mirrored")
        DIRECT = "direct", _("not mirrored")

    class Judge(models.TextChoices):
        MODEL = "model", _("decided by the model")
        PERSON = "person", _("set by a person")
        BLOCK = "block", _("decided by all characters of its block")

    class Turn(models.IntegerChoices):
        NONE = 0, _("as scanned")
        LEFT = 90, "90°"
        OVER = 180, "180°"
        RIGHT = 270, "270°"

    upload = models.ForeignKey(Import, null=True, on_delete=models.SET_NULL, related_name="items")
    archive = models.ForeignKey(ImportArchive, null=True, on_delete=models.SET_NULL, related_name="items")
    name = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)
    character = models.CharField(max_length=MOST_CHARACTER, blank=True, db_index=True)
    handedness = models.CharField(max_length=10, choices=Handedness.choices, blank=True)
    handedness_by = models.CharField(max_length=10, choices=Judge.choices, default=Judge.MODEL)
    mirrored_probability = models.FloatField(null=True)
    turn = models.PositiveSmallIntegerField(choices=Turn.choices, default=Turn.NONE)
    turn_by = models.CharField(max_length=10, choices=Judge.choices, default=Judge.MODEL)
    upright_probability = models.FloatField(null=True)
    format = models.CharField(max_length=20, blank=True)
    faces = models.PositiveIntegerField(null=True)
    tilt_degrees = models.FloatField(null=True)
    units_per_pixel = models.FloatField(null=True)
    repairs = models.JSONField(default=list)
    prepared_with = models.CharField(max_length=64, blank=True)
    queued = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["state"], condition=models.Q(queued=False), name="item_not_yet_queued")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def codepoint(self) -> str:
        """The character as codepoints, "U+583D" or "U+845B U+E0100"; empty where unknown."""
        return codepoints(self.character)

    @property
    def is_mirrored(self) -> bool:
        return self.handedness == self.Handedness.MIRRORED

    @property
    def is_doubtful(self) -> bool:
        """Whether the model could not tell how the scan lies, and nobody has said."""
        p = self.mirrored_probability
        return self.handedness_by == self.Judge.MODEL and p is not None and 0.1 <= p <= 0.9

    @property
    def is_turn_doubtful(self) -> bool:
        """Whether the model could not tell which way up the scan is, and nobody has said."""
        p = self.upright_probability
        return self.turn_by == self.Judge.MODEL and p is not None and p < 0.9

    @property
    def is_carving_doubtful(self) -> bool:
        """Whether a note says that what was read may not be one carved character."""
        return any(note in CARVING_DOUBTS for note in self.repairs)

    @property
    def next_turn(self) -> int:
        """The turn that turns the pictures clockwise by a quarter; those of mirrored items are flipped."""
        return (self.turn + (90 if self.is_mirrored else 270)) % 360


class ItemVector(models.Model):
    """An item's embedding by one model, read as the print reads.

    An item whose handedness is doubtful has two, one for each way of reading it; one whose turn is not
    certain has those of its likeliest turns.
    vector: width x float32, little-endian, unit length.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="vectors")
    model = models.ForeignKey(ModelVersion, on_delete=models.CASCADE)
    mirrored = models.BooleanField()
    turn = models.PositiveSmallIntegerField(default=0)
    vector = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "model", "mirrored", "turn"], name="one_vector_a_turned_reading"
            )
        ]
