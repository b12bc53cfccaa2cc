import pytest
from django.core.management import CommandError, call_command

from tests import people
from webapp.batches.models import Batch, Query
from webapp.batches.services import batch_create
from webapp.config.env import ROOT
from webapp.gallery.models import Import, Item
from webapp.jobs.models import Job
from webapp.pages.models import Page
from workers.sample import fill
from workers.sample.fill import BATCH, DOCUMENT, GALLERY, NotPrepared, is_wanted, sample_fill

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def smaller(monkeypatch):
    """A few files do for the way they take; ``test_plan`` looks at all of them."""
    monkeypatch.setattr("workers.sample.plan.CARVED", 16)
    monkeypatch.setattr("workers.sample.plan.PRINTED", 6)


def prepare_all():
    Item.objects.filter(state=Item.State.WAITING).update(state=Item.State.READY)


def filled(owner):
    return sample_fill(owner=owner, root=ROOT, say=lambda text: None, work=prepare_all)


def test_it_comes_in_as_a_persons_uploads_do(curator):
    batch = filled(curator)
    assert batch.name == BATCH
    assert batch.shared
    assert not batch.open
    assert Query.objects.filter(batch=batch).count() == 6
    assert Item.objects.filter(upload__name=GALLERY).count() == 16
    assert Item.objects.exclude(character="").count() == 15
    page = Page.objects.get()
    assert (page.document.title, page.document.batch.shared) == (DOCUMENT, True)
    assert Job.objects.filter(kind="page.read", payload__page=page.pk).exists()


def test_an_interrupted_filling_is_taken_up_again(curator, monkeypatch):
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sample_fill(owner=curator, root=ROOT, say=lambda text: None, work=interrupted)
    assert is_wanted()
    filled(curator)
    assert Import.objects.count() == 1
    assert Item.objects.count() == 16
    assert sorted(Batch.objects.values_list("name", flat=True)) == sorted([BATCH, DOCUMENT])
    assert Page.objects.count() == 1
    assert not is_wanted()


def test_only_an_empty_installation_wants_it(curator, owner):
    assert is_wanted()
    batch_create(owner=owner, name="mine")
    assert not is_wanted()
    call_command("sample", "--if-empty")
    assert Item.objects.count() == 0


def test_somebodys_gallery_is_left_alone(curator):
    Import.objects.create(owner=curator, name="our blocks")
    assert not is_wanted()


def test_nobody_working_is_told(curator, monkeypatch):
    monkeypatch.setattr(fill, "_LOOK_EVERY", 0.01)
    with pytest.raises(NotPrepared, match="no mesh of the sample was prepared") as error:
        sample_fill(owner=curator, root=ROOT, say=lambda text: None, patience=0.05)
    assert "--work" in error.value.hint


def test_it_needs_a_curator():
    people.owner()
    with pytest.raises(CommandError, match=r"manage\.py setup"):
        call_command("sample")
