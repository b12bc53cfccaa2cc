"""What this process keeps loaded from job to job. The one place with state of its own.

It is asked for at the beginning of each job, and follows the release.
"""

import logging
from dataclasses import replace

import numpy as np

from common.errors import MocbanError
from retrieval.render.shaded import Shader, open_shader
from webapp.registry.selectors import live_release
from workers.errors import NoRelease
from workers.live.exemplars import ExemplarCache
from workers.live.release import LiveRelease
from workers.live.vectors import AllVectors

logger = logging.getLogger(__name__)


class _Process:
    """One of each, or None until it is first needed."""

    release: LiveRelease | None = None
    vectors: AllVectors | None = None
    exemplars: ExemplarCache | None = None
    shader: Shader | None = None


def live() -> LiveRelease:
    """The live release with every vector and every exemplar written so far.

    Raises:
        NoRelease: the installation is not set up yet.
    """
    release = live_release()
    if release is None:
        raise NoRelease("there is no live release yet", hint="run manage.py setup")
    loaded = _Process.release
    if loaded is None or loaded.release.pk != release.pk:
        loaded = LiveRelease.load(release, loaded)
    if _Process.exemplars is None or _Process.exemplars.model_id != release.model_id:
        _Process.exemplars = ExemplarCache.empty(release.model)
    _Process.release = replace(
        loaded,
        unindexed=loaded.unindexed.with_newer(release.model),
        exemplars=_Process.exemplars.follow(),
    )
    return _Process.release


def all_vectors() -> AllVectors:
    """Every vector of the live model. The first time takes a second or so for 90,000; later ones little.

    Raises:
        NoRelease: the installation is not set up yet.
    """
    model = live().release.model
    vectors = _Process.vectors
    if vectors is None or vectors.model_id != model.pk:
        vectors = AllVectors.read(model)
    else:
        vectors = vectors.with_newer(model)
    _Process.vectors = vectors
    return vectors


def shader() -> Shader:
    """This process's renderer of shaded pictures: made by whoever uses it, for it survives no fork."""
    if _Process.shader is None:
        _Process.shader = open_shader()
    return _Process.shader


def warm() -> None:
    """Load what the first job will need. What is wrong, the first job will report."""
    try:
        loaded = live()
        blank = np.full((64, 64), 255, np.uint8)
        loaded.search(loaded.embedder.embed_prints([blank]), 1)
    except (MocbanError, OSError) as error:
        logger.info("nothing loaded ahead: %s", error)


def forget() -> None:
    """Drop everything, as a new process would have nothing."""
    if _Process.shader is not None:
        _Process.shader.close()
    _Process.release = _Process.vectors = _Process.exemplars = _Process.shader = None
