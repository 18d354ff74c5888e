"""Bead lots: what is read, what is refused."""

import contextlib
import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration import BeadLot, InvalidLot

ASCENDING = st.lists(st.integers(10, 99_999_999), min_size=2, max_size=15, unique=True).map(sorted)


def test_a_line_of_values_is_a_lot_dimmest_first():
    assert BeadLot.parse("474,5359, 23843 ,62336").assigned == (474.0, 5359.0, 23843.0, 62336.0)


def test_blank_is_a_level_without_a_value():
    lot = BeadLot.parse("blank,1500,4400")
    assert lot.assigned == (None, 1500.0, 4400.0)
    assert lot.values == (1500.0, 4400.0)


@given(ASCENDING)
def test_any_rising_values_are_read_as_written(values):
    assert list(BeadLot.parse(",".join(map(str, values))).values) == values


@given(ASCENDING, st.sampled_from([None, "96597"]), st.sampled_from([None, dt.date(2027, 5, 31)]))
def test_a_lot_survives_its_dict(values, number, expires):
    lot = BeadLot(assigned=(None, *values), number=number, expires=expires)
    again = BeadLot.from_dict(lot.to_dict())
    assert again == lot
    assert again.sha256 == lot.sha256


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("", "''"),
        ("474", "'474'"),
        ("blank,474", "'blank,474'"),
        ("5359,474", "'5359,474'"),
        ("474,474", "'474,474'"),
        ("474,5,359,23,843", "'474,5,359,23,843'"),
        ("1.500,4.400,14.500", "1.5"),
        ("0,792,2079", "0.0"),
        ("-474,5359", "'-474'"),
        ("474,inf", "'inf'"),
        ("474,nan", "'nan'"),
        ("474,1e5", "'1e5'"),
        ("474,5_359", "'5_359'"),
        ("474,５３５９", "'５３５９'"),
        ("474;5359", "'474;5359'"),
        ("474 PE,5359", "'474 PE'"),
        ("474,100000000", "100000000.0"),
        ("474," + "9" * 400, "inf"),
        (",".join(str(100 + i) for i in range(17)), "'100,101"),
    ],
)
def test_what_is_no_rising_line_of_plain_numbers_is_refused(written, found):
    with pytest.raises(InvalidLot) as caught:
        BeadLot.parse(written)
    assert f"found {found}" in str(caught.value)
    assert caught.value.code == "INVALID_LOT"


FILE = """
maker = "BD"
product = "Quantibrite PE 340495"
number = "96597"
expires = 2027-05-31
unit = "PE molecules"
assigned = ["blank", 638, 6930, 31008, 67601]
"""


def test_a_lot_file_tells_everything():
    assert BeadLot.from_toml(FILE) == BeadLot(
        assigned=(None, 638.0, 6930.0, 31008.0, 67601.0),
        maker="BD",
        product="Quantibrite PE 340495",
        number="96597",
        expires=dt.date(2027, 5, 31),
    )


def test_the_hash_is_of_the_content_not_of_the_writing():
    same = BeadLot.from_toml(
        "assigned=['blank', 638.0, 6930, 31008, 67601]\nnumber=96597\nexpires='2027-05-31'\n"
        "product='Quantibrite PE 340495'\nmaker=' BD '"
    )
    plain = BeadLot(assigned=tuple(np.array([638, 6930])))
    assert same.sha256 == BeadLot.from_toml(FILE).sha256
    assert plain.sha256 == BeadLot.parse("638,6930").sha256
    assert plain.sha256 != BeadLot.parse("638,6931").sha256


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("assigned = ", "file"),
        ("", "assigned"),
        ("assigned = 474", "assigned"),
        ("assigned = [474, true]", "assigned"),
        ("assigned = [474, [5359]]", "assigned"),
        ("assigned = [474, 5359]\nvalue = 3", "keys"),
        ("assigned = [474, 5359]\nmaker = ''", "maker"),
        ("assigned = [474, 5359]\nnumber = true", "number"),
        ("assigned = [474, 5359]\nunit = 3.5", "unit"),
        ("assigned = [474, 5359]\nexpires = 'May 2027'", "expires"),
        ("assigned = [474, 5359]\nexpires = 2027-05-31T10:00:00", "expires"),
        ("assigned = [474, 5359]\nexpires = 2027", "expires"),
    ],
)
def test_a_lot_file_with_a_fault_is_refused_by_the_name_of_the_field(line, field):
    with pytest.raises(InvalidLot) as caught:
        BeadLot.from_toml(line)
    assert caught.value.field == field
    assert str(caught.value).startswith(f"bead lot, {field}: expected ")


@given(st.text(max_size=60))
def test_no_text_raises_anything_but_our_error(text):
    for read in (BeadLot.parse, BeadLot.from_toml):
        with contextlib.suppress(InvalidLot):
            read(text)


@pytest.mark.parametrize(
    "line",
    [
        "assigned = " + "[" * 9000,
        f"assigned = [1{'0' * 9000}]",
        f"assigned = 0x{'f' * 9000}",
        f"assigned = [474, 0x{'f' * 9000}]",
        f"assigned = [474, 5359]\nnumber = 0x{'f' * 9000}",
        f"assigned = [474, 5359]\nexpires = 0x{'f' * 9000}",
        "assigned = [474, 5359]\nmaker" + ".a" * 3000 + " = 1",
    ],
    ids=["nest", "digits", "a number", "a level", "number", "day", "tables"],
)
def test_what_no_arithmetic_can_hold_is_refused(line):
    with pytest.raises(InvalidLot) as caught:
        BeadLot.from_toml(line)
    assert len(str(caught.value)) < 500
