"""What is written is what is read: over data types, widths, byte orders, delimiters and names."""

import io
import struct

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hladr.fcs import OutputChannel, read_fcs, write_fcs

WIDTHS = (8, 16, 24, 32, 64)
# A channel's name must not hold a comma ($SPILLOVER) nor be blank; anything else goes.
NAMES = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_characters=",/|\\!~\x7f"),
    min_size=1,
    max_size=12,
).filter(lambda name: name.strip() == name and name.isprintable())
VALUES = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_characters="$"), min_size=1
).filter(lambda value: value.isprintable())


def written(channels, **options):
    file = io.BytesIO()
    write_fcs(file, channels, **options)
    return file.getvalue()


@st.composite
def integer_channels(draw):
    n_events = draw(st.integers(0, 20))
    channels = []
    for n in range(draw(st.integers(1, 5))):
        bits = draw(st.sampled_from(WIDTHS))
        numbers = st.integers(0, 2**bits - 1)
        values = draw(st.lists(numbers, min_size=n_events, max_size=n_events))
        data_range = float(2 ** min(bits, 53))
        values = np.array(values, dtype=np.uint64)
        channels.append(OutputChannel(f"C{n}", values, bits=bits, range=data_range))
    return channels


@given(
    integer_channels(),
    st.sampled_from(["little", "big"]),
    st.sampled_from(["FCS2.0", "FCS3.0", "FCS3.1", "FCS3.2"]),
)
def test_integers_of_every_width_come_back(channels, byte_order, version):
    table = read_fcs(written(channels, data_type="I", byte_order=byte_order, version=version))
    assert table.version == version
    assert table.n_events == len(channels[0].values)
    raw = table.raw()
    for position, channel in enumerate(channels):
        assert [int(x) for x in raw[:, position]] == [int(x) for x in channel.values]


