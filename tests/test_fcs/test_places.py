"""Of two places for DATA: flags, single numbers and neighbours do not drive the events away."""

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.fcs import FcsError, read_fcs
from hladr.fcs.errors import DataOffsetsAmbiguous

COUNT = 500


def codes(table):
    return {finding.code for finding in table.findings}


def file_of(data, *, kind="I", bits=32, data_range=2**20, channels=3, gap=b"", header=0, text=0,
            header_end=0, text_end=0, tail=bytes(80)):  # fmt: skip
    """A file whose HEADER and TEXT put DATA so many bytes beside its true place."""
    events = len(data) // (channels * bits // 8)
    pairs = {"$PAR": channels, "$TOT": events, "$MODE": "L", "$DATATYPE": kind}
    pairs |= {"$BYTEORD": "1,2,3,4"}
    for n in range(1, channels + 1):
        pairs |= {f"$P{n}N": f"C{n}", f"$P{n}B": bits, f"$P{n}R": data_range, f"$P{n}E": "0,0"}

    def segment(begin):
        last = begin + text + len(data) - 1 + text_end
        places = {"$BEGINDATA": f"{begin + text:06d}", "$ENDDATA": f"{last:06d}"}
        return ("|" + "|".join(f"{k}|{v}" for k, v in (places | pairs).items()) + "|").encode()

    begin = 58 + len(segment(0)) + len(gap)
    first = begin + header
    places = (58, begin - len(gap) - 1, first, first + len(data) - 1 + header_end, 0, 0)
    head = ("FCS3.1    " + "".join(f"{place:8d}" for place in places)).encode()
    return head + segment(begin) + gap + data + tail


def flagged(seed=1):
    """12-bit numbers with the number of their channel in the top byte, as Beckman writes them."""
    numbers = np.random.default_rng(seed).integers(0, 4096, (COUNT, 3)).astype("<u4")
    return numbers, (numbers | (np.array([0x82, 0x83, 0x84], "<u4") << 24)).astype("<u4").tobytes()


@pytest.mark.parametrize("off", [-1, 1])
@pytest.mark.parametrize("gap", [b"", b"    "])
def test_flags_above_the_range_do_not_speak_against_their_place(off, gap):
    numbers, data = flagged()
    table = read_fcs(file_of(data, gap=gap, header_end=off, text_end=off))
    np.testing.assert_array_equal(table.events, numbers)
    assert codes(table) == {"DATA_END_OFF_BY_ONE", "BITS_ABOVE_RANGE"}


@pytest.mark.parametrize("shift", [-3, -2, -1, 1, 2, 3])
@pytest.mark.parametrize("wrong", ["header", "text"])
@settings(max_examples=10)
@given(seed=st.integers(0, 1000))
def test_flagged_numbers_are_read_right_or_refused(wrong, shift, seed):
    numbers, data = flagged(seed)
    try:
        table = read_fcs(file_of(data, gap=b"      ", **{wrong: shift}))
    except DataOffsetsAmbiguous:
        return
    np.testing.assert_array_equal(table.events, numbers)


def test_one_number_outside_its_range_among_hundreds_decides_nothing():
    numbers = np.random.default_rng(2).integers(0, 128, (COUNT, 1)).astype(np.uint8)
    numbers[0] = 200
    content = file_of(numbers.tobytes(), bits=8, data_range=128, channels=1, gap=b"  ",
                      header_end=1, text_end=1)  # fmt: skip
    np.testing.assert_array_equal(read_fcs(content).raw(), numbers)


@pytest.mark.parametrize("wrong", ["header", "text"])
def test_one_nan_among_hundreds_decides_nothing(wrong):
    floats = np.random.default_rng(2).normal(500, 50, (COUNT, 2)).astype("<f4")
    floats[7, 0] = np.nan
    content = file_of(floats.tobytes(), kind="F", channels=2, gap=b"  ", **{wrong: 64})
    with pytest.raises(FcsError) as caught:
        read_fcs(content)
    assert caught.value.code == "DATA_OFFSETS_AMBIGUOUS"


def test_ranges_alone_do_not_move_data_from_where_header_and_text_agree():
    """In the place they name every number is above its range; a byte further none is."""
    small = np.random.default_rng(2).integers(0, 512, COUNT)
    data = (small * 256).astype("<u4").tobytes()
    content = file_of(data, data_range=2**9, channels=1, gap=b"  ", header_end=1, text_end=1)
    with pytest.raises(FcsError) as caught:
        read_fcs(content)
    assert caught.value.code == "DATA_OFFSETS_AMBIGUOUS"


@pytest.mark.parametrize("off", [-1, 1])
def test_an_end_that_is_off_in_text_alone_is_a_finding(off):
    numbers, data = flagged()
    table = read_fcs(file_of(data, text_end=off))
    np.testing.assert_array_equal(table.events, numbers)
    assert "DATA_END_OFF_BY_ONE" in codes(table)


@pytest.mark.parametrize("gap", [b"", b"    "])
def test_digits_of_fixed_width_follow_the_same_rules(gap):
    data = b"   1   2   3   4   5   6" * 40
    options = {"kind": "A", "bits": 32, "data_range": 1024, "channels": 2}
    content = file_of(data, gap=gap, header=8, tail=b"   7   8" * 4, **options)
    content = content.replace(b"B|32|", b"B|04|")
    if gap:
        with pytest.raises(FcsError) as caught:
            read_fcs(content)
        assert caught.value.code == "DATA_OFFSETS_AMBIGUOUS"
    else:
        table = read_fcs(content)  # right behind TEXT
        assert table.events[:3].tolist() == [[1, 2], [3, 4], [5, 6]]
        assert "DATA_OFFSETS_DISAGREE" in codes(table)


def test_where_digits_cannot_be_is_no_place_for_them():
    data = b"   1   2   3   4   5   6" * 40
    content = file_of(data, kind="A", data_range=1024, channels=2, header=7, tail=b"xxxx" * 9)
    table = read_fcs(content.replace(b"B|32|", b"B|04|"))
    assert table.events[:2].tolist() == [[1, 2], [3, 4]]
    assert codes(table) == {"DATA_OFFSETS_DISAGREE"}


def test_text_that_claims_the_first_byte_of_data_gives_it_back_though_it_is_the_delimiter(handmade):
    data = struct.pack("<6H", 0x002F, 2, 3, 4, 5, 6)  # 0x2F is the slash
    content = handmade(data)
    begin = int(content[26:34])
    table = read_fcs(content[:18] + f"{begin:8d}".encode() + content[26:])
    assert table.raw().tolist() == [[0x2F, 2], [3, 4], [5, 6]]
    assert "TEXT_END_OFF_BY_ONE" in codes(table)


@pytest.mark.parametrize(("bits", "data_range"), [(8, 256), (16, 1024)])
def test_the_order_of_one_byte_says_nothing_of_two(bits, data_range, handmade):
    content = handmade(bytes(range(12)), bits=bits, data_range=data_range, byte_order="1")
    if bits == 8:
        assert read_fcs(content).raw().ravel().tolist() == list(range(12))
    else:
        with pytest.raises(FcsError) as caught:
            read_fcs(content)
        assert caught.value.code == "UNSUPPORTED_BYTE_ORDER"
