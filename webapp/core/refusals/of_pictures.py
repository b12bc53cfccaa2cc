"""Refusals of pictures."""

from django.utils.translation import gettext_noop as _

_AGAIN = _("Copy or export it again, then upload it.")
_FORMATS = _("Save it as %(pictures)s.")

PICTURE_WORDS: dict[str, tuple[str, str]] = {
    "not_a_picture": (_("This is not a picture."), _FORMATS),
    "bad_image": (_("The picture cannot be read."), _FORMATS),
    "image_empty": (_("The picture is empty."), _AGAIN),
    "image_unknown_format": (_("This picture format is not supported."), _FORMATS),
    "image_camera_raw": (
        _("This is a camera raw file."),
        _("Convert it with the camera's software to TIFF or JPEG."),
    ),
    "more_pages": (
        _("The file has several pages; the first one is used."),
        _("Save the other pages as separate files and upload those."),
    ),
    "image_damaged": (_("The picture is damaged."), _AGAIN),
    "image_truncated": (_("The picture file is incomplete."), _AGAIN),
    "image_too_large": (
        _("The picture has too many pixels."),
        _("Crop the character or make the picture smaller."),
    ),
}
