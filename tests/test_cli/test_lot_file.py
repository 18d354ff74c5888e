"""A lot is a file or a line of values, and never something else by mistake."""

import datetime as dt
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration import BeadLot, InvalidLot
from hladr.lot_file import LARGEST_LOT_FILE, LotFileUnreadable, read_lot

TOML = """
maker = "Acme"
product = "PE beads"
number = "00123"
expires = 2027-05-31
unit = "PE molecules"
assigned = [474, 5359, 23843, 62336]
"""


def test_values_in_a_line_are_a_lot():
    assert read_lot("474,5359,23843,62336").assigned == (474.0, 5359.0, 23843.0, 62336.0)


def test_blank_is_a_level_without_a_value():
    assert read_lot("blank,1500,4400").assigned == (None, 1500.0, 4400.0)


def test_a_lot_file_is_read_whether_named_by_path_or_by_text(tmp_path):
    file = tmp_path / "lot.toml"
    file.write_text(TOML)
    lot = read_lot(file)
    assert lot == read_lot(str(file))
    assert (lot.maker, lot.number, lot.expires) == ("Acme", "00123", dt.date(2027, 5, 31))


def test_a_file_beside_the_user_needs_no_suffix(tmp_path, monkeypatch):
    (tmp_path / "lot-today").write_text(TOML)
    monkeypatch.chdir(tmp_path)
    assert read_lot("lot-today").number == "00123"


def test_a_byte_order_mark_of_a_windows_editor_is_no_fault(tmp_path):
    file = tmp_path / "lot.toml"
    file.write_bytes(b"\xef\xbb\xbf" + TOML.encode())
    assert read_lot(file).number == "00123"


def test_a_missing_lot_file_is_refused_as_such_and_not_read_as_values(tmp_path):
    for missing in (str(tmp_path / "lot.toml"), "no-such-lot.toml", "folder/474,5359"):
        with pytest.raises(LotFileUnreadable, match="474,5359,23843,62336") as error:
            read_lot(missing)
        assert error.value.path == missing


def test_a_folder_is_no_lot_file(tmp_path):
    with pytest.raises(LotFileUnreadable, match="cannot be read"):
        read_lot(tmp_path)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything"
)
def test_a_closed_lot_file_is_refused(tmp_path):
    file = tmp_path / "lot.toml"
    file.write_text(TOML)
    file.chmod(0)
    with pytest.raises(LotFileUnreadable):
        read_lot(file)


def test_another_file_given_as_lot_is_refused(tmp_path):
    fcs = tmp_path / "beads.fcs"
    fcs.write_bytes(b"FCS3.1    " + bytes(range(256)))
    with pytest.raises(InvalidLot):
        read_lot(fcs)
    huge = tmp_path / "huge.toml"
    huge.write_bytes(b"#" * (LARGEST_LOT_FILE + 1))
    with pytest.raises(InvalidLot, match="larger"):
        read_lot(huge)


@pytest.mark.parametrize("text", ["", "lot", "474", "474;5359", "474,5359,x", "1,2,3", "474 5359"])
def test_what_is_neither_values_nor_a_file_is_refused(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidLot):
        read_lot(text)


@given(st.text())
def test_any_text_gives_a_lot_or_a_refusal(text):
    try:
        lot = read_lot(text)
    except (InvalidLot, LotFileUnreadable):
        return
    assert isinstance(lot, BeadLot)
