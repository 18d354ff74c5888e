"""Files of several data sets: $NEXTDATA chains and Beckman LMD."""

import struct

import numpy as np
import pytest

from hladr.fcs import FcsError, read_fcs


def codes(table):
    return {finding.code for finding in table.findings}


def chained(*sets):
    """Files one after the other; each is a function of the offset to the next."""
    contents = [make(0) for make in sets]
    return b"".join(
        make(0 if position == len(sets) - 1 else len(contents[position]))
        for position, make in enumerate(sets)
    )


def member(handmade, **options):
    extra = options.pop("extra", {})
    return lambda step: handmade(extra={**extra, "$NEXTDATA": f"{step:08d}"}, **options)


COARSE_NAMES = {"$P1N": "FS Lin", "$P2N": "FL2 Log", "$P2S": "HLA-DR-PE", "$P2E": " 4.0,0.1024"}
COARSE = COARSE_NAMES | {"$P2V": "346", "$CYT": "Cytomics FC 500", "$DFC1TO2": "12.50"}
FINE_DATA = struct.pack("<6I", 100_000, 200_000, 300_000, 400_000, 500_000, 600_000)


def lmd(handmade):
    first = member(handmade, version="FCS2.0", extra=COARSE, offsets=False)
    fine_names = {"$P1N": "FS", "$P2N": "FL2"}
    fine = {"bits": 32, "data_range": 1048576, "version": "FCS3.0", "extra": fine_names}
    return chained(first, member(handmade, data=FINE_DATA, **fine))


def test_an_lmd_gives_its_full_resolution_with_names_and_voltages_of_the_other(handmade):
    table = read_fcs(lmd(handmade))
    assert table.column("FL2").tolist() == [200_000.0, 400_000.0, 600_000.0]
    assert table.channel("FL2").marker == "HLA-DR-PE"
    assert table.channel("FL2").voltage == 346.0
    assert table.channel("FS").marker is None
    assert table.version == "FCS3.0"
    assert "FULL_RESOLUTION_DATASET" in codes(table)


def test_the_other_data_set_of_an_lmd_answers_for_missing_keywords_only(handmade):
    table = read_fcs(lmd(handmade))
    assert table.keyword("$CYT") == "Cytomics FC 500"
    assert table.keyword("$P2S") is None
    assert table.keyword("$P2E") == "0,0"
    assert "$CYT" not in table.keywords


def test_a_data_set_may_be_asked_for_by_number(handmade):
    content = lmd(handmade)
    assert read_fcs(content, dataset=0).channel("FL2 Log").marker == "HLA-DR-PE"
    assert read_fcs(content, dataset=1).channel("FL2").marker == "HLA-DR-PE"
    for wrong in (2, -1):
        with pytest.raises(FcsError) as caught:
            read_fcs(content, dataset=wrong)
        assert caught.value.code == "DATASET_NOT_FOUND"


def test_two_markers_on_one_detector_are_not_guessed_between(handmade):
    coarse = COARSE | {"$P1N": "FL2 Lin", "$P1S": "CD14-PE", "$P1V": "346"}
    first = member(handmade, version="FCS2.0", extra=coarse, offsets=False)
    fine = {"bits": 32, "data_range": 1048576, "extra": {"$P1N": "FS", "$P2N": "FL2"}}
    table = read_fcs(chained(first, member(handmade, data=FINE_DATA, **fine)))
    assert table.channel("FL2").marker is None
    assert table.channel("FL2").voltage == 346.0


def test_measurements_of_different_tubes_give_the_first_and_a_warning(handmade):
    other = struct.pack("<4H", 9, 9, 9, 9)
    table = read_fcs(chained(member(handmade), member(handmade, data=other)))
    assert table.raw().tolist() == [[1, 2], [3, 4], [5, 6]]
    severities = {f.code: f.severity for f in table.findings}
    assert severities["SEVERAL_DATASETS"] == "warn"


@pytest.mark.parametrize("step", [1, 57, 200, 10_000, 10**12])
def test_a_chain_that_leads_nowhere_is_reported_and_the_first_set_read(step, handmade):
    table = read_fcs(handmade(extra={"$NEXTDATA": step}, tail=b"\0" * 500))
    assert table.raw().tolist() == [[1, 2], [3, 4], [5, 6]]
    assert "NEXT_DATASET_UNREADABLE" in codes(table)


def test_an_lmd_cut_short_does_not_pass_for_its_first_data_set(handmade):
    content = lmd(handmade)
    second = content.rindex(b"FCS3.0")
    for length in range(second + 58, len(content)):
        with pytest.raises(FcsError) as caught:
            read_fcs(content[:length])
        assert caught.value.code in ("TRUNCATED_TEXT", "TRUNCATED_DATA")
    for length in (second + 1, second + 57):
        severities = {f.code: f.severity for f in read_fcs(content[:length]).findings}
        assert severities["NEXT_DATASET_UNREADABLE"] == "warn"
    assert read_fcs(content[: second + 100], dataset=0).n_events == 3


def test_a_next_that_is_the_end_of_the_file_is_a_note(handmade):
    whole = member(handmade)
    severities = {f.code: f.severity for f in read_fcs(whole(len(whole(0)))).findings}
    assert severities == {"NEXT_DATASET_UNREADABLE": "note"}


@pytest.mark.parametrize("step", [-1, "", "x", "-300", "0"])
def test_a_next_that_is_no_offset_ends_the_chain(step, handmade):
    assert read_fcs(handmade(extra={"$NEXTDATA": step})).n_events == 3


