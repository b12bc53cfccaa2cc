"""Times are shown by the reader's clock."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests import factories
from tests.markup import markup
from webapp.batches.models import Batch
from webapp.core.pages.time_zone import COOKIE, zone_named


@pytest.mark.parametrize(
    ("cookie", "hours"),
    [
        ("Asia/Ho_Chi_Minh.420", 7),
        ("America/New_York.-300", -5),
        ("America/Argentina/Buenos_Aires.-180", -3),
        ("Etc/GMT+3.-180", -3),
        ("Mars/Olympus.420", 7),  # not known here: its minutes are
        ("Asia.60", 1),  # a folder of zones
        ("UTC.0", 0),
    ],
)
def test_a_zone_s_offset(cookie, hours):
    winter = datetime(2026, 1, 15, 12, tzinfo=UTC)
    assert winter.astimezone(zone_named(cookie)).utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        "x",
        "Asia/Tokyo",
        "../../etc/passwd.60",
        "/etc/passwd.60",
        "Asia/Tokyo.1e3",
        "A.99999",
        "A.5000",
        "A.٣",
    ],
)
def test_what_is_no_zone_is_utc(cookie):
    assert zone_named(cookie) is UTC


def test_an_unknown_name_keeps_its_minutes():
    assert zone_named("Mars/Olympus.-90") == timezone(timedelta(minutes=-90))


@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def batch(self, owner):
        batch = factories.batch(owner)
        Batch.objects.update(created=datetime(2026, 3, 4, 20, 30, tzinfo=UTC))
        return batch

    def test_pages_tell_times_by_the_cookie_and_name_the_zone(self, batch, browse, owner):
        client = browse(owner)
        assert 'datetime="2026-03-04T20:30:00+00:00"' in markup(client.get("/batches/"))
        client.cookies[COOKIE] = "Asia/Ho_Chi_Minh.420"
        page = markup(client.get("/batches/"))
        assert 'datetime="2026-03-05T03:30:00+07:00"' in page
        assert "Asia/Ho_Chi_Minh" in page
        client.cookies[COOKIE] = "nonsense"
        assert "UTC" in markup(client.get("/batches/"))

    def test_the_api_speaks_in_utc(self, batch, browse, owner):
        client = browse(owner)
        client.cookies[COOKIE] = "Asia/Ho_Chi_Minh.420"
        assert client.get(f"/api/v1/batches/{batch.pk}/").json()["created"] == "2026-03-04T20:30:00Z"
