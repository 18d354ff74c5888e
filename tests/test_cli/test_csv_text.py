"""What a spreadsheet is given shows what we wrote, and runs nothing."""

import csv
import io
import math
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hladr.csv_text import cell_text, csv_header, csv_line, csv_row, without_apostrophe


def read_back(line):
    (row,) = csv.reader(io.StringIO(line, newline=""), strict=True)
    return row


WIDE = ["\uff1d", "\uff0b", "\uff0d", "\uff20"]  # of Chinese and Japanese keyboards


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", *WIDE])
def test_text_that_looks_like_a_formula_is_quoted(start):
    assert cell_text(f"{start}HYPERLINK(A1)") == f"'{start}HYPERLINK(A1)"


def test_ordinary_text_stays_as_it_is():
    for text in ("patient.fcs", "µ=1", "a-b", ">40000", "<5", "'quoted", " =1"):
        assert cell_text(text) == text


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers())
def test_a_number_stays_a_number_whatever_its_sign(number):
    assert type(number)(cell_text(number)) == number


def test_what_is_not_known_is_an_empty_cell():
    for cell in (None, math.nan, math.inf, -math.inf):
        assert cell_text(cell) == ""


def test_a_truth_value_is_no_number():
    assert (cell_text(cell=True), cell_text(cell=False)) == ("true", "false")


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=2))
def test_any_text_comes_back_from_one_row_and_never_begins_as_a_formula(texts):
    back = read_back(csv_line(texts))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in back)
    for text, cell in zip(texts, back, strict=True):
        if not text.startswith("'"):
            assert without_apostrophe(cell) == text


PARTS = st.sampled_from([";", "\t", "\n", "\r", "'", '"', ",", "=", "+", "-", "@", *WIDE, "1", "A"])


@given(st.lists(st.lists(PARTS, max_size=8).map("".join), min_size=1, max_size=3))
def test_where_cells_are_parted_by_semicolons_or_tabs_none_is_a_formula(texts):
    line = csv_line(["a", *texts])
    for cell in re.split(r"[;\t\r\n]", line):
        assert not cell.lstrip('"').startswith(("=", "+", "-", "@", *WIDE)), line
    for text, cell in zip(texts, read_back(line)[1:], strict=True):
        if not text.startswith("'"):
            assert without_apostrophe(cell) == text


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1),
        min_size=1,
        unique=True,
    )
)
def test_names_of_a_header_come_back_as_they_are(names):
    assert read_back(csv_header(names)) == names
    flags = ",".join("0" for _ in names)
    found = pd.read_csv(io.BytesIO(f"{csv_header(names)}{flags}\n".encode()))
    assert list(found.columns) == names
    assert len(found) == 1


def test_a_missing_cell_is_empty_and_an_unknown_one_left_out():
    assert csv_row(("a", "b"), {"b": 1, "c": 2}) == ",1\n"
