"""Lies and damage: each is refused by its code, quickly, and nothing is allocated on its word."""

import io
import pickle
import struct
import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.errors import HladrError
from hladr.fcs import EventTable, FcsError, OutputChannel, errors, read_fcs, write_fcs

SOUND = [[1, 2], [3, 4], [5, 6]]


def refused(content):
    with pytest.raises(FcsError) as caught:
        read_fcs(content)
    return caught.value.code


@pytest.mark.parametrize(
    ("lie", "code"),
    [
        ({"n_events": 10**9}, "TOT_MISMATCH"),
        ({"n_events": 2**63}, "TOT_MISMATCH"),
        ({"n_events": 10**39}, "TOT_MISMATCH"),
        ({"n_events": -5}, "TOT_MISMATCH"),
        ({"n_events": 2}, "TOT_MISMATCH"),
        ({"n_events": 4}, "TOT_MISMATCH"),
        ({"n_events": 0}, "TOT_MISMATCH"),
        ({"n_events": "many"}, "KEYWORD_INVALID"),
        ({"n_events": "nan"}, "KEYWORD_INVALID"),
        ({"extra": {"$TOT": None}}, "KEYWORD_MISSING"),
        ({"extra": {"$PAR": 10**7}}, "LIMIT_EXCEEDED"),
        ({"extra": {"$PAR": 4097}}, "LIMIT_EXCEEDED"),
        ({"extra": {"$PAR": 0}}, "KEYWORD_INVALID"),
        ({"extra": {"$PAR": -1}}, "KEYWORD_INVALID"),
        ({"extra": {"$PAR": 3}}, "KEYWORD_MISSING"),
        ({"extra": {"$PAR": 1}}, "TOT_MISMATCH"),
        ({"extra": {"$MODE": "C"}}, "UNSUPPORTED_MODE"),
        ({"extra": {"$MODE": "U"}}, "UNSUPPORTED_MODE"),
        ({"data_type": "X"}, "UNSUPPORTED_DATA_TYPE"),
        ({"extra": {"$P2DATATYPE": "A"}}, "UNSUPPORTED_DATA_TYPE"),
        ({"extra": {"$DATATYPE": None}}, "KEYWORD_MISSING"),
        ({"byte_order": "3,4,1,2"}, "UNSUPPORTED_BYTE_ORDER"),
        ({"byte_order": "2,1,4,3"}, "UNSUPPORTED_BYTE_ORDER"),
        ({"byte_order": "1,1"}, "UNSUPPORTED_BYTE_ORDER"),
        ({"byte_order": "little"}, "UNSUPPORTED_BYTE_ORDER"),
        ({"extra": {"$BYTEORD": None}}, "KEYWORD_MISSING"),
        ({"data_range": 0}, "KEYWORD_INVALID"),
        ({"data_range": -1}, "KEYWORD_INVALID"),
        ({"data_range": 1}, "KEYWORD_INVALID"),
        ({"data_range": "nan"}, "KEYWORD_INVALID"),
        ({"data_range": "1e300"}, "KEYWORD_INVALID"),
        ({"extra": {"$P2R": None}}, "KEYWORD_MISSING"),
        ({"extra": {"$P1B": 10**9}}, "UNSUPPORTED_WIDTH"),
        ({"extra": {"$P1B": 0}}, "UNSUPPORTED_WIDTH"),
        ({"extra": {"$P1B": -16}}, "UNSUPPORTED_WIDTH"),
        ({"extra": {"$P1B": "wide"}}, "UNSUPPORTED_WIDTH"),
        ({"extra": {"$P1B": 33}}, "UNSUPPORTED_WIDTH"),
        ({"extra": {"$P1B": None}}, "KEYWORD_MISSING"),
        ({"extra": {"$P1E": "400,1"}}, "KEYWORD_INVALID"),
        ({"extra": {"$P1E": "-4,1"}}, "KEYWORD_INVALID"),
        ({"extra": {"$P1E": "4,-1"}}, "KEYWORD_INVALID"),
        ({"extra": {"$P1E": "4,1e300"}}, "KEYWORD_INVALID"),
        ({"extra": {"$P1E": "inf,1"}}, "KEYWORD_INVALID"),
        ({"extra": {"$P1E": "log"}}, "KEYWORD_INVALID"),
        ({"extra": {"$P1G": "1e-300"}}, "KEYWORD_INVALID"),
        ({"extra": {"$P1G": "-2"}}, "KEYWORD_INVALID"),
        ({"version": "FCS1.0"}, "UNSUPPORTED_VERSION"),
        ({"version": "FCS4.0"}, "UNSUPPORTED_VERSION"),
        ({"version": "fcs3.1"}, "NOT_FCS"),
        ({"header_text": (58, 99999999)}, "LIMIT_EXCEEDED"),
        ({"header_text": (58, 9999)}, "TRUNCATED_TEXT"),
        ({"header_text": (300, 200)}, "HEADER_INVALID"),
        ({"header_text": (0, 300)}, "SEGMENT_OVERLAP"),
        ({"header_text": ("", "")}, "HEADER_INVALID"),
        ({"header_text": (-58, 300)}, "HEADER_INVALID"),
        ({"offsets": False, "header_data": (0, 0)}, "DATA_OFFSETS_MISSING"),
        ({"offsets": False, "header_data": ("x", "y")}, "DATA_OFFSETS_MISSING"),
        ({"offsets": False, "header_data": (500, 400)}, "DATA_OFFSETS_MISSING"),
        ({"offsets": False, "header_data": (100, 111)}, "SEGMENT_OVERLAP"),
        ({"offsets": False, "header_data": (0, 11)}, "SEGMENT_OVERLAP"),
        ({"offsets": False, "header_data": (40, 51)}, "SEGMENT_OVERLAP"),
        ({"offsets": False, "header_data": (5000, 5011)}, "TRUNCATED_DATA"),
        ({"offsets": False, "header_data": (320, 99999999)}, "TRUNCATED_DATA"),
    ],
)
def test_a_lie_is_refused_by_its_code(lie, code, handmade):
    lie = dict(lie)
    extra = dict(lie.pop("extra", {}))
    if isinstance(lie.get("n_events"), str):
        extra["$TOT"] = lie.pop("n_events")
    assert refused(handmade(extra=extra, **lie)) == code


