"""Bring any decoded picture to sRGB: depth, alpha, palette, ink colours and embedded profiles."""

import io

import numpy as np
from PIL import Image, ImageCms

WHITE = 255
_DEEP_MODES = ("I", "F")
_BIT_DEPTHS = (8, 10, 12, 14, 16)
# Of samples with a sign, by their bits: it takes one of them, so that white lies at half of what it seems.
_SIGNED_DEPTHS = {8: (7,), 16: (8, 10, 12, 14, 15)}
_BITS_TAG = 258
_PHOTOMETRIC_TAG, _WHITE_IS_ZERO = 262, 0
_SAMPLE_FORMAT_TAG, _UNSIGNED, _SIGNED = 339, (1,), (2,)


def to_srgb(image: Image.Image) -> Image.Image:
    """Return the picture as a person sees it on white paper.

    image: a decoded picture of any Pillow mode, already turned upright.
    Returns mode "L" for a colourless picture and "RGB" for every other.
    """
    if image.mode.startswith(_DEEP_MODES) or _signed_bits(image) == 8:
        image = _deep_to_grey(image)
    elif image.mode == "La":  # premultiplied grey, which Pillow turns into nothing but this
        image = image.convert("LA")
    alpha = _alpha_of(image)
    colours = _apply_profile(_without_alpha(image), image.info.get("icc_profile"))
    return colours if alpha is None else _on_white(colours, alpha)


def scale_to_bytes(values: np.ndarray, *, white_is_zero: bool = False, signed_bits: int = 0) -> np.ndarray:
    """Scale deep grey values to bytes by their real range; nothing is clipped.

    values: (H, W) of any integer or float type. What is not finite becomes white. signed_bits: how many
    bits a sample has in the file, where one of them is a sign, so that white lies a bit lower.
    Values that are never negative keep black at 0, and white is the top of the smallest usual
    depth that holds them all (1.0 or 255 for floats, else 8, 10, 12, 14 or 16 bits), so that
    twelve bits stored in sixteen do not come out black; above those, white is the highest value.
    Values that go below 0 are stretched from their lowest to their highest. Returns (H, W) uint8.
    """
    finite = np.isfinite(values) if values.dtype.kind == "f" else None
    known = values if finite is None else values[finite]
    if known.size == 0:
        return np.full(values.shape, WHITE, np.uint8)
    low, high = _range_of(known, _SIGNED_DEPTHS.get(signed_bits, _BIT_DEPTHS))
    # Float64 for 32-bit integers and floats: float32 cannot tell their neighbours apart.
    precision = np.float32 if values.dtype.itemsize <= 2 else np.float64
    shade = np.subtract(values, low, dtype=precision)
    shade *= WHITE / (high - low)
    if white_is_zero:
        np.subtract(WHITE, shade, out=shade)
    if finite is not None:
        shade[~finite] = WHITE
    return np.rint(shade, out=shade).astype(np.uint8)


def _range_of(known: np.ndarray, depths: tuple[int, ...]) -> tuple[float, float]:
    low, high = float(known.min()), float(known.max())
    if low < 0:
        return low, high if high > low else low + 1
    tops = (1.0, 255.0) if known.dtype.kind == "f" else tuple(2.0**bits - 1 for bits in depths)
    return 0.0, next((top for top in tops if high <= top), high)


def _deep_to_grey(image: Image.Image) -> Image.Image:
    tags = getattr(image, "tag_v2", None) or {}
    white_is_zero = tags.get(_PHOTOMETRIC_TAG) == _WHITE_IS_ZERO
    values = np.asarray(image)
    if image.mode == "I" and tags and tags.get(_SAMPLE_FORMAT_TAG, _UNSIGNED) == _UNSIGNED:
        # Pillow has only signed 32-bit integers and lets the upper half of unsigned ones wrap.
        values = values.view(np.uint32)
    if image.mode == "L":  # bytes with a sign, which Pillow takes for bytes without one
        values = values.view(np.int8)
    signed_bits = _signed_bits(image)
    grey = Image.fromarray(scale_to_bytes(values, white_is_zero=white_is_zero, signed_bits=signed_bits))
    grey.info = {"icc_profile": image.info.get("icc_profile")}
    return grey


def _signed_bits(image: Image.Image) -> int:
    """How many bits a sample of a grey TIFF has where one of them is a sign; else 0."""
    tags = getattr(image, "tag_v2", None) or {}
    bits = tags.get(_BITS_TAG, ())
    return bits[0] if tags.get(_SAMPLE_FORMAT_TAG) == _SIGNED and len(bits) == 1 else 0


def _alpha_of(image: Image.Image) -> Image.Image | None:
    """The opacity of each pixel (mode "L"), or None where every pixel is opaque."""
    if image.mode in ("RGBA", "LA"):
        alpha = image.getchannel("A")
    elif image.mode in ("PA", "RGBa", "La") or "transparency" in image.info:
        alpha = image.convert("RGBA").getchannel("A")
    else:
        return None
    return None if alpha.getextrema() == (255, 255) else alpha


def _without_alpha(image: Image.Image) -> Image.Image:
    """The colours alone: mode "L", "RGB", "CMYK" or "LAB"."""
    if image.mode in ("L", "RGB", "CMYK", "LAB"):
        return image
    if image.mode in ("1", "LA"):
        return image.convert("L")
    # By way of RGBA: Pillow warns where a palette's own transparency would be thrown away.
    opaque_or_not = image if image.mode == "RGBA" else image.convert("RGBA")
    return opaque_or_not.convert("RGB")


def _apply_profile(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert to sRGB by the embedded profile; a profile that does not fit the picture is ignored."""
    lab = ImageCms.createProfile("LAB") if image.mode == "LAB" else None
    try:
        source = lab or (ImageCms.ImageCmsProfile(io.BytesIO(profile)) if profile else None)
        if source is not None:
            wanted = ImageCms.createProfile("sRGB")
            image = ImageCms.profileToProfile(image, source, wanted, outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        pass
    return image if image.mode in ("L", "RGB") else image.convert("RGB")


def _on_white(colours: Image.Image, alpha: Image.Image) -> Image.Image:
    paper = Image.new(colours.mode, colours.size, WHITE if colours.mode == "L" else (WHITE,) * 3)
    paper.paste(colours, mask=alpha)
    return paper
