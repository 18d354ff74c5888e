"""DATA in ASCII, $DATATYPE A: of fixed width and between delimiters."""

import pytest

from hladr.fcs import FcsError, read_fcs

FREE = {"$P1B": "*", "$P2B": "*"}


def test_numbers_between_delimiters_are_read(handmade):
    data = b"1,22 333\r\n4,  5\t66"
    table = read_fcs(handmade(data, data_type="A", n_events=3, bits=8, extra=FREE))
    assert table.events.tolist() == [[1, 22], [333, 4], [5, 66]]
    assert table.raw().tolist() == [[1, 22], [333, 4], [5, 66]]


def test_numbers_of_fixed_width_are_read(handmade):
    data = b"  123456 7 8 99"
    extra = {"$P1B": 3, "$P2B": 2}
    table = read_fcs(handmade(data, data_type="A", n_events=3, bits=8, extra=extra))
    assert table.events.tolist() == [[1, 23], [456, 7], [8, 99]]


@pytest.mark.parametrize(
    ("data", "bits", "code"),
    [
        (b"1,22 333 4 5", "*", "TOT_MISMATCH"),
        (b"1,2,3,4,5,6,7", "*", "TOT_MISMATCH"),
        (b"1,2,3,4,x,6", "*", "ASCII_DATA_INVALID"),
        (b"1,2,3,4,5,-6", "*", "ASCII_DATA_INVALID"),
        (b"1,2,3,4,5," + b"9" * 20, "*", "ASCII_DATA_INVALID"),
        (b" 1 2 3 4 x 6", "2", "ASCII_DATA_INVALID"),
        (b" 1 2 3 4   6", "2", "ASCII_DATA_INVALID"),
        (b"1 2  3  4  5  6  7", "3", "ASCII_DATA_INVALID"),
        (b" 1 2 3 4 5 6", "3", "TOT_MISMATCH"),
        (b" 1 2 3 4 5 6", "33", "UNSUPPORTED_WIDTH"),
        (b" 1 2 3 4 5 6", "0", "UNSUPPORTED_WIDTH"),
    ],
)
def test_what_is_not_the_promised_numbers_is_refused(data, bits, code, handmade):
    extra = {"$P1B": bits, "$P2B": bits}
    with pytest.raises(FcsError) as caught:
        read_fcs(handmade(data, data_type="A", n_events=3, bits=8, extra=extra))
    assert caught.value.code == code


def test_the_better_of_two_places_is_read(handmade):
    """HEADER and TEXT differ; the numbers in one of them are as many as promised."""
    data = b"1,2\r\n3,4\r\n5,6"
    content = handmade(data, data_type="A", n_events=3, bits=8, extra=FREE, tail=bytes(600))
    last = int(content[34:42])
    for wrong, code in (
        (last - 5, "DATA_OFFSETS_DISAGREE"),
        (last - 1, "DATA_OFFSETS_DISAGREE"),
        (last + 500, "DATA_SURPLUS"),
    ):
        table = read_fcs(content[:34] + f"{wrong:8d}".encode() + content[42:])
        assert table.events.tolist() == [[1, 2], [3, 4], [5, 6]]
        assert {finding.code for finding in table.findings} == {code}


def test_an_end_past_the_end_of_the_file_is_a_finding(handmade):
    data = b"1,2\r\n3,4\r\n5,6"
    content = handmade(data, data_type="A", n_events=3, bits=8, extra=FREE, offsets=False)
    last = int(content[34:42])
    table = read_fcs(content[:34] + f"{last + 1:8d}".encode() + content[42:])
    assert table.events.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert {finding.code for finding in table.findings} == {"DATA_END_OFF_BY_ONE"}


def test_blanks_without_end_are_no_numbers(handmade):
    data = b"1 2 3 4 5 6" + b" " * 5000
    with pytest.raises(FcsError, match="5011 bytes for 6") as caught:
        read_fcs(handmade(data, data_type="A", n_events=3, bits=8, extra=FREE))
    assert caught.value.code == "ASCII_DATA_INVALID"


def test_a_sentence_counts_numbers_as_numbers(handmade):
    with pytest.raises(FcsError, match=r"3 events of 2 numbers, 6 in all; .* no more than 5"):
        read_fcs(handmade(b"1,22 333 4 5", data_type="A", n_events=3, bits=8, extra=FREE))


LONG = 400_000


@pytest.mark.parametrize("width", ["*", "2"])
def test_of_long_data_the_first_column_tells_what_opening_did_not_read(width, handmade):
    """Opening looks at a megabyte, half of it at the end."""
    extra = {"$P1B": width, "$P2B": width}
    data = bytearray(b" 1 2" * LONG)
    sound = handmade(bytes(data), data_type="A", n_events=LONG, bits=8, extra=extra)
    table = read_fcs(sound)
    assert table.column("C2").tolist() == [2.0] * LONG
    data[2 * LONG + 3] = ord("x")
    table = read_fcs(handmade(bytes(data), data_type="A", n_events=LONG, bits=8, extra=extra))
    assert table.n_events == LONG
    with pytest.raises(FcsError) as caught:
        table.column("C2")
    assert caught.value.code == "ASCII_DATA_INVALID"
    for at in (3, len(data) - 1):
        data[at] = ord("x")
        with pytest.raises(FcsError):
            read_fcs(handmade(bytes(data), data_type="A", n_events=LONG, bits=8, extra=extra))
        data[at] = ord("2")


def test_numbers_too_few_in_long_data_are_found_with_the_first_column(handmade):
    table = read_fcs(handmade(b" 1 2" * LONG, data_type="A", n_events=LONG - 1, bits=8, extra=FREE))
    with pytest.raises(FcsError) as caught:
        table.column("C1")
    assert caught.value.code == "TOT_MISMATCH"


def test_numbers_that_exceed_their_range_or_a_float_are_said(handmade):
    data = b"9007199254740993 9 1025 9 5 9"
    table = read_fcs(handmade(data, data_type="A", n_events=3, bits=8, extra=FREE))
    assert {f.code: str(f.severity) for f in table.findings} == {
        "NUMBERS_ABOVE_RANGE": "note",
        "INTEGERS_ROUNDED": "note",
    }
    assert table.raw()[0, 0] == 9007199254740993
    assert table.column("C1")[1] == 1025.0
