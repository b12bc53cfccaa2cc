"""What is typed, and the items that fit it. Characters are compared by codepoint alone."""

import re

import pytest

from tests import factories
from webapp.gallery.finding import gallery_characters, items_fitting, written_elsewhere
from webapp.gallery.models import Item

pytestmark = pytest.mark.django_db
COMPATIBLE, UNIFIED = "\uf900", "\u8c48"
SUPPLEMENT = "\U0002f800"  # the compatibility ideograph of 丽
IDEOGRAPHIC, STANDARDIZED = "葛\U000e0100", "海\ufe00"
PRIVATE, FAR_PRIVATE = "\ue123", "\U000f1234"
NOM = "\U00021a38"
ALL = [
    COMPATIBLE,
    UNIFIED,
    SUPPLEMENT,
    "丽",
    IDEOGRAPHIC,
    "葛",
    STANDARDIZED,
    "海",
    PRIVATE,
    FAR_PRIVATE,
    NOM,
]


@pytest.fixture
def items():
    return {
        character: factories.item(character=character, name=f"{ord(character[0]):x}") for character in ALL
    }


def found(typed):
    return set(items_fitting(typed, Item.objects.all()).items.values_list("character", flat=True))


@pytest.mark.parametrize("character", ALL, ids=ascii)
def test_every_character_finds_itself_and_no_other_form(character, items):
    assert found(character) == {character}
    assert found(" ".join(f"U+{ord(char):04X}" for char in character)) == {character}


def test_a_reading_finds_every_form_of_a_character_but_no_compatible_one(items):
    assert found("hải") == {"海", STANDARDIZED}
    assert found("chữ") == {NOM}
    assert found("qǐ") == {UNIFIED}


def test_components_find_the_compatible_one_too_since_it_is_put_together_so(items):
    assert found("山豆") == {COMPATIBLE, UNIFIED}


def test_a_radical_finds_every_character_that_is_filed_there(items):
    assert found("r85+7") == {"海", STANDARDIZED}
    assert found("r85+8") == set()
    assert found("r151+3") == {COMPATIBLE, UNIFIED}  # each by its own entry


def test_private_characters_are_found_by_themselves_alone(items):
    for typed in ("hải", "r85", "口", "山豆"):
        assert not found(typed) & {PRIVATE, FAR_PRIVATE}


def test_names_are_found_whatever_is_typed():
    block = factories.item(name="hải 85.3 山豆.stl")
    for typed in ("HẢI", "85.3", "山豆", "豆.s"):
        fit = items_fitting(typed, Item.objects.all())
        assert fit.items.get() == block
        assert fit.reason("").kind == "name"


def test_the_better_reason_is_told():
    factories.item(character="海")
    factories.item(character="每")
    fit = items_fitting("每", Item.objects.all())
    assert (fit.reason("每").kind, fit.reason("海").kind) == ("character", "component")
    assert sorted(fit.tiers().values()) == [0, 1]
    assert items_fitting("⿰氵每", Item.objects.all()).reason("海").kind == "description"


def test_other_ways_to_write_it_are_told_where_the_gallery_has_them(items):
    assert [(one.character, one.items) for one in written_elsewhere(COMPATIBLE)] == [(UNIFIED, 1)]
    assert [one.character for one in written_elsewhere(UNIFIED)] == [COMPATIBLE]
    assert [one.character for one in written_elsewhere(IDEOGRAPHIC)] == ["葛"]
    assert written_elsewhere("hải") == written_elsewhere(PRIVATE) == written_elsewhere("") == []
    Item.objects.filter(character=UNIFIED).update(state=Item.State.REJECTED)
    assert written_elsewhere(COMPATIBLE) == []


def test_forms_with_selectors_are_offered_both_ways(items):
    factories.item(character="葛\U000e0101")
    factories.item(character="\U0002fa13")
    offered = [one.character for one in written_elsewhere("葛")]
    assert offered == [IDEOGRAPHIC, "葛\U000e0101"]
    assert [one.character for one in written_elsewhere(IDEOGRAPHIC)] == ["葛", "葛\U000e0101"]
    assert written_elsewhere("%") == written_elsewhere("_") == []


@pytest.mark.parametrize(("sign", "unified"), [("⽔", "水"), ("⺡", "氵"), ("⿕", "龠"), ("⺁", "厂")])
def test_a_radical_s_sign_finds_its_ideograph_as_a_suggestion(sign, unified):
    factories.item(character=unified)
    assert found(sign) == set()
    assert [one.character for one in written_elsewhere(sign)] == [unified]
    Item.objects.update(character=sign)
    assert [one.character for one in written_elsewhere(unified)] == [sign]


def test_a_radical_s_sign_finds_what_its_ideograph_is_a_component_of(items):
    assert found("⽔") >= {"海", STANDARDIZED}
    assert found("⺡ 每") >= {"海", STANDARDIZED}


def test_the_gallery_s_page_offers_other_ways_to_write_it(owner, browse, items):
    page = browse(owner).get("/gallery/", {"q": "葛"}).content.decode()
    assert 'data-testid="elsewhere"' in page
    assert "?q=%E8%91%9B%F3%A0%84%80" in page
    assert 'data-testid="elsewhere"' not in browse(owner).get("/gallery/", {"q": NOM}).content.decode()


def test_components_without_a_codepoint_are_no_raw_placeholders(owner, browse):
    block = factories.item(character="㑹")
    page = browse(owner).get(f"/gallery/{block.pk}/").content.decode()
    assert '<span lang="zh-Hant">⿳〓由日</span>' in page
    assert "{88}" not in page


def test_each_character_is_listed_once(items):
    factories.item(character="海")
    factories.item(character="")
    assert sorted(gallery_characters()) == sorted(ALL)


@pytest.mark.parametrize("typed", ["", "  ", "a\0b"])
def test_nothing_fits_nothing(typed, items):
    assert found(typed) == set()


def test_the_gallery_s_page_searches_so(owner, browse, items):
    page = browse(owner).get("/gallery/", {"q": "hải"}).content.decode()
    assert page.count('data-testid="item-card"') == 2
    answer = browse(owner).get(f"/gallery/{items['海'].pk}/").content.decode()
    assert 'data-testid="item-facts"' in answer
    words = re.sub("<[^>]+>", "", answer)
    for fact in ("hải", "hǎi", "⿰氵每", "85 水"):
        assert fact in words
    assert '85 <span lang="zh-Hant">水</span>' in answer
    private = browse(owner).get(f"/gallery/{items[PRIVATE].pk}/").content.decode()
    assert 'data-testid="item-facts"' not in private
