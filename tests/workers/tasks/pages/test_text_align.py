"""A text laid along boxes by a worker: what the boxes get, where it does not fit, and a second run."""

import numpy as np
import pytest

from retrieval.align import CharacterVectors
from tests import factories
from webapp.documents.models import Transcription
from webapp.documents.transcriptions.services import transcription_add
from webapp.pages.models import Box
from workers.tasks.pages import text_align as task
from workers.tasks.pages.text_align import JOB, text_align

pytestmark = pytest.mark.django_db
TEXT = "天地玄黃宇宙洪荒日月盈昃"


@pytest.fixture
def known(release, monkeypatch):
    """Directions of the text's characters, which boxes of them have as their vectors."""
    width = release.model.width
    rows = np.random.default_rng(1).normal(size=(len(TEXT), width))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    monkeypatch.setattr(task, "known_characters", lambda embedder: CharacterVectors(list(TEXT), rows))
    return dict(zip(TEXT, rows, strict=True))


@pytest.fixture
def page(owner):
    return factories.page(factories.document(owner))


def boxes(page, known, release, characters):
    """A box for each character, six a column, matched by the live model."""
    made = []
    for place, character in enumerate(characters):
        box = factories.box(page, matched=True, column=1 + place // 6, order=place + 1.0)
        box.query.vector, box.query.vector_model = known[character].astype("<f4").tobytes(), release.model
        box.query.save()
        made.append(box)
    return made


def add(page, owner, text, whole=False):
    return transcription_add(
        document=page.document, page=None if whole else page, person=owner, data=text.encode()
    )


def test_boxes_get_their_characters_once(page, owner, known, release, do):
    made = boxes(page, known, release, TEXT.replace("玄", ""))
    factories.box(page, kind="fold", order=99.0)
    text = add(page, owner, TEXT[:6] + "\n" + TEXT[6:])
    for _ in range(2):
        do(text_align, {"transcription": text.pk})
    found = [Box.objects.get(pk=box.pk) for box in made]
    assert "".join(box.proposal for box in found) == TEXT.replace("玄", "")
    assert all(box.proposal_source == "text" and box.proposal_score > 0.8 for box in found)
    text.refresh_from_db()
    assert (text.state, text.boxes, text.agreed, text.left) == ("ready", 11, 11, 1)


def test_a_page_that_the_text_is_not_of_is_said_and_left(page, owner, known, release, do):
    other = factories.page(page.document)
    fitting, strange = boxes(page, known, release, TEXT[:8]), boxes(other, known, release, TEXT[8:] * 2)
    text = add(page, owner, TEXT[:8] + "\n\n" + "玄" * 8, whole=True)
    do(text_align, {"transcription": text.pk})
    text.refresh_from_db()
    assert [one["fits"] for one in text.pages] == [True, False]
    assert Box.objects.get(pk=fitting[3].pk).proposal == "黃"
    assert not Box.objects.get(pk=strange[0].pk).proposal


def test_boxes_that_are_not_matched_yet_are_cut_out_here(page, owner, known, release, do):
    factories.box(page)
    text = add(page, owner, "天")
    do(text_align, {"transcription": text.pk})
    text.refresh_from_db()
    assert (text.state, text.boxes) == ("ready", 1)


def test_a_text_that_failed_for_good_says_so(page, owner):
    text = add(page, owner, "天")
    JOB.on_give_up({"transcription": text.pk}, code="blob_missing", error="gone", hint="")
    text = Transcription.objects.get(pk=text.pk)
    assert (text.state, text.error_code) == ("failed", "blob_missing")


def test_what_characters_look_like_is_the_gallery_s_and_the_model_s(release, owner):
    found = task.known_characters(task.live().embedder)
    assert found.characters == []
