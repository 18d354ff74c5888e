"""Foreign text cannot command a terminal, and columns stay aligned."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from hladr.cli.printable import printable
from hladr.cli.table import ELLIPSIS, table, without_empty


def test_an_escape_sequence_is_shown_and_not_obeyed():
    assert printable("\x1b[2Jclear") == "\\x1b[2Jclear"


def test_a_direction_override_cannot_turn_a_name_round():
    assert "\u202e" not in printable("scf.\u202eexe")


def test_ordinary_text_of_any_language_is_unchanged():
    for text in ("patient 7", "Döcke", "患者", "µg/L ≥ 5"):
        assert printable(text) == text


@given(st.text(st.characters()))
def test_no_text_holds_a_control_character_or_a_second_line(text):
    shown = printable(text)
    assert len(shown.splitlines()) <= 1
    assert not any(unicodedata.category(sign) in {"Cc", "Cf", "Cs"} for sign in shown)


def test_columns_are_aligned_numbers_to_the_right():
    lines = table([("name", "n"), ("a", "1"), ("bcdef", "1,000")], right=frozenset({1}))
    assert lines == ["name       n", "a          1", "bcdef  1,000"]


cells = st.text(st.characters(categories=("Lu", "Ll", "Nd", "Lo")), max_size=60)


@given(st.lists(st.tuples(st.integers(0, 999).map(str), cells, cells), min_size=1, max_size=6))
def test_a_table_fits_its_line_and_numbers_are_never_cut(rows):
    lines = table(rows, right=frozenset({0}), width=40)
    assert all(cell_len(line) <= 40 for line in lines)
    for row, line in zip(rows, lines, strict=True):
        assert line.split()[0] == row[0]
        if ELLIPSIS not in line:
            assert line.split() == [cell for cell in row if cell]


def test_wide_signs_take_two_cells():
    lines = table([("患者", "x"), ("ab", "y")])
    assert lines == ["患者  x", "ab    y"]
    assert table([("患者患者患者", "x")], width=11) == ["患者患…  x"]


def test_columns_without_a_value_are_left_out():
    assert without_empty([("a", "b", "c"), ("1", "", "2"), ("", "", "3")]) == [
        ["a", "c"], ["1", "2"], ["", "3"],
    ]  # fmt: skip