@pytest.mark.parametrize("content", [b"", b"FCS", b"FCS3.1", b"PK\x03\x04" * 50, b"\0" * 500])
def test_what_is_no_fcs_file_is_refused(content):
    assert refused(content) == "NOT_FCS"


def test_a_file_cut_anywhere_is_refused(handmade):
    content = handmade()
    for length in range(len(content)):
        with pytest.raises(FcsError):
            read_fcs(content[:length])
    assert refused(content[:-1]) == "TRUNCATED_DATA"
    assert refused(content[:200]) == "TRUNCATED_TEXT"


def test_a_promise_of_terabytes_costs_no_memory(handmade):
    for lie in ({"n_events": 10**12}, {"extra": {"$PAR": 10**8}}, {"extra": {"$P1B": 2**40}}):
        tracemalloc.start()
        refused(handmade(**lie))
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 1_000_000


@pytest.mark.parametrize("body", [b"a/", b"//", b"/$P1N", b"$PAR/4096/", b"x/$P9999B/"])
def test_the_longest_text_is_judged_within_a_second(body, handmade):
    text = b"/" + (body * (4 * 1024 * 1024 // len(body)))[: 4 * 1024 * 1024 - 2]
    content = handmade(text=text)
    started = time.perf_counter()
    with pytest.raises(FcsError):
        read_fcs(content)
    assert time.perf_counter() - started < 1.0


def test_longer_text_is_not_read(handmade):
    assert refused(handmade(text=b"/a" * (2 * 1024 * 1024 + 8))) == "LIMIT_EXCEEDED"


@settings(max_examples=400)
@given(st.data())
def test_bytes_changed_at_random_give_a_table_or_an_fcs_error(data):
    content = bytearray(SAMPLE)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(len(content) // 2, len(content)))
    try:
        table = read_fcs(bytes(content[:end]))
    except FcsError:
        return
    assert table.events.shape == (table.n_events, len(table.channels))
    assert table.raw().shape == table.events.shape


@settings(max_examples=300)
@given(
    st.dictionaries(
        st.sampled_from(
            (
                "$PAR",
                "$TOT",
                "$MODE",
                "$DATATYPE",
                "$BYTEORD",
                "$NEXTDATA",
                "$TIMESTEP",
                "$P1B",
                "$P1R",
                "$P1E",
                "$P1G",
                "$P1V",
                "$P1N",
                "$P1S",
                "$P2B",
                "$P2DATATYPE",
                "$ENDDATA",
                "$BEGINDATA",
                "$BEGINSTEXT",
                "$ENDSTEXT",
                "$BEGINANALYSIS",
                "$ENDANALYSIS",
            )
        ),
        st.one_of(
            st.integers(-(2**70), 2**70).map(str),
            st.floats().map(repr),
            st.text(max_size=5),
            st.sampled_from(["0,0", "4,1", "4,0", "1,2,3,4", "*", "I", "F", "D", "A", "L", "²"]),
        ).filter(lambda value: "/" not in value),
        min_size=1,
        max_size=4,
    )
)
def test_any_value_of_a_keyword_gives_a_table_or_an_fcs_error(changes):
    content = plain(extra=changes)
    try:
        table = read_fcs(content)
    except FcsError:
        return
    assert table.events.shape == (table.n_events, len(table.channels))
    for channel in table.channels:
        assert table.top(channel) is None or np.isfinite(table.top(channel))


def sample():
    file = io.BytesIO()
    channels = [OutputChannel(f"C{n}", np.arange(4), bits=8 * (n + 1), range=16) for n in range(4)]
    write_fcs(file, channels, data_type="I", keywords={"$CYT": "x", "$SPILLOVER": "1,C0,1"})
    return file.getvalue()


SAMPLE = sample()


def plain(*, extra):
    """Build what the fixture builds; Hypothesis would not renew a fixture for each example."""
    data = struct.pack("<6H", 1, 2, 3, 4, 5, 6)
    pairs = {"$PAR": "2", "$TOT": "3", "$MODE": "L", "$DATATYPE": "I", "$BYTEORD": "1,2,3,4"}
    for n in (1, 2):
        pairs |= {f"$P{n}N": f"C{n}", f"$P{n}B": "16", f"$P{n}R": "1024", f"$P{n}E": "0,0"}
    text = "/" + "/".join(token for pair in (pairs | extra).items() for token in pair) + "/"
    raw = text.encode()
    begin = 58 + len(raw)
    places = (58, begin - 1, begin, begin + len(data) - 1, 0, 0)
    return ("FCS3.1    " + "".join(f"{place:8d}" for place in places)).encode() + raw + data


def test_the_sound_file_of_these_tests_is_read(handmade):
    assert read_fcs(handmade()).raw().tolist() == SOUND
    assert read_fcs(plain(extra={})).raw().tolist() == SOUND
    assert read_fcs(handmade()).findings == ()


@pytest.mark.parametrize("path", ["/no/such/file.fcs", "/", "a\0b"])
def test_a_path_that_cannot_be_opened_is_refused(path):
    assert refused(path) == "FILE_UNREADABLE"


def test_text_streams_and_numbers_are_the_callers_mistake():
    with pytest.raises(TypeError, match="binary"):
        read_fcs(io.StringIO("FCS3.1"))
    with pytest.raises(TypeError, match="path, bytes or a binary file"):
        read_fcs(3)


def leaves(kind):
    below = kind.__subclasses__()
    return [leaf for one in below for leaf in leaves(one)] if below else [kind]


def test_every_leaf_of_the_tree_has_a_code_of_its_own_and_stands_in_the_drawing():
    found = leaves(errors.FcsError) + leaves(errors.ChannelError)
    codes = [leaf.code for leaf in found]
    assert len(set(codes)) == len(codes)
    for leaf in found:
        assert leaf.__name__ in errors.__doc__
        assert leaf.code in errors.__doc__


def test_errors_survive_the_way_out_of_a_worker(handmade):
    with pytest.raises(FcsError) as caught:
        read_fcs(handmade(n_events=7))
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 -- our own bytes
    assert type(again) is errors.TotMismatch
    assert isinstance(again, HladrError)
    assert (again.events, str(again)) == (7, str(caught.value))


def test_a_sentence_escapes_control_characters_and_stays_short(handmade):
    with pytest.raises(FcsError) as caught:
        read_fcs(handmade(extra={"$MODE": "\x1b[31m" + "x" * 5000}))
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_a_table_in_memory_needs_columns_of_one_length():
    with pytest.raises(ValueError, match="one length"):
        EventTable.from_columns({"A": [1.0], "B": [1.0, 2.0]})
    with pytest.raises(ValueError, match="at least one"):
        EventTable.from_columns({})
