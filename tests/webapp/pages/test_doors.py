"""Every page: who gets in, and who is told that there is nothing."""

import pytest

from tests import people

OWN = [  # pages of one batch
    "/batches/{batch}/",
    "/batches/{batch}/live/",
    "/batches/{batch}/grid/",
    "/batches/{batch}/review/",
    "/batches/{batch}/review/?query={query}",
    "/batches/{batch}/review/cards/?ids={query}",
    "/batches/{batch}/exports/",
    "/queries/{query}/candidates/?q=x",
    "/batches/{batch}/sure/",
    "/batches/{batch}/sure/?by=likeness",
    "/batches/{batch}/sure/?by=confidence",
    "/batches/{batch}/sure/levels/",
    "/batches/{batch}/map/",
    "/batches/{batch}/map/told/?ids=q{query}",
    "/batches/{batch}/drawings/map/live/",
]
EVERYBODY = [
    "/batches/",
    "/batches/new/",
    "/dashboard/",
    "/dashboard/work/",
    "/gallery/",
    "/gallery/?q=U%2B6F22&state=ready",
    "/gallery/{item}/",
    "/gallery/{item}/pictures/",
    "/accounts/",
    "/accounts/password/",
    "/glyphs/U+6F22.svg",
    "/api/v1/docs/",
]
CURATORS = [
    "/gallery/import/",
    "/gallery/imports/{upload}/",
    "/gallery/imports/{upload}/live/",
    "/gallery/imports/{upload}/grid/",
]
DEEDS = [  # address, status for the batch's owner, for a teammate it is shared with
    ("/batches/{batch}/close/", 200, 403),
    ("/batches/{batch}/share/", 200, 403),
    ("/batches/{batch}/delete/", 302, 403),
    ("/batches/{batch}/files/", 400, 403),
    ("/batches/{batch}/maybe-pages/", 400, 403),
    ("/batches/{batch}/exports/new/", 400, 400),
    ("/batches/{batch}/search-again/", 302, 403),
    ("/batches/{batch}/sure/confirm/", 400, 400),
    ("/batches/{batch}/sure/accept/", 400, 400),
    ("/batches/{batch}/drawings/likeness/", 200, 200),
    ("/queries/{query}/answer/", 400, 400),
    ("/queries/{query}/remark/", 400, 400),
    ("/batches/{batch}/review/deal/", 400, 400),
    ("/batches/{batch}/review/hold/", 400, 400),
    ("/batches/{batch}/review/release/", 400, 400),
]
CURATING = [
    "/gallery/{item}/handedness/",
    "/gallery/{item}/turn/",
    "/gallery/{item}/character/",
    "/gallery/imports/{upload}/files/",
]


@pytest.mark.parametrize("address", OWN)
def test_a_batch_s_pages_are_its_owner_s(rooms, browse, address):
    address = rooms.fill(address)
    assert browse(people.owner()).get(address).status_code == 200
    assert browse(people.curator()).get(address).status_code == 200
    assert browse(people.teammate()).get(address).status_code == 404


@pytest.mark.parametrize("address", OWN)
def test_a_shared_batch_s_pages_are_the_project_s(rooms, browse, address):
    rooms.batch.shared = True
    rooms.batch.save()
    assert browse(people.teammate()).get(rooms.fill(address)).status_code == 200


@pytest.mark.parametrize("address", EVERYBODY)
def test_everybody_of_the_project_reads_the_rest(rooms, browse, address):
    assert browse(people.teammate()).get(rooms.fill(address)).status_code == 200


@pytest.mark.parametrize("address", CURATORS)
def test_only_curators_import(rooms, browse, address):
    assert browse(people.curator()).get(rooms.fill(address)).status_code == 200
    assert browse(people.teammate()).get(rooms.fill(address)).status_code == 403


@pytest.mark.parametrize("address", [*OWN, *EVERYBODY, *CURATORS])
def test_strangers_are_sent_to_the_log_in(rooms, browse, address):
    answer = browse(people.STRANGER).get(rooms.fill(address))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize(("address", "owners", "teammates"), DEEDS)
def test_who_may_do_what_to_a_batch(rooms, browse, address, owners, teammates):
    address = rooms.fill(address)
    assert browse(people.STRANGER).post(address).status_code == 302
    assert browse(people.teammate()).post(address).status_code == 404
    rooms.batch.shared = True
    rooms.batch.save()
    assert browse(people.teammate()).post(address).status_code == teammates
    assert browse(people.owner()).post(address).status_code == owners


@pytest.mark.parametrize("address", CURATING)
def test_only_curators_change_the_gallery(rooms, browse, address):
    body = {"handedness": "direct", "turn": "90", "character": "漢"}
    assert browse(people.STRANGER).post(rooms.fill(address), body).status_code == 302
    assert browse(people.owner()).post(rooms.fill(address), body).status_code == 403


def test_health_needs_no_log_in(browse, db):
    assert browse(people.STRANGER).get("/health/live").json() == {"status": "live"}


@pytest.mark.parametrize("address", [address for address, _, _ in DEEDS])
def test_actions_are_not_done_by_following_a_link(rooms, browse, address):
    assert browse(people.owner()).get(rooms.fill(address)).status_code == 405
