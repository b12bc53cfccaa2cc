"""From a query's file to its pictures and what the model is to see."""

from dataclasses import dataclass

import numpy as np

from retrieval.errors import BadImage
from retrieval.io.encode import png, webp
from retrieval.io.images import display_image, further_pages, read_image
from retrieval.preprocess import Recipe, print_input
from retrieval.register import PrintForm, print_form
from webapp.batches.models import Query
from webapp.core.errors import StoreTrouble
from webapp.core.files.blobs import blob_check, blob_existing
from webapp.core.files.derived import QUERY_FILES, write_derived
from workers.live.release import LiveRelease

_PAGE_SIDE = 1024


@dataclass(frozen=True)
class Picture:
    """A query whose file was read. grey: (H, W) uint8. further_pages: of its file, besides this one."""

    query: Query
    grey: np.ndarray
    further_pages: int = 0


def read_query(query: Query) -> Picture:
    """Decode a query's file, and note its size.

    Raises:
        BadImage: the file is no picture that can be used.
        StoreTrouble: the file is missing from the store, or damaged in it.
    """
    try:
        data = _data(query)
        grey = read_image(data, name=query.name)
        further = further_pages(data, name=query.name)
    except BadImage:
        blob_check(query.sha256, name=query.name)
        raise
    query.height, query.width = grey.shape
    return Picture(query, grey, further)


def write_pictures(loaded: LiveRelease, picture: Picture) -> None:
    """Write what the page shows, and what the model sees, 0 = ink as on the page."""
    query = picture.query
    page = display_image(_data(query), query.name, _PAGE_SIDE)
    seen = print_input(picture.grey, Recipe.from_dict(loaded.embedder.recipe))
    ink = np.rint(255 * (1 - np.clip(seen, 0, 1))).astype(np.uint8)
    write_derived("queries", query.pk, dict(zip(QUERY_FILES, (webp(page), png(ink)), strict=True)))


def embed_queries(loaded: LiveRelease, pictures: list[Picture]) -> np.ndarray:
    """(N, D) float32 unit vectors; each query keeps its own."""
    if not pictures:
        return np.zeros((0, loaded.release.model.width), np.float32)
    vectors = loaded.embedder.embed_queries([picture.grey for picture in pictures])
    for picture, vector in zip(pictures, vectors, strict=True):
        picture.query.vector = np.asarray(vector, "<f4").tobytes()
        picture.query.vector_model = loaded.release.model
    return vectors


def stored_vector(data: bytes | memoryview) -> np.ndarray:
    """(D,) float32 out of a row's ``vector``."""
    return np.frombuffer(bytes(data), "<f4")


def stored_print(query: Query) -> PrintForm | None:
    """A query's print for the second stage; None where its file cannot be read now."""
    try:
        return print_form(read_query(query).grey)
    except (BadImage, StoreTrouble):
        return None


def _data(query: Query) -> bytes:
    return blob_existing(query.sha256, name=query.name).read_bytes()
