"""Where DATA lies: every kind of disagreement, decided by evidence or refused."""

import io
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.fcs import FcsError, OutputChannel, read_fcs, write_fcs

ROWS = [[1, 2], [3, 4], [5, 6]]
AROUND = np.random.default_rng(99).integers(0, 256, 64).astype(np.uint8).tobytes()


def codes(table):
    return {finding.code for finding in table.findings}


def place(content):
    return int(content[26:34]), int(content[34:42])


def header_moved(content, begin, last):
    return content[:26] + f"{begin:8d}{last:8d}".encode() + content[42:]


def test_offsets_of_zero_or_blank_in_the_header_are_those_of_text(handmade):
    for blank in ((0, 0), ("", "")):
        table = read_fcs(handmade(header_data=blank))
        assert table.raw().tolist() == ROWS
        assert table.findings == ()


def test_the_header_alone_is_enough(handmade):
    begin = place(handmade(offsets=False))[0]
    table = read_fcs(handmade(offsets=False, version="FCS2.0"))
    assert begin > 58
    assert table.raw().tolist() == ROWS


@pytest.mark.parametrize("off", [-1, 1])
def test_an_end_that_is_off_by_one_is_a_finding(off, handmade):
    begin, last = place(handmade(offsets=False))
    table = read_fcs(handmade(offsets=False, header_data=(begin, last + off), tail=b"\0" * 9))
    assert table.raw().tolist() == ROWS
    assert codes(table) == {"DATA_END_OFF_BY_ONE"}


def test_an_end_one_past_the_end_of_the_file_is_a_finding(handmade):
    begin, last = place(handmade(offsets=False))
    table = read_fcs(handmade(offsets=False, header_data=(begin, last + 1)))
    assert table.raw().tolist() == ROWS
    assert codes(table) == {"DATA_END_OFF_BY_ONE"}


def test_a_surplus_shorter_than_an_event_is_a_finding(handmade):
    begin, last = place(handmade(offsets=False))
    table = read_fcs(handmade(offsets=False, header_data=(begin, last + 3), tail=b"\0" * 9))
    assert table.raw().tolist() == ROWS
    assert codes(table) == {"DATA_SURPLUS"}


@pytest.mark.parametrize("off", [4, 5, 400, -2, -4])
def test_a_surplus_of_an_event_or_any_shortage_is_refused(off, handmade):
    begin, last = place(handmade(offsets=False))
    content = handmade(offsets=False, header_data=(begin, last + off), tail=b"\0" * 999)
    with pytest.raises(FcsError) as caught:
        read_fcs(content)
    assert caught.value.code == "TOT_MISMATCH"


def test_of_two_places_only_one_of_the_right_size_is_used(handmade):
    content = handmade(tail=b"\0" * 200)
    begin, last = place(content)
    table = read_fcs(header_moved(content, begin + 3, last + 60))
    assert table.raw().tolist() == ROWS
    assert "DATA_OFFSETS_DISAGREE" in codes(table)


def test_a_place_inside_text_gives_way_to_one_that_is_not(handmade):
    content = handmade(header_data=(100, 111))
    table = read_fcs(content)
    assert table.raw().tolist() == ROWS
    assert "DATA_OFFSETS_DISAGREE" in codes(table)


@pytest.mark.parametrize("right", ["HEADER", "TEXT"])
@pytest.mark.parametrize("shift", [-3, -2, -1, 1, 2, 3])
@settings(max_examples=10)
@given(seed=st.integers(0, 10_000))
def test_floats_tell_which_of_two_shifted_places_is_theirs(right, shift, seed):
    rng = np.random.default_rng(seed)
    floats = rng.normal(1000.0, 300.0, size=(200, 3)).astype("<f4")
    content = two_places(floats.tobytes(), "F", 32, 3, 262144, right, shift)
    table = read_fcs(content)
    np.testing.assert_array_equal(table.raw(), floats)
    assert "DATA_OFFSETS_DISAGREE" in codes(table)


@pytest.mark.parametrize("right", ["HEADER", "TEXT"])
@pytest.mark.parametrize("shift", [-1, 1, 3])
@settings(max_examples=10)
@given(seed=st.integers(0, 10_000))
def test_integers_tell_which_of_two_shifted_places_is_theirs(right, shift, seed):
    rng = np.random.default_rng(seed)
    numbers = rng.integers(0, 1024, size=(200, 3)).astype("<u2")
    content = two_places(numbers.tobytes(), "I", 16, 3, 1024, right, shift)
    np.testing.assert_array_equal(read_fcs(content).raw(), numbers)


@pytest.mark.parametrize("right", ["HEADER", "TEXT"])
def test_time_tells_where_every_number_is_within_its_range(right):
    rng = np.random.default_rng(3)
    numbers = rng.integers(0, 65536, size=(500, 3)).astype("<u2")
    numbers[:, 2] = np.arange(500)
    content = two_places(numbers.tobytes(), "I", 16, 3, 65536, right, 2, names=("A", "B", "Time"))
    np.testing.assert_array_equal(read_fcs(content).raw(), numbers)


def test_two_places_that_nothing_tells_apart_are_refused():
    rng = np.random.default_rng(3)
    numbers = rng.integers(0, 65536, size=(500, 3)).astype("<u2")
    content = two_places(numbers.tobytes(), "I", 16, 3, 65536, "TEXT", 6, gap=20)
    with pytest.raises(FcsError) as caught:
        read_fcs(content)
    assert caught.value.code == "DATA_OFFSETS_AMBIGUOUS"


def test_the_place_behind_text_is_believed_where_the_events_are_silent():
    rng = np.random.default_rng(3)
    numbers = rng.integers(0, 65536, size=(500, 3)).astype("<u2")
    content = two_places(numbers.tobytes(), "I", 16, 3, 65536, "TEXT", 6, gap=0)
    np.testing.assert_array_equal(read_fcs(content).raw(), numbers)


