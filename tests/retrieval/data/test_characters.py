"""The choice of characters, and hold-outs that never move."""

from retrieval.data.characters import choose_characters, held_out, held_out_page, is_ideograph


def test_hold_outs_are_the_same_for_ever() -> None:
    """These very characters and pages were held out of the shipped weights."""
    held = [code for code in range(0x4E00, 0x4E80) if held_out(code)]
    assert held == [0x4E00, 0x4E16, 0x4E21, 0x4E23, 0x4E46, 0x4E47, 0x4E49, 0x4E53]
    share = sum(held_out(code) for code in range(0x4E00, 0x9FFF)) / (0x9FFF - 0x4E00)
    assert 0.035 < share < 0.045
    pages = [f"Tale_of_Kieu_1866page{number:03d}a" for number in range(200)]
    assert 0.04 < sum(map(held_out_page, pages)) / 200 < 0.13


def test_ideographs_only() -> None:
    """Kana, radicals and private use are left out."""
    assert is_ideograph(ord("永"))
    assert is_ideograph(0x20000)
    assert not is_ideograph(ord("あ"))
    assert not is_ideograph(0x2F00)
    assert not is_ideograph(0xE000)


def test_wanted_first_then_the_widely_drawn() -> None:
    """Two typefaces must draw a character; wanted ones come first, then those that most draw."""
    claimed = {
        "a": {0x4E00, 0x4E01, 0x4E03, 0x20000, 0x20001},
        "b": {0x4E00, 0x4E01, 0x4E03, 0x20000, 0x20001, 0x4E08},
        "c": {0x4E00, 0x20001, 0x3042},
    }
    assert choose_characters(claimed, {0x4E03, 0x4E08}, common=2, beyond=1) == [0x4E00, 0x4E03, 0x20001]
    assert choose_characters(claimed, set(), common=9, beyond=9) == [0x4E00, 0x4E01, 0x4E03, 0x20000, 0x20001]
