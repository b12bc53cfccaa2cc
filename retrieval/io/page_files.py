"""Files that hold several pages, taken apart: PDFs and TIFFs."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageOps

from retrieval.errors import BadImage
from retrieval.io.images import MAX_PAGE_PIXELS

_DPI = 300
_POINTS = 72  # to the inch
_WHOLE = 0.5  # of a page: a picture that covers less is not the scan of it
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, RuntimeError)


@dataclass(frozen=True)
class PageFile:
    """One page as a file. index: from 0. name: with the place of the file that it came in. data: its picture,
    or None with the ``error`` that reading it met.
    """

    index: int
    name: str
    data: bytes | None
    error: BadImage | None = None


def tiff_pages(path: Path, *, name: str) -> Iterator[PageFile]:
    """Each picture of a TIFF, as a TIFF of its own.

    Raises:
        BadImage: image_damaged, where it cannot be opened.
    """
    try:
        image = Image.open(path, formats=("TIFF",))
        count = getattr(image, "n_frames", 1)
    except _DAMAGE as error:
        raise _damaged(name) from error
    with image:
        for index in range(count):
            yield _page(index, name, ".tif", lambda index=index: _frame(image, index))


def pdf_pages(path: Path, *, name: str) -> Iterator[PageFile]:
    """Each page of a PDF: the picture that it is made of, as it is; any other page drawn at 300 dpi.

    Raises:
        BadImage: pdf_password, pdf_damaged or pdf_empty.
    """
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            hint = "save it without a password, then upload it again"
            raise BadImage(f"{name} is protected by a password", hint=hint, code="pdf_password") from error
        hint = "export it again, then upload it"
        raise BadImage(f"{name} is a damaged PDF", hint=hint, code="pdf_damaged") from error
    try:
        if len(document) == 0:
            raise BadImage(f"{name} has no pages", hint="export it again", code="pdf_empty")
        for index in range(len(document)):
            yield _page(index, name, "", lambda index=index: _pdf_page(document, index))
    finally:
        document.close()


def _page(index, name, ending, read) -> PageFile:
    path = PurePosixPath(name)
    try:
        data = read()
    except (*_DAMAGE, MemoryError, pypdfium2.PdfiumError) as error:
        inner = str(path.with_name(f"{path.stem}-{index + 1:04}"))
        return PageFile(index, inner, None, _damaged(inner, error))
    ending = ending or (".jpg" if data[:2] == b"\xff\xd8" else ".png")
    return PageFile(index, str(path.with_name(f"{path.stem}-{index + 1:04}{ending}")), data)


def _damaged(name: str, error: BaseException | None = None) -> BadImage:
    return BadImage(f"{name} is damaged", hint="export it again", code="image_damaged")


def _frame(image: Image.Image, index: int) -> bytes:
    image.seek(index)
    if image.width * image.height > MAX_PAGE_PIXELS:
        raise ValueError("too many pixels")
    upright = ImageOps.exif_transpose(image)
    data = io.BytesIO()
    upright.save(data, "TIFF", compression="tiff_deflate", icc_profile=image.info.get("icc_profile"))
    return data.getvalue()


def _pdf_page(document: pypdfium2.PdfDocument, index: int) -> bytes:
    page = document[index]
    try:
        picture = _only_picture(page)
        if picture is not None and not page.get_rotation():
            data = io.BytesIO()
            picture.extract(data, fb_format="png")
            if data.getvalue()[:2] in (b"\xff\xd8", b"\x89P"):
                return data.getvalue()
        return _drawn(page)
    finally:
        page.close()


def _only_picture(page: pypdfium2.PdfPage) -> pypdfium2.PdfImage | None:
    """The picture that a page consists of: the only one, upright, and over most of the page."""
    found = list(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    if len(found) != 1:
        return None
    matrix, (width, height) = found[0].get_matrix(), page.get_size()
    upright = matrix.a > 0 and matrix.d > 0 and abs(matrix.b) < 1e-3 and abs(matrix.c) < 1e-3
    left, bottom, right, top = found[0].get_bounds()
    covers = (right - left) * (top - bottom) > _WHOLE * width * height
    return found[0] if upright and covers else None


def _drawn(page: pypdfium2.PdfPage) -> bytes:
    width, height = page.get_size()
    scale = _DPI / _POINTS
    scale = min(scale, (MAX_PAGE_PIXELS / 2 / max(1.0, width * height)) ** 0.5)
    data = io.BytesIO()
    page.render(scale=scale).to_pil().save(data, "PNG", compress_level=3)
    return data.getvalue()
