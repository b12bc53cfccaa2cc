"""Every page in every language: nothing left in English, nothing half done."""

import gettext
import json
import re
from functools import cache
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from common.carving_doubts import CARVING_DOUBTS
from tests import factories, people, po
from webapp.batches.models import BatchLeftOut
from webapp.config.env import ROOT
from webapp.core.refusals.notes import NOTES, note_in_words
from webapp.core.refusals.words import WORDS, in_words
from webapp.datasets.models import Export

OTHERS = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
DOMAINS = ["django", "djangojs"]
PAGES = [
    "/batches/",
    "/batches/new/",
    "/batches/{batch}/",
    "/batches/{batch}/review/",
    "/gallery/",
    "/gallery/?q=zzz",
    "/gallery/{item}/",
    "/gallery/import/",
    "/gallery/imports/{upload}/",
    "/accounts/",
    "/accounts/password/",
    "/api/v1/docs/",
    "/batches/999999/",
]
NAMES = {
    "HTTP",
    "https://example.org/mocban",
    "https://",
    "API",
    "Mocban",
    "Mocban · Mocban",
    "CSV",
    "JSON Lines",
    "query,label",
    "SHA-256",
    "Authorization: Token",
    "MRR@5",
    "Shift",
    "Enter",
}
KEYS = {"PgUp", "PgDn", "Esc", "Ctrl"}
PEOPLE = {"curator"}  # a name on the page, and a word too


def catalogue(language, domain):
    return po.FOLDER / language / "LC_MESSAGES" / f"{domain}.po"