@given(
    st.lists(
        st.lists(st.floats(width=32), min_size=4, max_size=4),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(["little", "big"]),
    st.sampled_from(["F", "D"]),
)
def test_floats_come_back_bit_for_bit(columns, byte_order, data_type):
    channels = [OutputChannel(f"C{n}", np.array(c)) for n, c in enumerate(columns)]
    table = read_fcs(written(channels, data_type=data_type, byte_order=byte_order))
    for channel in channels:
        np.testing.assert_array_equal(table.column(channel.name), channel.values)
        lost = np.count_nonzero(~np.isfinite(channel.values))
        assert table.nonfinite(channel.name) == lost


@given(st.data(), st.sampled_from(["little", "big"]))
def test_mixed_types_of_fcs_32_come_back(data, byte_order):
    kinds = data.draw(st.lists(st.sampled_from("IFD"), min_size=2, max_size=6))
    channels = []
    for n, kind in enumerate(kinds):
        width = 32 if kind == "F" else 64
        floats = st.floats(allow_nan=False, width=width)
        one = st.integers(0, 2**24 - 1) if kind == "I" else floats
        values = np.array(data.draw(st.lists(one, min_size=3, max_size=3)))
        channels.append(OutputChannel(f"C{n}", values, bits=24, range=2**24, data_type=kind))
    content = written(channels, data_type="F", byte_order=byte_order, version="FCS3.2")
    table = read_fcs(content)
    for channel in channels:
        np.testing.assert_array_equal(table.column(channel.name), channel.values)


@example({}, ["SPILL"], None)
@example({}, ["A", "spillover"], "/")
@given(
    st.dictionaries(NAMES, VALUES, max_size=8),
    st.lists(NAMES, min_size=1, max_size=4, unique_by=str.lower),
    st.sampled_from([None, "/", "|", "\\", "!", "~"]),
)
def test_keywords_and_names_come_back(keywords, names, delimiter):
    keywords = {f"K{n}{name}": value for n, (name, value) in enumerate(keywords.items())}
    channels = [
        OutputChannel(name, np.arange(3.0), marker=name[::-1].strip() or None) for name in names
    ]
    if delimiter is not None and any(delimiter in name for name in keywords):
        return
    table = read_fcs(written(channels, keywords=keywords, delimiter=delimiter))
    assert {name: table.keywords[name] for name in keywords} == keywords
    assert [channel.name for channel in table.channels] == names
    assert [channel.marker for channel in table.channels] == [c.marker for c in channels]


@pytest.mark.parametrize("mark", [*"+?()[].^*&;:", "\x0c", "\t", "\n", "\r", "\x01"])
def test_any_character_may_be_the_delimiter(mark, handmade):
    table = read_fcs(handmade(delimiter=mark, extra={"NOTE": "plain"}))
    assert table.keyword("note") == "plain"
    assert table.raw().tolist() == [[1, 2], [3, 4], [5, 6]]


@pytest.mark.parametrize(("byte_order", "mark"), [("little", "<"), ("big", ">")])
def test_the_bytes_written_are_those_of_the_standard(byte_order, mark):
    channels = [
        OutputChannel("F", [1.5, -2.0], data_type="F"),
        OutputChannel("I", [0x1234, 7], bits=16, range=65536, data_type="I"),
        OutputChannel("T", [0x123456, 8], bits=24, range=2**24, data_type="I"),
        OutputChannel("D", [0.1, 1e300], data_type="D"),
    ]
    content = written(channels, data_type="I", byte_order=byte_order, version="FCS3.2")
    begin, last = int(content[26:34]), int(content[34:42])
    expected = b""
    for f, i, t, d in zip(*(channel.values for channel in channels), strict=True):
        expected += struct.pack(mark + "fH", f, i) + t.to_bytes(3, byte_order)
        expected += struct.pack(mark + "d", d)
    assert content[begin : last + 1] == expected
    assert read_fcs(content).events.T.tolist() == [list(c.values) for c in channels]


def test_settings_of_a_channel_come_back():
    channel = OutputChannel(
        "FL2-H", np.arange(5), "CD14", 16, 1024, amplification="4,1", gain=None, voltage=512.5
    )
    table = read_fcs(written([channel], data_type="I", version="FCS2.0"))
    read = table.channels[0]
    assert (read.name, read.marker, read.bits, read.range) == ("FL2-H", "CD14", 16, 1024.0)
    assert (read.log_decades, read.log_offset, read.gain, read.voltage) == (4.0, 1.0, None, 512.5)


def test_the_largest_numbers_of_each_type_come_back():
    for values, options in (
        (np.array([2**64 - 1, 0], np.uint64), {"data_type": "I"}),
        ([float(np.finfo(np.float32).max), -np.inf], {"data_type": "F"}),
        ([1e308, np.inf], {"data_type": "D"}),
    ):
        channel = OutputChannel("A", values, bits=64, range=2.0**64)
        stored = read_fcs(written([channel], **options)).raw()[:, 0]
        assert stored.tolist() == np.array(values).tolist()


def test_text_of_the_largest_size_comes_back():
    empty = written([OutputChannel("A", [1.0])], keywords={"K": "x"})
    room = (4 << 20) - (int(empty[18:26]) - int(empty[10:18]) + 1)
    content = written([OutputChannel("A", [1.0])], keywords={"K": "x" * (room + 1)})
    assert len(read_fcs(content).keyword("K")) == room + 1
    with pytest.raises(ValueError, match="4,194,304"):
        written([OutputChannel("A", [1.0])], keywords={"K": "x" * (room + 2)})


def test_the_same_call_gives_the_same_bytes_to_path_and_stream(tmp_path):
    channels = [OutputChannel("A", np.arange(100_000), bits=24, range=2**24)]
    write_fcs(tmp_path / "a.fcs", channels, data_type="I")
    assert (tmp_path / "a.fcs").read_bytes() == written(channels, data_type="I")


def test_flowio_reads_what_is_written():
    from flowio import FlowData

    rng = np.random.default_rng(5)
    channels = [OutputChannel(f"C{n}", rng.normal(size=70_000), gain=2.0) for n in range(3)]
    content = written(channels, keywords={"$CYT": "simulator"}, byte_order="big")
    theirs = FlowData(io.BytesIO(content))
    np.testing.assert_array_equal(theirs.as_array(), read_fcs(content).events)
    assert theirs.text["cyt"] == "simulator"


@pytest.mark.parametrize(
    ("channels", "options", "reason"),
    [
        ([], {}, "one length"),
        ([OutputChannel("A", [1]), OutputChannel("B", [1, 2])], {}, "one length"),
        ([OutputChannel("A", [[1]])], {}, "one-dimensional"),
        ([OutputChannel("A", [256], bits=8)], {"data_type": "I"}, "8 bits"),
        ([OutputChannel("A", [1.5])], {"data_type": "I"}, "whole numbers"),
        ([OutputChannel("A", [-1])], {"data_type": "I"}, "whole numbers"),
        ([OutputChannel("A", [1], bits=10)], {"data_type": "I"}, "bits must be"),
        ([OutputChannel("A", [1])], {"data_type": "A"}, "data type"),
        ([OutputChannel("A", [float("nan")])], {"data_type": "I"}, "whole numbers"),
        ([OutputChannel("A", [2**64], bits=64)], {"data_type": "I"}, "whole numbers"),
        ([OutputChannel("A", [2.0**64], bits=64)], {"data_type": "I"}, "whole numbers"),
        ([OutputChannel("A", [1e39])], {}, "below 3.4e38"),
        ([OutputChannel("A", [1], data_type="I")], {}, "needs FCS3.2"),
        ([OutputChannel("A", [1], data_type="D")], {"version": "FCS2.0"}, "needs FCS3.2"),
        ([OutputChannel("a,b", [1])], {}, "commas"),
        ([OutputChannel(" A", [1])], {}, "blanks"),
        ([OutputChannel("", [1])], {}, "name"),
        ([OutputChannel("A", [1], range=float("nan"))], {}, "finite"),
        ([OutputChannel("A", [1], range=float("inf"))], {}, "finite"),
        ([OutputChannel("A", [1], gain=float("nan"))], {}, "finite"),
        ([OutputChannel("A", [1], voltage=float("inf"))], {}, "finite"),
        ([OutputChannel("A", [1], amplification="x")], {}, "decades and offset"),
        ([OutputChannel("A", [1], amplification="4")], {}, "decades and offset"),
        ([OutputChannel("A", [1], amplification="-4,1")], {}, "decades and offset"),
        ([OutputChannel("A", [1])], {"keywords": {"a": "1", "A": "2"}}, "upper and lower"),
        ([OutputChannel("A", [1])], {"keywords": {"K ": "1"}}, "blanks"),
        ([OutputChannel("A", [1])], {"keywords": {"K": "\ud800"}}, "Unicode"),
        ([OutputChannel("A", [1])], {"keywords": {"K": "x" * (4 << 20)}}, "4,194,304"),
        ([OutputChannel("A", [1])], {"version": "FCS1.0"}, "version"),
        ([OutputChannel("A", [1])], {"keywords": {"$TOT": "7"}}, "writer sets"),
        ([OutputChannel("A", [1])], {"keywords": {"$p1r": "7"}}, "writer sets"),
        ([OutputChannel("A", [1])], {"keywords": {"NOTE": ""}}, "empty"),
        ([OutputChannel("A", [1])], {"delimiter": "$"}, "delimiter"),
        ([OutputChannel("A", [1])], {"delimiter": "//"}, "delimiter"),
    ],
)
def test_the_writer_refuses_what_would_not_come_back(channels, options, reason):
    with pytest.raises(ValueError, match=reason):
        written(channels, **options)
