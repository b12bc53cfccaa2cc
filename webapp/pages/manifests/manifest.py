"""Reads IIIF Presentation manifests, versions 2 and 3: which pictures a book has, and where they lie.

https://iiif.io/api/presentation/3.0/ and https://iiif.io/api/presentation/2.1/
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from common.errors import BadInput

MOST_BYTES = 32 << 20
MOST_PICTURES = 5000
_MARK = b"iiif.io/api/presentation/"
_DEEPEST = 20  # a Choice within a Choice within …
_LONGEST = 200


class BadManifest(BadInput):
    """The file is no manifest whose pictures could be found."""

    code = "bad_manifest"


@dataclass(frozen=True)
class CanvasPicture:
    """One picture. name: its place and its label. addresses: where it may be had, the largest first."""

    name: str
    addresses: tuple[str, ...]


@dataclass(frozen=True)
class Manifest:
    """A book. address: its own, which says where it is from. rights: as they are written, or empty."""

    label: str
    address: str
    rights: str
    pictures: tuple[CanvasPicture, ...]


def is_manifest(head: bytes) -> bool:
    """Whether a file that begins so is a manifest."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{") and _MARK in head


def manifest_read(data: bytes, *, name: str) -> Manifest:
    """Read a manifest.

    Raises:
        BadManifest: it is none, is damaged, or holds no pictures.
    """
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadManifest(f"{name} is not JSON", hint="download the manifest again") from error
    if not isinstance(found, dict) or _kind(found) != "Manifest":
        what = _kind(found) if isinstance(found, dict) else ""
        hint = "take the manifest of one book, not a collection" if what == "Collection" else ""
        raise BadManifest(f"{name} is no IIIF Presentation manifest", hint=hint)
    pictures = tuple(_pictures(found))
    if not pictures:
        raise BadManifest(f"{name} names no pictures")
    if len(pictures) > MOST_PICTURES:
        raise BadManifest(f"{name} names more than {MOST_PICTURES} pictures", hint="split it")
    rights = found.get("rights") or found.get("license") or ""
    return Manifest(
        _words(found.get("label")), _id(found), rights if isinstance(rights, str) else "", pictures
    )


def _pictures(manifest: dict) -> Iterator[CanvasPicture]:
    for number, canvas in enumerate(_canvases(manifest), 1):
        label = _words(canvas.get("label")).replace("/", "_")
        name = f"{number:04} {label}".strip()
        addresses = tuple(dict.fromkeys(one for body in _bodies(canvas) for one in _addresses(body)))
        yield CanvasPicture(name, addresses)


def _canvases(manifest: dict) -> list[dict]:
    if "items" in manifest:
        return _dicts(manifest["items"])
    return [
        canvas for part in _dicts(manifest.get("sequences"))[:1] for canvas in _dicts(part.get("canvases"))
    ]


def _bodies(canvas: dict) -> Iterator[dict]:
    """What is painted on a canvas; of a choice, what stands there first."""
    for annotations in _dicts(canvas.get("items")):
        for one in _dicts(annotations.get("items")):
            if one.get("motivation", "painting") in ("painting", ["painting"]):
                yield from _chosen(one.get("body"))
    for one in _dicts(canvas.get("images")):
        yield from _chosen(one.get("resource"))


def _chosen(body: Any) -> Iterator[dict]:
    for _ in range(_DEEPEST):
        first = next(iter(_dicts(body)), None)
        if first is None:
            return
        if _kind(first) != "Choice":
            yield first
            return
        body = first.get("items") or first.get("default")


def _addresses(body: dict) -> Iterator[str]:
    """Of the picture as large as it is served, then the one that is named."""
    for service in _dicts(body.get("service")):
        base, kind = (
            _id(service).rstrip("/"),
            f"{_kind(service)} {service.get('@context', '')} {service.get('profile', '')}",
        )
        if base and "mage" in kind:
            largest = "max" if "ImageService3" in kind or "image/3" in kind else "full"
            yield f"{base}/full/{largest}/0/default.jpg"
    if _id(body):
        yield _id(body)


def _kind(thing: dict) -> str:
    """Its type without a prefix: "Manifest" of "sc:Manifest"."""
    kind = thing.get("type") or thing.get("@type") or ""
    return kind.rpartition(":")[2] if isinstance(kind, str) else ""


def _id(thing: dict) -> str:
    found = thing.get("id") or thing.get("@id") or ""
    return found if isinstance(found, str) else ""


def _dicts(value: Any) -> list[dict]:
    """The objects among a list, or the one that stands alone."""
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def _words(label: Any) -> str:
    """A label's first text, in whatever way either version writes it."""
    for _ in range(_DEEPEST):
        if isinstance(label, dict):
            label = label.get("@value") or next(iter(label.values()), "")
        elif isinstance(label, list):
            label = label[0] if label else ""
        else:
            break
    return " ".join(label.split())[:_LONGEST] if isinstance(label, str) else ""
