"""Models are stored whole, and exactly one release is live."""

import threading

import pytest
from django.db import connection

from webapp.core.errors import Refused
from webapp.registry.models import ModelVersion, Release
from webapp.registry.selectors import live_release, model_path
from webapp.registry.services import (
    IndexFacts,
    ModelFacts,
    index_register,
    model_register,
    release_make_live,
)

FACTS = ModelFacts(name="vân khắc", fingerprint="f1", width=4, recipe={"size": 64})


@pytest.fixture
def weights(tmp_path):
    path = tmp_path / "w.safetensors"
    path.write_bytes(b"weights" * 1000)
    return path


def index_of(model, newest=9):
    return index_register(model=model, facts=IndexFacts(sha256="a" * 64, count=3, newest=newest, recall=1.0))


@pytest.mark.django_db
class TestModels:
    def test_the_file_is_copied_and_registered_once(self, weights):
        model = model_register(path=weights, facts=FACTS)
        assert model_path(model).read_bytes() == weights.read_bytes()
        assert (model.name, model.width, model.recipe) == ("vân khắc", 4, {"size": 64})
        assert model_register(path=weights, facts=FACTS) == model
        assert ModelVersion.objects.count() == 1

    def test_a_damaged_copy_is_replaced(self, weights):
        model = model_register(path=weights, facts=FACTS)
        model_path(model).write_bytes(b"rotten")
        model_register(path=weights, facts=FACTS)
        assert model_path(model).read_bytes() == weights.read_bytes()

    def test_a_file_that_is_not_the_one_that_was_meant_is_refused(self, weights, data):
        facts = ModelFacts(name="x", fingerprint="f", width=4, recipe={}, sha256="0" * 64)
        with pytest.raises(Refused, match="damaged"):
            model_register(path=weights, facts=facts)
        assert not ModelVersion.objects.exists()
        assert not (data / "models").exists()

    def test_the_same_weights_with_another_recipe_are_refused(self, weights):
        model_register(path=weights, facts=FACTS)
        with pytest.raises(Refused, match="another recipe"):
            model_register(path=weights, facts=ModelFacts("x", "f2", 4, {}))


@pytest.mark.django_db
class TestReleases:
    def test_there_is_none_before_the_first(self):
        assert live_release() is None

    def test_the_last_one_made_live_is_the_one(self, weights, curator):
        model = model_register(path=weights, facts=FACTS)
        first = release_make_live(model=model, index=None, created_by=curator)
        second = release_make_live(model=model, index=index_of(model))
        assert live_release() == second
        assert Release.objects.filter(live=True).count() == 1
        first.refresh_from_db()
        assert (first.live, first.created_by) == (False, curator)

    def test_what_is_live_already_stays(self, weights):
        model = model_register(path=weights, facts=FACTS)
        assert release_make_live(model=model, index=None) == release_make_live(model=model, index=None)

    def test_an_index_of_another_model_is_refused(self, weights):
        model = model_register(path=weights, facts=FACTS)
        other = ModelVersion.objects.create(name="o", sha256="2" * 64, fingerprint="f", width=4, recipe={})
        release_make_live(model=model, index=None)
        with pytest.raises(Refused, match="was not built with"):
            release_make_live(model=model, index=index_of(other))
        assert live_release().index is None


@pytest.mark.django_db(transaction=True)
def test_whoever_looks_while_it_flips_sees_exactly_one(weights):
    model = model_register(path=weights, facts=FACTS)
    indexes = [index_of(model, newest) for newest in range(12)]
    release_make_live(model=model, index=None)
    seen, over = [], threading.Event()

    def look():
        while not over.is_set():
            seen.append(Release.objects.filter(live=True).count())
        connection.close()

    looking = threading.Thread(target=look)
    looking.start()
    for index in indexes:
        release_make_live(model=model, index=index)
    over.set()
    looking.join()
    assert set(seen) == {1}
    assert live_release().index == indexes[-1]
