"""Foreign text cannot command a terminal, and columns stay aligned."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.cli.printable import printable
from hladr.cli.table import table


def test_an_escape_sequence_is_shown_and_not_obeyed():
    assert printable("\x1b[2Jclear") == "\\x1b[2Jclear"


def test_a_direction_override_cannot_turn_a_name_round():
    assert "\u202e" not in printable("scf.\u202eexe")


def test_ordinary_text_of_any_language_is_unchanged():
    for text in ("patient 7", "Döcke", "患者", "µg/L ≥ 5"):
        assert printable(text) == text


@settings(deadline=None)
@given(st.text(st.characters()))
def test_no_text_holds_a_control_character_or_a_second_line(text):
    shown = printable(text)
    assert len(shown.splitlines()) <= 1
    assert not any(unicodedata.category(sign) in {"Cc", "Cf", "Cs"} for sign in shown)


def test_columns_are_aligned_numbers_to_the_right():
    lines = table([("name", "n"), ("a", "1"), ("bcdef", "1,000")], right=frozenset({1}))
    assert lines == ["name       n", "a          1", "bcdef  1,000"]
