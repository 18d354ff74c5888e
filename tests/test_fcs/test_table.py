"""An event table: its columns, channels by name, and keywords."""

import io
import math
import struct

import numpy as np
import pytest

from hladr.fcs import (
    AmbiguousChannel,
    ChannelNotFound,
    EventTable,
    OutputChannel,
    read_fcs,
    write_fcs,
)


def codes(table):
    return {finding.code for finding in table.findings}


def stored(channel, **options):
    file = io.BytesIO()
    write_fcs(file, [channel], **options)
    return read_fcs(file.getvalue())


def test_nan_and_infinity_are_kept_and_counted():
    values = [1.0, math.nan, math.inf, -math.inf, 2.0]
    table = stored(OutputChannel("A", values))
    np.testing.assert_array_equal(table.column("A"), values)
    assert table.nonfinite("A") == 3


def test_a_signalling_nan_is_kept_without_a_word(handmade):
    data = struct.pack("<4I", 0x7F800001, 0x3F800000, 0xFF800001, 0x40000000)
    table = read_fcs(handmade(data, bits=32, data_type="F", data_range=262144))
    assert np.isnan(table.column("C1")).all()
    assert table.column("C2").tolist() == [1.0, 2.0]


def test_columns_events_and_raw_are_closed_for_writing():
    table = stored(OutputChannel("A", [1.0, 2.0]))
    for array in (table.column("A"), table.events, table.raw()):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 9.0
    assert table.column("A").tolist() == [1.0, 2.0]


def test_events_are_the_columns_side_by_side(handmade):
    table = read_fcs(handmade(extra={"$P2E": "4,1"}))
    assert table.events.dtype == np.float64
    for channel in table.channels:
        np.testing.assert_array_equal(table.events[:, channel.index], table.column(channel))


def test_several_channels_in_one_pass_are_the_same_columns(handmade):
    numbers = np.random.default_rng(1).integers(0, 1024, (40_000, 2)).astype("<u2")
    table = read_fcs(handmade(numbers.tobytes(), extra={"$P2E": "4,1"}))
    second, first = table.columns(["c2", table.channels[0]])
    np.testing.assert_array_equal(first, numbers[:, 0])
    np.testing.assert_allclose(second, 10.0 ** (4.0 * numbers[:, 1] / 1024))
    np.testing.assert_array_equal(table.events, np.column_stack((first, second)))


def test_channels_are_found_whatever_the_case():
    table = EventTable.from_columns({"PE-A": [1.0], "fitc-a": [2.0]})
    assert table.channel("pe-a").name == "PE-A"
    assert table.column("FITC-A ").tolist() == [2.0]


def test_a_channel_that_is_not_there_is_named_with_those_that_are():
    table = EventTable.from_columns({"PE-A": [1.0], "FITC-A": [2.0]}, name="patient.fcs")
    with pytest.raises(ChannelNotFound, match=r"'APC-A'.*'patient\.fcs'.*'PE-A', 'FITC-A'"):
        table.column("APC-A")


def test_a_name_of_two_channels_is_refused_with_their_places(handmade):
    table = read_fcs(handmade(extra={"$P1N": "PE-A", "$P2N": "PE-A"}))
    assert "REPEATED_NAMES" in codes(table)
    with pytest.raises(AmbiguousChannel, match=r"\$P1N, \$P2N"):
        table.column("PE-A")
    assert table.column(table.channels[1]).tolist() == [2.0, 4.0, 6.0]


def test_of_two_names_that_differ_by_case_the_exact_one_is_meant(handmade):
    table = read_fcs(handmade(extra={"$P1N": "FL1", "$P2N": "fl1"}))
    assert table.column("fl1").tolist() == [2.0, 4.0, 6.0]
    with pytest.raises(AmbiguousChannel):
        table.column("Fl1")


def test_a_channel_of_another_table_is_refused(handmade):
    table = read_fcs(handmade())
    other = read_fcs(handmade(extra={"$P1N": "PE-A"}))
    with pytest.raises(ChannelNotFound):
        table.column(other.channels[0])


@pytest.mark.parametrize("name", [None, " "])
def test_a_channel_without_a_name_gets_its_marker_or_number(name, handmade):
    table = read_fcs(handmade(extra={"$P1N": name, "$P2N": name, "$P2S": "CD14"}))
    assert [channel.name for channel in table.channels] == ["P1", "CD14"]
    assert "NAMELESS_CHANNELS" in codes(table)


def test_keywords_are_looked_up_without_case_and_blanks(handmade):
    table = read_fcs(handmade(extra={"$Cyt": "  FACSCanto II ", "$SRC": "  "}))
    assert table.keyword("$CYT") == "FACSCanto II"
    assert table.keyword("$src") is None
    assert table.keyword("$nothing") is None
    assert table.keywords["$Cyt"] == "  FACSCanto II "


def test_spaces_in_numbers_do_not_matter(handmade):
    extra = {"$TOT": "3       ", "$PAR": " 2", "$P1R": "   1024 ", "$P1V": "  400.000"}
    table = read_fcs(handmade(extra=extra))
    assert table.n_events == 3
    assert table.channels[0].voltage == 400.0


def test_a_table_in_memory_is_as_one_from_a_float_file():
    columns = {"PE-A": [4.0, math.nan], "Time": [0.0, 5.0]}
    keywords = {"$P1V": "500", "$P1G": "2", "$TIMESTEP": "0.1", "$CYT": "simulator"}
    table = EventTable.from_columns(columns, markers={"PE-A": "HLA-DR"}, keywords=keywords)
    np.testing.assert_array_equal(table.column("PE-A"), [2.0, math.nan])
    assert table.column("Time").tolist() == [0.0, 0.5]
    assert (table.channels[0].marker, table.channels[0].voltage) == ("HLA-DR", 500.0)
    assert table.keyword("$cyt") == "simulator"
    assert table.sha256 != EventTable.from_columns({"PE-A": [4.0]}).sha256