def test_a_chain_of_thousands_is_refused(handmade):
    link = member(handmade, data=struct.pack("<2H", 1, 2))
    content = link(len(link(0))) * 1100
    with pytest.raises(FcsError) as caught:
        read_fcs(content)
    assert caught.value.code == "LIMIT_EXCEEDED"


def test_declared_bits_that_are_no_bytes_are_read_in_the_bytes_they_take(handmade):
    data = struct.pack("<6H", 1, 0xFC00 | 2, 3, 4, 5, 6)
    table = read_fcs(handmade(data, extra={"$P1B": 10, "$P2B": 10}))
    np.testing.assert_array_equal(table.events, [[1, 2], [3, 4], [5, 6]])
    assert "WIDTH_PADDED" in codes(table)


def test_twelve_bits_in_three_bytes_do_not_pass_for_twelve_bits_in_two(handmade):
    data = bytes(range(18))
    table = read_fcs(handmade(data, bits=24, data_range=2**20, extra={"$P1B": 20, "$P2B": 20}))
    low = [int.from_bytes(data[n : n + 3], "little") & 0xFFFFF for n in range(0, 18, 3)]
    assert table.events.ravel().tolist() == low


def test_a_time_of_many_bits_does_not_hide_the_full_resolution(handmade):
    coarse = {**COARSE_NAMES, "$P1N": "TIME", "$P1R": "1048576"}
    fine = {"$P1N": "TIME", "$P2N": "FL2"}
    first = member(handmade, version="FCS2.0", extra=coarse, offsets=False)
    second = member(handmade, data=FINE_DATA, bits=32, data_range=1048576, extra=fine)
    table = read_fcs(chained(first, second))
    assert table.column("FL2").tolist() == [200_000.0, 400_000.0, 600_000.0]
    assert "FULL_RESOLUTION_DATASET" in codes(table)


@pytest.mark.parametrize("step", ["-5", "abc", "1e9"])
def test_a_next_that_is_no_offset_is_said(step, handmade):
    severities = {
        f.code: f.severity for f in read_fcs(handmade(extra={"$NEXTDATA": step})).findings
    }
    assert severities == {"NEXT_DATASET_UNREADABLE": "note"}


@pytest.mark.parametrize(("left", "severity"), [(500, "warn"), (8, "note")])
def test_bytes_that_no_segment_accounts_for_make_a_broken_chain_a_warning(left, severity, handmade):
    table = read_fcs(handmade(extra={"$NEXTDATA": 60}, tail=b"\1" * left))
    assert {f.code: f.severity for f in table.findings} == {"NEXT_DATASET_UNREADABLE": severity}


@pytest.mark.parametrize("between", [b"", b"00000000", b"\0" * 500])
def test_files_joined_end_to_end_are_a_warning(between, handmade):
    table = read_fcs(handmade() + between + handmade())
    assert table.raw().tolist() == [[1, 2], [3, 4], [5, 6]]
    assert {f.code: f.severity for f in table.findings} == {"DATASET_UNANNOUNCED": "warn"}


def three_sets(handmade):
    """Data sets of one length, whose $NEXTDATA counts from the start of the file."""
    datas = [struct.pack("<6H", *range(n, n + 6)) for n in (1, 11, 21)]
    length = len(member(handmade)(0))
    steps = (length, 2 * length, 0)
    return b"".join(
        member(handmade, data=data)(step) for data, step in zip(datas, steps, strict=True)
    )


def test_a_chain_that_counts_from_the_start_of_the_file_is_followed(handmade):
    content = three_sets(handmade)
    assert read_fcs(content, dataset=2).raw().tolist() == [[21, 22], [23, 24], [25, 26]]
    assert {"OFFSETS_ABSOLUTE", "SEVERAL_DATASETS"} == codes(read_fcs(content))


def test_offsets_that_count_from_the_start_of_the_file_are_read(handmade):
    first = member(handmade)
    begin = len(first(0))
    data = struct.pack("<6H", *range(11, 17))
    second = member(handmade, data=data)(0)
    places = [int(second[at : at + 8]) + begin for at in (10, 18, 26, 34)]
    moved = b"".join(b"%8d" % place for place in places)
    text = second[58:]
    for name, place in ((b"$BEGINDATA", places[2]), (b"$ENDDATA", places[3])):
        at = text.index(name) + len(name) + 1
        text = text[:at] + b"%08d" % place + text[at + 8 :]
    table = read_fcs(first(begin) + second[:10] + moved + second[42:58] + text, dataset=1)
    assert table.raw().tolist() == [[11, 12], [13, 14], [15, 16]]
    assert codes(table) == {"OFFSETS_ABSOLUTE"}


def test_a_data_set_that_is_named_does_not_cost_the_reading_of_those_behind_it(handmade):
    damaged = member(handmade, text=b"////")
    content = chained(member(handmade), member(handmade), damaged)
    with pytest.raises(FcsError):
        read_fcs(content)
    assert read_fcs(content, dataset=1).findings == ()


def test_integers_without_amplification_are_noted_where_the_standard_asks_for_it(handmade):
    absent = {"$P1E": None, "$P2E": " "}
    assert codes(read_fcs(handmade(extra=absent))) == {"LOG_UNSTATED"}
    assert codes(read_fcs(handmade(extra=absent, version="FCS2.0"))) == set()


@pytest.mark.parametrize(("version", "found"), [("FCS3.1", {"MODE_MISSING"}), ("FCS3.2", set())])
def test_a_mode_that_the_standard_no_longer_wants_is_not_missed(version, found, handmade):
    assert codes(read_fcs(handmade(extra={"$MODE": None}, version=version))) == found