def test_one_number_out_of_range_does_not_drive_the_events_from_behind_text():
    numbers = np.random.default_rng(3).integers(0, 1024, size=(500, 3)).astype("<u2")
    numbers[0, 0] = 5000
    content = two_places(numbers.tobytes(), "I", 16, 3, 1024, "TEXT", 6, gap=0, around=bytes(64))
    np.testing.assert_array_equal(read_fcs(content).raw(), numbers)


@pytest.mark.parametrize("late", [0, 1])
def test_a_segment_one_byte_too_long_may_begin_early_or_end_late(late):
    rng = np.random.default_rng(11)
    floats = rng.normal(1000.0, 300.0, size=(200, 3)).astype("<f4")
    content = two_places(floats.tobytes(), "F", 32, 3, 262144, "TEXT", 0, gap=9)
    begin, last = place(content)
    edges = (begin, last + 1) if late else (begin - 1, last)
    table = read_fcs(without_text_offsets(header_moved(content, *edges)))
    np.testing.assert_array_equal(table.raw(), floats)


def test_floats_shifted_by_a_byte_in_both_places_carry_a_warning():
    rng = np.random.default_rng(11)
    floats = rng.normal(1000.0, 300.0, size=(200, 3)).astype("<f4")
    content = two_places(floats.tobytes(), "F", 32, 3, 262144, "TEXT", 0, gap=9)
    begin, last = place(content)
    shifted = without_text_offsets(header_moved(content, begin + 1, last + 1))
    assert "EVENTS_IMPLAUSIBLE" in codes(read_fcs(shifted))


def test_text_that_claims_the_first_byte_of_data_gives_it_back(handmade):
    data = struct.pack("<6H", 7, 2, 3, 4, 5, 6)
    content = handmade(data)
    begin = place(content)[0]
    table = read_fcs(content[:18] + f"{begin:8d}".encode() + content[26:])
    assert table.raw().tolist() == [[7, 2], [3, 4], [5, 6]]
    assert "TEXT_END_OFF_BY_ONE" in codes(table)


def test_data_that_begins_on_the_last_delimiter_of_text_is_refused(handmade):
    content = handmade(offsets=False)
    begin, last = place(content)
    with pytest.raises(FcsError) as caught:
        read_fcs(header_moved(content, begin - 1, last - 1))
    assert caught.value.code == "SEGMENT_OVERLAP"


def test_a_file_without_events_is_read(handmade):
    for places in ((0, 0), ("", ""), None):
        content = handmade(b"", header_data=places)
        table = read_fcs(content)
        assert table.events.shape == (0, 2)
        assert table.raw().shape == (0, 2)
        assert table.column("C1").shape == (0,)


def test_a_missing_tot_of_fcs_20_is_counted(handmade):
    content = handmade(offsets=False, version="FCS2.0", extra={"$TOT": None})
    table = read_fcs(content)
    assert table.raw().tolist() == ROWS
    assert "TOT_MISSING" in codes(table)


def two_places(
    data, kind, bits, count, data_range, right, shift, *, names=None, gap=8, around=AROUND
):
    """A file whose HEADER and TEXT put DATA `shift` bytes apart, with other bytes around it."""
    names = names or [f"C{n}" for n in range(1, count + 1)]
    pairs = {"$PAR": count, "$TOT": len(data) // (bits // 8 * count), "$MODE": "L"}
    pairs |= {"$DATATYPE": kind, "$BYTEORD": "1,2,3,4"}
    for n, name in enumerate(names, start=1):
        pairs |= {f"$P{n}N": name, f"$P{n}B": bits, f"$P{n}R": data_range, f"$P{n}E": "0,0"}

    def text(begin):
        places = {"$BEGINDATA": f"{begin:06d}", "$ENDDATA": f"{begin + len(data) - 1:06d}"}
        return ("|" + "|".join(f"{k}|{v}" for k, v in (places | pairs).items()) + "|").encode()

    true = 58 + len(text(0)) + gap
    wrong = true + shift
    in_header, in_text = (true, wrong) if right == "HEADER" else (wrong, true)
    segment = text(in_text)
    places = (58, 57 + len(segment), in_header, in_header + len(data) - 1, 0, 0)
    head = ("FCS3.1    " + "".join(f"{p:8d}" for p in places)).encode()
    return head + segment + around[:gap] + data + around


def without_text_offsets(content):
    return content.replace(b"$BEGINDATA", b"$beginnone").replace(b"$ENDDATA", b"$endnone")


@pytest.mark.parametrize("version", ["FCS2.0", "FCS3.1"])
@pytest.mark.parametrize("data_type", ["I", "F"])
def test_no_single_wrong_digit_moves_the_events(version, data_type):
    rng = np.random.default_rng(8)
    options = {"bits": 16, "range": 1024}
    channels = [
        OutputChannel(name, rng.integers(0, 1024, 300), **options) for name in ("FSC-A", "PE-A")
    ]
    channels.append(OutputChannel("Time", np.arange(300), **options))
    file = io.BytesIO()
    write_fcs(file, channels, data_type=data_type, version=version)
    content = file.getvalue() + rng.integers(0, 256, 500).astype(np.uint8).tobytes()
    stored = read_fcs(content).raw()
    end_of_text = int(content[18:26])
    for at in range(10, end_of_text):
        if not 48 <= content[at] <= 57:
            continue
        digit = 48 + int(rng.integers(0, 10))
        try:
            table = read_fcs(content[:at] + bytes([digit]) + content[at + 1 :])
        except FcsError:
            continue
        np.testing.assert_array_equal(table.raw(), stored)
