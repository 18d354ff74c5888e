"""Real files: each reads as its README says, agrees with FlowIO where FlowIO can, or is refused."""

import io
import re
import struct
import warnings
from pathlib import Path

import numpy as np
import pytest

from hladr.fcs import read_fcs
from hladr.fcs.errors import DatasetNotFound, NotFcs, TruncatedData

pytestmark = pytest.mark.corpus

SHARED_FCS = Path(__file__).resolve().parents[3] / "shared" / "fcs"
SUFFIXES = (".fcs", ".lmd", ".b08", ".001", ".002", ".003", ".004", ".005")
FILES = sorted(
    path.relative_to(SHARED_FCS).as_posix()
    for path in SHARED_FCS.rglob("*")
    if path.suffix.lower() in SUFFIXES
)
REFUSED = {"formats/AriaFile1.fcs": TruncatedData, "formats/corrupted_10bytes.fcs": NotFcs}
# FlowIO reads no 24-bit and no ASCII data, and no HEADER with blank offsets.
NOT_FOR_FLOWIO = {
    "beads/FlowCal_sample001_RCP-30-5A.fcs",
    "formats/Cytek_xP5_24bit.fcs",
    "formats/face_ascii-4_events.fcs",
    "formats/fake_large_header.fcs",
}
SEVERAL = {
    "formats/FC500_coulter.lmd",
    "formats/GuavaMuse_VIA.FCS",
    "formats/face_int-multiple_datasets.fcs",
    "human/FC500_CD3-CD4.LMD",
    "human/FC500_isotypes_CD45_2sets.LMD",
}
# FlowIO stops at a $TIMESTEP of xxxxxxxxx, and applies $PnE to floats.
STORED_NUMBERS_ONLY = {
    "formats/data_start_offset_discrepancy.fcs",
    "formats/variable_int_example.fcs",
    "human/itn_02.fcs",
}
# Where HEADER and TEXT differ, FlowIO is told which of them to follow.
HEADER_IS_RIGHT = {
    "beads/Accuri_C6_8peak_beads.fcs",
    "beads/CyAn_8peak_beads.fcs",
    "formats/face_double-5_events.fcs",
}
GOOD = [name for name in FILES if name not in REFUSED]


def quiet(function, *args, **kwargs):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*args, **kwargs)


@pytest.mark.parametrize("name", GOOD)
def test_events_and_channels_are_as_many_as_the_readme_says(corpus, name):
    readme = (corpus / "README.md").read_text()
    row = re.search(rf"^\| {re.escape(Path(name).name)} \| .*$", readme, re.MULTILINE)[0]
    events, channels = map(int, re.search(r"(\d+) ev x (\d+)", row).groups())
    table = read_fcs(corpus / name, dataset=0)
    assert (table.n_events, len(table.channels)) == (events, channels)


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_damaged_file_is_refused_by_name(corpus, name):
    with pytest.raises(REFUSED[name]):
        read_fcs(corpus / name)


@pytest.mark.parametrize("name", sorted(set(GOOD) - NOT_FOR_FLOWIO - SEVERAL))
def test_scale_values_agree_with_flowio_event_by_event(corpus, name):
    from flowio import FlowData

    content = (corpus / name).read_bytes()
    follow = "use_header_offsets" if name in HEADER_IS_RIGHT else "ignore_offset_discrepancy"
    options = {"ignore_offset_error": True, follow: True}
    theirs = quiet(FlowData, io.BytesIO(content), **options)
    ours = read_fcs(content)
    if name in STORED_NUMBERS_ONLY:
        expected = theirs.as_array(preprocess=False)
        np.testing.assert_array_equal(ours.raw()[:, :-1], expected[:, :-1])
        np.testing.assert_array_equal(ours.column(ours.channels[-1]), expected[:, -1])
    else:
        np.testing.assert_allclose(ours.events, theirs.as_array(), rtol=1e-12)


@pytest.mark.parametrize("name", sorted(set(GOOD) - NOT_FOR_FLOWIO - SEVERAL - STORED_NUMBERS_ONLY))
def test_scale_values_agree_with_flowkit_event_by_event(corpus, name):
    flowkit = quiet(pytest.importorskip, "flowkit")

    follow = "use_header_offsets" if name in HEADER_IS_RIGHT else "ignore_offset_discrepancy"
    options = {"ignore_offset_error": True, follow: True}
    theirs = quiet(flowkit.Sample, str(corpus / name), **options)
    ours = read_fcs(corpus / name)
    np.testing.assert_allclose(ours.events, theirs.get_events("raw"), rtol=1e-12)


@pytest.mark.parametrize("name", sorted(SEVERAL))
def test_each_of_several_data_sets_agrees_with_flowio(corpus, name):
    from flowio import FlowData

    content = (corpus / name).read_bytes()
    begin = 0
    for position in range(2):
        options = {"ignore_offset_error": True, "nextdata_offset": begin}
        theirs = quiet(FlowData, io.BytesIO(content), **options)
        ours = read_fcs(content, dataset=position)
        if theirs.events is None:
            assert ours.channels[0].bits == 10  # which FlowIO leaves out
        elif name == "formats/GuavaMuse_VIA.FCS":  # FlowIO undoes a logarithm floats do not have
            raw = theirs.as_array(preprocess=False)
            np.testing.assert_allclose(ours.raw(), raw, rtol=1e-12)
        else:
            np.testing.assert_allclose(ours.events, theirs.as_array(), rtol=1e-12)
        begin += int(theirs.text["nextdata"])
    assert int(theirs.text["nextdata"]) == 0


