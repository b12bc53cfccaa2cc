"""Times on pages are those of the reader's own clock, as their browser names it in a cookie."""

import re
from collections.abc import Callable
from datetime import UTC, timedelta, tzinfo
from datetime import timezone as fixed_zone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

COOKIE = "mocban_zone"
_COOKIE_FORM = re.compile(r"([A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*)\.(-?\d{1,4})", re.ASCII)
_MOST_MINUTES = 14 * 60


def zone_named(cookie: str) -> tzinfo:
    """The time zone of a cookie "NAME.MINUTES"; UTC where it says nothing of use.

    MINUTES: how far the browser's clock is ahead of UTC now. They stand in for a name that is not known here:
    browsers keep old ones, such as Asia/Saigon, which systems leave out by now.
    """
    found = _COOKIE_FORM.fullmatch(cookie[:80])
    if found is None or abs(minutes := int(found[2])) > _MOST_MINUTES:
        return UTC
    try:
        return ZoneInfo(found[1])
    except (ZoneInfoNotFoundError, ValueError, OSError):  # an OSError is the name of a folder of zones
        return fixed_zone(timedelta(minutes=minutes))


class ReaderTimeZoneMiddleware:
    """Shows the times of a page in its reader's time zone. The API speaks in UTC."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/"):
            return self.get_response(request)
        with timezone.override(zone_named(request.COOKIES.get(COOKIE, ""))):
            return self.get_response(request)
