"""What registration needs of items: the forms beside their other files."""

from collections.abc import Mapping, Sequence

from retrieval.rank import Reading
from retrieval.register import ItemForm, read_item_form
from webapp.core.files.derived import FORM_FILE
from webapp.core.files.media import derived


def stored_forms(readings: Sequence[Reading]) -> Mapping[int, ItemForm]:
    """The forms of these items as they are read, by id; one that is missing or damaged is left out."""
    found: dict[int, ItemForm] = {}
    for one in readings:
        try:
            data = derived("items", one.item, FORM_FILE).read_bytes()
            found[one.item] = read_item_form(data, mirrored=one.mirrored, turn=one.turn)
        except (OSError, ValueError):
            continue  # being made again, and judged by the embedding until then
    return found


def further_turn(turn: int, kept: int) -> int:
    """Quarter turns from how an item's files are kept to how it was read; both in degrees."""
    return (turn - kept) // 90 % 4