@pytest.mark.parametrize(
    ("name", "begin"),
    [("formats/Cytek_xP5_24bit.fcs", 4096), ("beads/FlowCal_sample001_RCP-30-5A.fcs", 4096)],
)
def test_24_bit_integers_are_the_three_bytes_of_the_file(corpus, name, begin):
    content = (corpus / name).read_bytes()
    table = read_fcs(content)
    raw = table.raw()
    for row in (0, 1, table.n_events // 2, table.n_events - 1):
        at = begin + 24 * row
        expected = [int.from_bytes(content[at + 3 * n : at + 3 * n + 3], "big") for n in range(8)]
        assert raw[row].tolist() == expected


def test_ascii_events_are_the_numbers_one_reads_in_the_file(corpus):
    path = corpus / "formats" / "face_ascii-4_events.fcs"
    written = path.read_bytes()[512:544].decode()
    expected = [[int(written[n : n + 4]), int(written[n + 4 : n + 8])] for n in range(0, 32, 8)]
    assert read_fcs(path).events.tolist() == expected


def test_blank_header_offsets_are_taken_from_text(corpus):
    path = corpus / "formats" / "fake_large_header.fcs"
    expected = np.frombuffer(path.read_bytes(), ">f4", 11585 * 11, 2462).reshape(-1, 11)
    np.testing.assert_array_equal(read_fcs(path).raw(), expected)


@pytest.mark.parametrize(
    ("name", "begin"),
    [
        ("beads/Accuri_C6_8peak_beads.fcs", 2960),
        ("beads/CyAn_8peak_beads.fcs", 2284),
        ("formats/data_start_offset_discrepancy.fcs", 6081),
        ("formats/face_double-5_events.fcs", 576),
    ],
)
def test_of_two_offsets_the_one_that_holds_the_events_is_used_and_reported(corpus, name, begin):
    content = (corpus / name).read_bytes()
    table = read_fcs(content)
    first = table.raw()[0, 0]
    width = {32: "i", 16: "h", 64: "q"}[table.channels[0].bits]
    order = ">" if table.keyword("$BYTEORD").startswith("4") else "<"
    kind = "d" if table.keyword("$DATATYPE") == "D" else width.upper()
    assert first == struct.unpack_from(order + kind, content, begin)[0]
    assert "DATA_OFFSETS_DISAGREE" in {finding.code for finding in table.findings}


def test_empty_values_do_not_swallow_the_next_keyword(corpus):
    table = read_fcs(corpus / "formats" / "FACSCalibur_0877408774.B08")
    names = ["FSC-H", "SSC-H", "FL1-H", "FL2-H", "FL3-H", "FL1-A", "FL4-H", "Time"]
    assert [channel.name for channel in table.channels] == names
    assert table.channel("FL1-H").marker is None


def test_escaped_delimiters_stay_in_their_values(corpus):
    attune = read_fcs(corpus / "formats" / "AttuneNxT_G11_fcs31.fcs")
    assert attune.keyword("$P3F") == "488/10"
    macsquant = read_fcs(corpus / "formats" / "MACSQuant_duplicate_names.fcs")
    assert any("561//10 nm" in value for value in macsquant.keywords.values())


def test_text_of_a_macintosh_is_read_as_macroman(corpus):
    table = read_fcs(corpus / "formats" / "FACSCalibur_0877408774.B08")
    assert table.keyword("CREATOR") == "CELLQuest™ 3.3"


def test_log_amplification_of_floats_is_reported_and_not_applied(corpus):
    table = read_fcs(corpus / "human" / "itn_02.fcs")
    np.testing.assert_array_equal(table.events, table.raw())
    assert "LOG_OF_FLOATS" in {finding.code for finding in table.findings}


def test_lmd_gives_20_bits_with_the_markers_of_the_10_bit_data_set(corpus):
    table = read_fcs(corpus / "human" / "FC500_isotypes_CD45_2sets.LMD")
    markers = {channel.name: channel.marker for channel in table.channels}
    assert markers["FL2"] == "IgG1-PE"
    assert markers["FL3"] == "CD45-ECD"
    assert markers["TIME"] is None
    assert table.channel("FL2").voltage == 529.0
    assert table.channel("FL2").range == 1048576.0
    assert table.keyword("$CYT") == "Cytomics FC 500"
    assert table.keyword("$P2E") == "0,0"


def test_the_two_data_sets_of_an_lmd_hold_the_same_events(corpus):
    path = corpus / "human" / "FC500_isotypes_CD45_2sets.LMD"
    full, coarse = read_fcs(path), read_fcs(path, dataset=0)
    forward = np.corrcoef(full.column("FS"), coarse.column("FS Lin"))[0, 1]
    assert forward > 0.99


def test_measurements_of_their_own_are_not_mistaken_for_an_lmd(corpus):
    table = read_fcs(corpus / "formats" / "GuavaMuse_VIA.FCS")
    assert table.n_events == 7960
    assert "SEVERAL_DATASETS" in {finding.code for finding in table.findings}


@pytest.mark.parametrize("name", GOOD)
def test_a_data_set_that_is_not_there_is_refused(corpus, name):
    with pytest.raises(DatasetNotFound):
        read_fcs(corpus / name, dataset=9)


def test_what_a_file_begins_with_is_said_as_text():
    said = str(NotFcs(size=7, start=b"hello\xe9\x00"))
    assert "found 'helloé\\x00' in a file of 7 bytes" in said
