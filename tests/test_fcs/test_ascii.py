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
