"""What a person typed, and the items that fit it: each with the reason why it does."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from webapp.characters.components import described_as, made_of
from webapp.characters.forms import also_written, base_of
from webapp.characters.radicals import filed_under
from webapp.characters.readings import CharacterReading, read_about_as, read_as
from webapp.characters.typed import Typed, read_typed
from webapp.gallery.models import Item

TIERS = range(4)
"""How well items fit: the character itself; by a reading, radical or component; by a reading without its
diacritics; by name."""

_FIRST, _SECOND, _THIRD, _LAST = TIERS


@dataclass(frozen=True)
class Reason:
    """Why an item fits.

    kind: "character", "description", "reading", "radical", "component", "about" (a reading but for its
    diacritics) or "name". tier: the lower, the better it fits. language, text: of a reading.
    """

    kind: str
    tier: int
    language: str = ""
    text: str = ""


_BY_NAME = Reason("name", _LAST)


@dataclass(frozen=True)
class Fit:
    """Items that fit what was typed. characters: why, for each of the gallery's characters that fits."""

    items: QuerySet[Item]
    characters: dict[str, Reason] = field(default_factory=dict)

    def reason(self, character: str) -> Reason:
        """Why an item of this character is among them."""
        return self.characters.get(character, _BY_NAME)

    def tiers(self) -> dict[int, int]:
        """How well each item fits, by its id: one of ``TIERS``. About 0.1 s for 90,000 items."""
        by_character = {character: reason.tier for character, reason in self.characters.items()}
        rows = self.items.order_by().values_list("pk", "character")
        return {pk: by_character.get(character, _LAST) for pk, character in rows}


@dataclass(frozen=True)
class Elsewhere:
    """Another character that is written for the one typed, and how many ready items show it."""

    character: str
    items: int


def items_fitting(text: str, among: QuerySet[Item]) -> Fit:
    """Those of ``among`` that fit by character, reading, radical, components, or part of their name.

    Codepoints are compared exactly. A form with a selector is found by what holds for its base, too, but
    never by typing the base itself.
    """
    typed = read_typed(text)
    if not typed.text:
        return Fit(among.none())
    fitting = _reasons(typed)
    shown = gallery_characters() if fitting else ()
    found = {one: fitting[base] for one in shown if (base := base_of(one) or one) in fitting}
    exact = {one: Reason("character", _FIRST) for one in {typed.character, typed.text} if one}
    wanted = Q(character__in=[*{*found, *exact}])
    for words in _in_either_case(typed.text):
        wanted |= Q(name__icontains=words)
    return Fit(among.filter(wanted), found | exact)


def items_showing(character: str, among: QuerySet[Item]) -> Fit:
    """Those of ``among`` that show exactly this character."""
    if "\0" in character:
        return Fit(among.none())
    return Fit(among.filter(character=character), {character: Reason("character", _FIRST)})


def gallery_characters() -> Iterable[str]:
    """Every character that any item shows, once."""
    return Item.objects.exclude(character="").order_by().values_list("character", flat=True).distinct()


def written_elsewhere(text: str) -> list[Elsewhere]:
    """Other ways to write the typed character that the gallery has: to be offered, never equated.

    First the character without a selector and with others, then what is written for it elsewhere.
    """
    character = read_typed(text).character
    base = base_of(character)
    bases = [base, *also_written(base)] if base else []
    ready = Item.objects.filter(state=Item.State.READY).order_by()
    begin_so = [ready.filter(character__startswith=each) for each in bases]
    counts = Counter(
        found
        for rows, each in zip(begin_so, bases, strict=True)
        for found in rows.values_list("character", flat=True)
        if base_of(found) == each and found != character
    )
    ordered = sorted(counts, key=lambda found: (bases.index(base_of(found)), found))
    return [Elsewhere(found, counts[found]) for found in ordered]


def _in_either_case(text: str) -> set[str]:
    """The ways to write a name that count as one. SQLite knows no case beyond ASCII."""
    return {text} if text.isascii() else {text, text.lower(), text.upper(), text.capitalize()}


def _reasons(typed: Typed) -> dict[str, Reason]:
    """Why each character fits, the better reason first. The exact character is not among them."""
    found: dict[str, Reason] = {}
    if typed.reading:
        _add(found, "reading", _SECOND, read_as(typed.reading))
        _add(found, "about", _THIRD, read_about_as(typed.reading))
    for character in filed_under(typed.radical, typed.residual) if typed.radical else ():
        found[character] = Reason("radical", _SECOND)
    for character in described_as(typed.description) if typed.description else ():
        found[character] = Reason("description", _FIRST)
    for character in made_of(typed.components):
        found.setdefault(character, Reason("component", _SECOND))
    return found


def _add(found: dict[str, Reason], kind: str, tier: int, read: dict[str, CharacterReading]) -> None:
    for character, reading in read.items():
        found.setdefault(character, Reason(kind, tier, reading.language, reading.text))