class Words(HTMLParser):
    """What a person reads or hears of a page: its texts, and the attributes that are read out."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.language = ""
        self.silent = 0
        self.feed(page)

    def handle_starttag(self, tag, attrs) -> None:
        self.silent += tag in {"script", "style"}
        attributes = dict(attrs)
        if tag == "html":
            self.language = attributes.get("lang", "")
        read = (attributes.get(name) for name in ("aria-label", "title", "alt", "placeholder"))
        self.found |= {text.strip() for text in read if text}

    def handle_endtag(self, tag) -> None:
        self.silent -= tag in {"script", "style"}

    def handle_data(self, data) -> None:
        if not self.silent and data.strip():
            self.found.add(data.strip())


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated_and_none_is_a_guess(language, domain):
    for entry in po.entries(catalogue(language, domain)):
        assert all(entry.said), entry.msgid
        assert not entry.fuzzy, entry.msgid
        for said in entry.said:
            names = re.compile(r"%\(\w+\)s|%s|%%")
            wanted = names.findall(entry.plural or entry.msgid)
            assert sorted(names.findall(said)) == sorted(wanted), entry.msgid


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_of_the_sources_is_missing(language):
    for domain, asked in [("django", po.asked_by_pages()), ("djangojs", po.asked_by_scripts())]:
        known = {entry.msgid for entry in po.entries(catalogue(language, domain))}
        assert asked - known == set(), "type: make translations"
        assert known - asked == set(), "type: make translations"


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", OTHERS)
def test_what_is_compiled_is_what_is_written(language, domain):
    path = catalogue(language, domain)
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for entry in po.entries(path):
        said = (
            compiled.ngettext(entry.msgid, entry.plural, 1) if entry.plural else compiled.gettext(entry.msgid)
        )
        assert said == entry.said[0], "type: make translations"


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_no_template_has_words_that_cannot_be_translated(path):
    text = path.read_text("utf-8")
    text = re.sub(r"{% blocktranslate.*?{% endblocktranslate %}", "", text, flags=re.DOTALL)
    text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", text)
    found = {word.strip(" \n·…:→") for word in Words(text).found}
    assert {word for word in found if re.search(r"[A-Za-z]{3}", word)} - NAMES - KEYS == set()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_in_vietnamese_has_no_english_left(rooms, browse, address):
    _fill(rooms)
    client = browse(people.curator())
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "vi"
    answer = client.get(rooms.fill(address))
    words = Words(answer.content.decode())
    assert words.language == answer["Content-Language"] == "vi"
    assert [text for text in words.found - PEOPLE if _is_english(text)] == []
    assert re.search(r'<script src="/texts/vi-[0-9a-f]{16}.js"></script>', answer.content.decode())


@pytest.mark.parametrize("address", ["/accounts/login/"])
def test_who_has_not_logged_in_reads_the_browser_s_language(db, address):
    answer = Client().get(address, headers={"Accept-Language": "vi-VN,vi;q=0.9,en;q=0.5"})
    words = Words(answer.content.decode())
    assert words.language == "vi"
    assert "Đăng nhập" in words.found
    assert [text for text in words.found if _is_english(text)] == []


def test_a_language_is_chosen_and_kept(rooms, browse):
    client = browse(people.owner())
    assert client.get("/language/").status_code == 302
    assert Words(client.get("/batches/").content.decode()).language == "en"
    answer = client.post("/language/", {"language": "vi"}, headers={"Referer": "http://testserver/gallery/"})
    assert answer["Location"].endswith("/gallery/")
    assert Words(client.get("/batches/").content.decode()).language == "vi"
    client.post("/language/", {"language": "en"})
    assert Words(client.get("/batches/").content.decode()).language == "en"


def test_every_language_is_offered_by_its_own_name(rooms, browse):
    for language, _ in settings.LANGUAGES:
        client = browse(people.owner())
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        assert {name for _, name in settings.LANGUAGES} <= Words(
            client.get("/batches/").content.decode()
        ).found


def test_choosing_a_language_needs_a_form_of_ours(owner):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/language/", {"language": "vi"}).status_code == 403


def test_nobody_is_sent_elsewhere_by_the_choice(db):
    answer = Client().post("/language/", {"language": "vi", "next": "https://example.org/"})
    assert answer["Location"] == "/"


def test_days_and_numbers_are_written_as_in_the_language(rooms, browse):
    day = rooms.batch.created
    type(rooms.item).objects.filter(pk=rooms.item.pk).update(tilt_degrees=3.5, faces=12345)
    seen = {}
    for language in ("en", "vi"):
        client = browse(people.owner())
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        seen[language] = " ".join(
            client.get(rooms.fill(address)).content.decode()
            for address in ("/batches/{batch}/", "/gallery/{item}/")
        )
    assert f"{day:%H:%M}, {day.day}/{day.month}/{day.year}" in seen["vi"]
    assert f"{day.day} {day:%B %Y, %H:%M}" in seen["en"]
    assert ("3.5°" in seen["en"], "12,345" in seen["en"]) == (True, True)
    assert ("3,5°" in seen["vi"], "12.345" in seen["vi"]) == (True, True)


def test_the_scripts_texts_come_in_the_language_asked_for(db):
    answer = Client().get("/texts/vi-0.js")
    assert answer.status_code == 200
    assert json.dumps("Đóng") in answer.content.decode()
    assert "immutable" not in answer.get("Cache-Control", "")
    assert Client().get("/texts/xx-0.js").status_code == 404


def test_the_scripts_texts_are_kept_while_they_are_the_same(rooms, browse):
    client = browse(people.owner())
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "vi"
    address = re.search(r'src="(/texts/[^"]+)"', client.get("/batches/").content.decode())[1]
    assert "immutable" in client.get(address)["Cache-Control"]


def test_a_refusal_is_told_in_the_reader_s_language():
    written = ("nan.stl: the mesh has no triangles", "Export it again")
    with translation.override("en"):
        assert in_words("mesh_no_triangles", *written) == written
    with translation.override("vi"):
        message, hint = in_words("mesh_no_triangles", *written)
        assert (message, hint[:12]) == ("Lưới 3D không có tam giác nào.", "Hãy xuất lại")
        assert in_words("never_heard_of", *written) == written
        assert note_in_words("12 triangles without area were left out.") == (
            "Đã bỏ 12 tam giác không có diện tích."
        )
        assert note_in_words("Something else.") == "Something else."


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("a.off: line 1,234: 'x' is not a number", "Không đọc được lưới 3D. Dòng 1,234."),
        ("a.off: the header announces 8 rows, but the file ends at line 12", "lưới 3D. Dòng 12."),
        ("a.ply: byte 81: a face names vertex 9, but the file has 8 vertices", "lưới 3D. Byte thứ 81."),
        ("a.3mf: 3D/3dmodel.model, line 3: a vertex is not three numbers", "lưới 3D. Dòng 3."),
        ("a.stl: 40 of 72 triangles have corners, first at triangle 6", "lưới 3D. Tam giác 6."),
        ("line 3.off: it has no end", "Không đọc được lưới 3D."),
        ("a.stl: it is flat: it measures 12 x 12.5 x 1e-05", "lưới 3D. Kích thước: 12 x 12.5 x 1e-05."),
        ("4 x 4 x 4.stl: it has no end", "Không đọc được lưới 3D."),
    ],
)
def test_the_place_of_a_fault_is_told_in_the_reader_s_language(message, words):
    with translation.override("vi"):
        assert in_words("mesh_unreadable", message)[0].endswith(words)


def test_every_refusal_has_words():
    assert set(CARVING_DOUBTS) <= set(NOTES)
    assert all(message for message, _ in WORDS.values())
    notes = [note.replace("%s", "7") for note in NOTES]
    with translation.override("en"):
        assert [note_in_words(note) for note in notes] == notes


def test_an_error_of_a_script_s_request_is_told_in_its_language(rooms, browse):
    client = browse(people.owner())
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "vi"
    answer = client.post(rooms.fill("/queries/{query}/answer/"), "[", content_type="application/json")
    assert answer.json()["error"] == "Không đọc được yêu cầu."
    page = client.get("/gallery/import/").content.decode()
    assert "Chỉ người quản lý kho làm được việc này." in page


def test_a_failed_export_says_so_in_the_reader_s_language(rooms, browse):
    Export.objects.update(state=Export.State.FAILED, error="the disk is full", hint="make room")
    client = browse(people.owner())
    address = rooms.fill("/batches/{batch}/exports/")
    assert "the disk is full make room" in client.get(address).content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "vi"
    assert "Xuất không thành công." in client.get(address).content.decode()


def _fill(rooms) -> None:
    """Something of everything that pages have words for."""
    for room in (rooms.batch.queries, rooms.upload.items):
        room.filter(state="rejected").update(error_code="empty")
    BatchLeftOut.objects.create(batch=rooms.batch, name=".DS_Store", code="junk", reason="a Mac's notes")
    notes = [note.replace("%s", "7") for note in NOTES]
    type(rooms.item).objects.filter(pk=rooms.item.pk).update(
        repairs=notes, tilt_degrees=2.5, faces=9, format="stl", mirrored_probability=0.5, units_per_pixel=0.1
    )
    factories.decision(rooms.query, people.owner(), item=factories.item(), relation="variant")
    factories.decision(factories.query(rooms.batch), people.owner(), verdict="none", reason="bad_crop")
    Export.objects.create(batch=rooms.batch, owner=people.curator(), format="course", with_images=True)


def _is_english(text: str) -> bool:
    return any(pattern.fullmatch(text) for pattern in _english())


@cache
def _english() -> list[re.Pattern]:
    """What an untranslated text would look like; those that are the same in both languages are left out."""
    found = []
    for entry in po.entries(catalogue("vi", "django")):
        if entry.msgid not in entry.said:
            for said in filter(None, (entry.msgid, entry.plural)):
                found.append(re.compile(re.sub(r"%\\\(\w+\\\)s|%s", ".+", re.escape(said))))
    return found
