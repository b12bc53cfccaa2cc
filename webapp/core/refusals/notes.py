"""What was repaired of a mesh, in the reader's language."""

import re

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

NOTES = (
    _("%s triangles with corners that are not finite numbers were left out."),
    _("%s triangles without area were left out."),
    _("%s triangles far away from all others were left out."),
    _("The file is %s, although its name ends in %s."),
    _("%s vertices on the same spot as another were merged."),
    _("%s bytes after the last triangle were left out."),
    _("%s numbers that the header does not declare were left out."),
    _("%s lines after the last row that the header announces were left out."),
    _("The %s solids of the file were joined."),
    _("The %s parts of the scene were joined."),
    _("Turned by %s degrees, so that the scan's edges stand upright."),
    _("The winding of the triangles shows the back: the raised strokes decided which side is read."),
    _("Two sides look carved: the one whose strokes stand out more is read."),
    _("The large plane that the block lies on was left out."),
    _("%s small loose pieces were left out."),
    _("A rim that stands higher than the strokes was left out of the print."),
    _("Many characters seem to be carved here: it was read as one."),
    _("Nothing carved was found: the surface was read as it is."),
    _("1 triangle with corners that are not finite numbers was left out."),
    _("1 triangle without area was left out."),
    _("1 triangle far away from all others was left out."),
    _("1 vertex on the same spot as another was merged."),
    _("1 byte after the last triangle was left out."),
    _("1 small loose piece was left out."),
)
_SHAPES = [(note, re.compile(re.escape(note).replace("%s", "(.+)"))) for note in NOTES]


def note_in_words(note: str) -> str:
    """What was repaired of a mesh, in the reader's language; as it was written down where it is not known."""
    for shape, pattern in _SHAPES:
        if found := pattern.fullmatch(note):
            return gettext(shape) % found.groups()
    return note
