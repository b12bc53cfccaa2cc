"""The list of batches, and the page of one."""

import re

from django.utils import timezone

from tests import factories, people
from webapp.batches.models import Batch, BatchArchive, BatchLeftOut
from webapp.batches.trash import batch_purge
from webapp.core.files.media import derived
from webapp.datasets.exports.selectors import export_path
from webapp.datasets.models import Export


def text(answer):
    return answer.content.decode()


def test_the_list_shows_one_s_own_and_the_shared(rooms, browse, teammate):
    shared = factories.batch(people.owner(), name="for all", shared=True)
    own = factories.batch(teammate, name="mine")
    page = text(browse(teammate).get("/batches/"))
    assert f'data-batch="{own.pk}"' in page
    assert f'data-batch="{shared.pk}"' in page
    assert f'data-batch="{rooms.batch.pk}"' not in page


def test_an_empty_list_says_what_to_do(browse, teammate):
    page = text(browse(teammate).get("/batches/"))
    assert 'data-testid="empty-state"' in page
    assert 'href="/batches/new/"' in page


def test_the_list_asks_few_questions(rooms, browse, django_assert_max_num_queries):
    for _ in range(15):
        factories.query(factories.batch(people.owner()))
    client = browse(people.owner())
    with django_assert_max_num_queries(8):
        client.get("/batches/")


def test_a_batch_shows_queries_suggestions_and_refusals(rooms, browse):
    BatchLeftOut.objects.create(batch=rooms.batch, name=".DS_Store", code="junk", reason="a Mac's notes")
    page = text(browse(people.owner()).get(f"/batches/{rooms.batch.pk}/"))
    for status in ["ready", "rejected", "waiting"]:
        assert f'data-status="{status}"' in page
    assert "it is cut off" in page
    assert "copy it again" in page
    assert 'data-name=".DS_Store" data-code="junk"' in page
    assert 'src="/glyphs/U+6F22.svg"' in page


def test_a_batch_says_of_which_zip_something_was_left_out(rooms, browse, api):
    zips = [BatchArchive.objects.create(batch=rooms.batch, name=f"{side}.zip") for side in ("north", "south")]
    for entry, archive in enumerate(zips):
        BatchLeftOut.objects.create(
            batch=rooms.batch, archive=archive, entry=entry, name="a.txt", code="not_a_picture", reason="no"
        )
    BatchLeftOut.objects.create(batch=rooms.batch, name="b.txt", code="not_a_picture", reason="no")
    page = text(browse(people.owner()).get(f"/batches/{rooms.batch.pk}/"))
    assert re.findall(r'data-testid="of-zip">([^<]*)<', page) == ["in north.zip", "in south.zip"]
    body = api(people.owner()).get(f"/api/v1/batches/{rooms.batch.pk}/").json()
    assert [one["archive"] for one in body["left_out"]] == ["north.zip", "south.zip", None]


def test_a_batch_shows_the_answers_given_even_beyond_the_five(rooms, browse, owner):
    other = factories.item(character="\uf900", prepared_with="b" * 64)
    factories.decision(rooms.query, owner, item=other, relation="variant")
    second = factories.query(rooms.batch)
    factories.decision(second, owner, verdict="none", reason="damaged")
    page = text(browse(owner).get(f"/batches/{rooms.batch.pk}/"))
    assert f'data-testid="query-answer" data-item="{other.pk}"' in page
    assert 'alt="Answer: \uf900"' in page
    assert "variant form" in page
    assert "none of these: damaged" in page


def test_a_grid_asks_few_questions_however_many_answers(rooms, browse, owner, django_assert_max_num_queries):
    for _ in range(12):
        factories.decision(factories.query(rooms.batch), owner, item=rooms.item)
    client = browse(owner)
    with django_assert_max_num_queries(14):
        client.get(f"/batches/{rooms.batch.pk}/grid/")


def test_progress_is_asked_for_until_all_is_done(rooms, browse):
    client = browse(people.owner())
    address = f"/batches/{rooms.batch.pk}/live/"
    working = client.get(address + "?seen=2-working")
    assert 'hx-trigger="every 1s"' in text(working)
    assert "HX-Trigger" not in working
    rooms.batch.queries.filter(state="waiting").update(state="ready")
    done = client.get(address + "?seen=2-working")
    assert "hx-trigger" not in text(done)
    assert done["HX-Trigger"] == "queries-changed"


def test_progress_is_asked_for_while_files_are_sent(browse, owner):
    batch = factories.batch(owner, open=True)
    assert 'hx-trigger="every 1s"' in text(browse(owner).get(f"/batches/{batch.pk}/live/"))


def test_a_batch_is_shared_and_unshared(rooms, browse):
    client = browse(people.owner())
    address = f"/batches/{rooms.batch.pk}/share/"
    assert 'aria-checked="true"' in text(client.post(address, {"shared": "1"}))
    assert 'aria-checked="false"' in text(client.post(address, {"shared": "0"}))


def test_a_batch_with_answers_is_not_deleted_by_the_way(rooms, browse, django_capture_on_commit_callbacks):
    factories.decision(rooms.query, people.owner())
    client = browse(people.owner())
    address = f"/batches/{rooms.batch.pk}/delete/"
    assert client.post(address).status_code == 409
    assert client.post(address, {"with_answers": "1"}).status_code == 302
    assert not Batch.objects.exists()
    pictures = derived("queries", rooms.query.pk, "page.webp")
    assert pictures.exists()  # in the trash, all is kept
    with django_capture_on_commit_callbacks(execute=True):
        batch_purge(batch=rooms.batch, curator=people.curator())
    assert not pictures.exists()


def test_an_export_is_asked_for_waited_for_and_fetched(rooms, browse):
    client = browse(people.owner())
    Export.objects.all().delete()
    page = text(
        client.post(f"/batches/{rooms.batch.pk}/exports/new/", {"format": "jsonl", "with_images": "1"})
    )
    export = Export.objects.get()
    assert (export.format, export.with_images) == ("jsonl", True)
    assert page.count('hx-trigger="every 1s"') == 1
    assert client.get(f"/exports/{export.pk}/").status_code == 409
    path = export_path(export)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"labels")
    Export.objects.filter(pk=export.pk).update(state=Export.State.READY, size=6, created=timezone.now())
    page = text(client.get(f"/batches/{rooms.batch.pk}/exports/"))
    assert "every 1s" not in page
    assert f'href="/exports/{export.pk}/"' in page
    answer = client.get(f"/exports/{export.pk}/")
    assert b"".join(answer.streaming_content) == b"labels"
    assert "attachment" in answer["Content-Disposition"]


def test_another_s_export_is_not_there(rooms, browse):
    assert browse(people.teammate()).get(f"/exports/{rooms.export.pk}/").status_code == 404


def test_a_failed_export_says_why(rooms, browse):
    Export.objects.update(state=Export.State.FAILED, error="the disk is full", hint="make room")
    client = browse(people.owner())
    assert "the disk is full" in text(client.get(f"/batches/{rooms.batch.pk}/"))
    assert client.get(f"/exports/{rooms.export.pk}/").status_code == 409
