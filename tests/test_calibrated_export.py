"""The export holds the events of the sample, and one channel that is the curve read backwards."""

import dataclasses
import io
import math
import warnings
from pathlib import Path

import numpy as np
import pytest

from calibration.provenance import Provenance
from hladr import quantify
from hladr.calibrated_export import (
    ExportNotWritable,
    OtherSample,
    ResultRejected,
    events_abc,
    export_calibrated,
)
from hladr.deidentify.block import make_block
from hladr.deidentify.segments import data_bytes
from hladr.fcs import EventTable, OutputChannel, read_fcs, write_fcs
from hladr.fcs.chain import read_chain
from hladr.fcs.dataset import read_dataset
from hladr.simulate import simulate_pair
from hladr.spillover import Spillover

SAMPLES = Path(__file__).resolve().parents[1] / "sample_fcs"


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    return simulate_pair("sepsis", 5, tmp_path_factory.mktemp("pair"), events=25_000)


@pytest.fixture(scope="module")
def result(pair):
    lot = ",".join(f"{value:g}" for value in pair.beads.assigned)
    return quantify(pair.blood_path, beads=pair.beads_path, lot=lot)


@pytest.fixture
def exported(result, pair, tmp_path):
    path = tmp_path / "export.fcs"
    export_calibrated(result, pair.blood_path, path)
    return path


def test_the_original_channels_are_there_in_scale_values(exported, pair):
    original, table = read_fcs(pair.blood_path), read_fcs(exported)
    names = [channel.name for channel in original.channels]
    assert [channel.name for channel in table.channels] == [*names, "HLA-DR AB/c"]
    assert [c.marker for c in table.channels[:-1]] == [c.marker for c in original.channels]
    for channel in original.channels:
        np.testing.assert_array_equal(table.column(channel.name), original.column(channel))
        assert table.channel(channel.name).voltage == channel.voltage
        assert table.top(channel.name) == original.top(channel)


def test_the_added_channel_is_the_line_inverted_by_hand(exported, result, pair):
    original = read_fcs(pair.blood_path)
    values = result.evidence.columns["hla_dr"]
    keywords = read_fcs(exported).keywords
    slope, intercept = (float(keywords[f"HLADR_{name}"]) for name in ("SLOPE", "INTERCEPT"))
    abc = read_fcs(exported).column("HLA-DR AB/c")
    seen = (values > 0) & (original.column("PE-A") < original.top("PE-A"))
    assert 0 < np.count_nonzero(~seen) < values.size
    expected = 10 ** ((np.log10(values[seen]) - intercept) / slope)
    np.testing.assert_allclose(abc[seen], expected / float(keywords["HLADR_FP_RATIO"]), rtol=1e-12)
    assert np.isnan(abc[~seen]).all()


def test_the_mean_of_the_monocytes_is_the_result(exported, result):
    abc = read_fcs(exported).column("HLA-DR AB/c")
    (monocytes,) = (p.mask for p in result.gating.populations if p.name == "monocytes")
    mean = math.exp(np.nanmean(np.log(abc[monocytes])))
    assert mean == pytest.approx(result.measured.abc, rel=1e-12)
    assert float(read_fcs(exported).keyword("HLADR_ABC")) == result.measured.abc


def test_provenance_stands_in_the_keywords(exported, result, pair):
    table = read_fcs(exported)
    assert table.keyword("HLADR_BEADS_SHA256") == read_fcs(pair.beads_path).sha256
    assert table.keyword("HLADR_SAMPLE_SHA256") == read_fcs(pair.blood_path).sha256
    assert table.keyword("HLADR_LOT_SHA256") == result.curve.lot.sha256
    assert table.keyword("HLADR_ASSAY").startswith("quantibrite-340827 version ")
    assert table.keyword("HLADR_VERDICT") == result.verdict.value
    assert table.keyword("HLADR_ALGORITHM") == result.to_dict()["software"]["algorithm"]
    assert "research use only" in table.keyword("HLADR_USE")
    assert table.keyword("$ORIGINALITY") == "DataModified"
    assert table.keyword("$CYT") == read_fcs(pair.blood_path).keyword("$CYT")


def test_flowio_reads_the_same_numbers(exported):
    from flowio import FlowData

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        theirs = FlowData(io.BytesIO(exported.read_bytes()))
    np.testing.assert_array_equal(theirs.as_array(), read_fcs(exported).events)
    assert theirs.pnn_labels[-1] == "HLA-DR AB/c"


def test_a_log_amplifiers_channel_0_has_no_number(tmp_path):
    truth = simulate_pair("sepsis_calibur", 3, tmp_path, events=25_000)
    lot = ",".join(f"{value:g}" for value in truth.beads.assigned)
    measured = quantify(truth.blood_path, beads=truth.beads_path, lot=lot)
    values = measured.evidence.columns["hla_dr"]
    abc = events_abc(measured, read_fcs(truth.blood_path))
    assert measured.detector.log_decades == 4.0
    top = read_fcs(truth.blood_path).column(measured.detector) >= measured.evidence.detector_top
    assert np.array_equal(np.isnan(abc), (values <= measured.detector.log_offset) | top)
    if measured.hla_dr is not None:
        export_calibrated(measured, truth.blood_path, tmp_path / "log.fcs")
        table = read_fcs(tmp_path / "log.fcs")
        original = read_fcs(truth.blood_path)
        np.testing.assert_array_equal(table.events[:, :-1], original.events)


def test_keywords_that_may_name_a_patient_are_not_carried_over(result, pair, tmp_path):
    original = read_fcs(pair.blood_path)
    channels = [
        OutputChannel(c.name, original.column(c), marker=c.marker, voltage=c.voltage)
        for c in original.channels
    ]
    names = ("$CYT", "$CYTSN", "$DATE", "$BTIM", "$SPILLOVER", "$TIMESTEP")
    keywords = {name: original.keyword(name) for name in names if original.keyword(name)}
    named = tmp_path / "named.fcs"
    write_fcs(named, channels, keywords=keywords | {"$SRC": "Jane Roe", "$SMNO": "19460317"})
    measured = quantify(named, curve=result.curve)
    assert measured.hla_dr is not None
    export_calibrated(measured, named, tmp_path / "out.fcs")
    content = (tmp_path / "out.fcs").read_bytes()
    assert b"Jane" not in content
    assert b"19460317" not in content


def test_a_rejected_result_is_not_exported(tmp_path):
    lot = SAMPLES / "simulated-lot.toml"
    sample = SAMPLES / "forgotten-stain.fcs"
    rejected = quantify(sample, beads=SAMPLES / "canto-beads.fcs", lot=lot)
    assert rejected.hla_dr is None
    with pytest.raises(ResultRejected, match="NO_HLA_DR_STAIN"):
        export_calibrated(rejected, sample, tmp_path / "out.fcs")
    assert not (tmp_path / "out.fcs").exists()


def test_another_file_than_the_one_measured_is_refused(result, pair, tmp_path):
    with pytest.raises(OtherSample):
        export_calibrated(result, pair.beads_path, tmp_path / "out.fcs")
    same = read_fcs(pair.blood_path)
    table = EventTable.from_columns({c.name: same.column(c) for c in same.channels})
    with pytest.raises(OtherSample):
        export_calibrated(result, table, tmp_path / "out.fcs")


def test_the_sample_is_never_replaced(result, pair, tmp_path):
    before = pair.blood_path.read_bytes()
    link = tmp_path / "link.fcs"
    link.symlink_to(pair.blood_path)
    for path in (pair.blood_path, link):
        for sample in (pair.blood_path, read_fcs(pair.blood_path)):
            with pytest.raises(ExportNotWritable):
                export_calibrated(result, sample, path)
    assert pair.blood_path.read_bytes() == before


def test_a_folder_that_is_not_there_is_refused_and_an_old_export_replaced(result, pair, tmp_path):
    with pytest.raises(ExportNotWritable):
        export_calibrated(result, pair.blood_path, tmp_path / "none" / "out.fcs")
    target = tmp_path / "out.fcs"
    target.touch()
    for _ in range(2):
        export_calibrated(result, pair.blood_path, target)
    assert read_fcs(target).n_events == read_fcs(pair.blood_path).n_events
    assert list(tmp_path.iterdir()) == [target]


def test_nothing_but_an_earlier_export_is_replaced(result, pair, exported, tmp_path):
    other = tmp_path / "other.fcs"
    write_fcs(foreign := io.BytesIO(), [OutputChannel("PE-A", [1.0])])
    contents = (
        b"my notes",
        pair.beads_path.read_bytes(),
        foreign.getvalue(),
        b"FCS3.1" + b" " * 64,
    )
    for content in contents:
        other.write_bytes(content)
        with pytest.raises(ExportNotWritable, match=r"beads|earlier export"):
            export_calibrated(result, pair.blood_path, other)
        assert other.read_bytes() == content
    with pytest.raises(ExportNotWritable):
        export_calibrated(result, pair.blood_path, tmp_path)
    again = quantify(exported, curve=result.curve)  # an export as the sample
    before = exported.read_bytes()
    with pytest.raises(ExportNotWritable, match="sample"):
        export_calibrated(again, exported, exported)
    assert exported.read_bytes() == before
    export_calibrated(again, exported, other := tmp_path / "second.fcs")
    assert [c.name for c in read_fcs(other).channels] == [
        c.name for c in read_fcs(exported).channels
    ]


def test_what_the_detector_could_not_measure_has_no_number_and_a_keyword_says_so(
    result, pair, tmp_path
):
    original = read_fcs(pair.blood_path)
    top = original.top("PE-A")
    bright = np.flatnonzero(original.column("PE-A") > 3000)[:10]
    values = {c.name: original.column(c).copy() for c in original.channels}
    values["PE-A"][bright] = top
    values["PE-A"][bright[:3]] = np.nan
    path = tmp_path / "bright.fcs"
    channels = [
        OutputChannel(c.name, values[c.name], marker=c.marker, voltage=c.voltage, range=c.range)
        for c in original.channels
    ]
    keywords = {"$SPILLOVER": original.keyword("$SPILLOVER")}
    write_fcs(path, channels, keywords=keywords)
    measured = quantify(path, curve=open_curve(result))
    abc = events_abc(measured, read_fcs(path))
    assert np.isnan(abc[bright]).all()
    seen = (measured.evidence.columns["hla_dr"] > 0) & (read_fcs(path).column("PE-A") < top)
    assert np.array_equal(np.isfinite(abc), seen)


def test_what_the_number_rests_on_stands_in_the_keywords(exported, result):
    table = read_fcs(exported)
    measured = result.measured
    for name, expected in (
        ("HLADR_CI95", measured.ci95),
        ("HLADR_CI95_ANALYSIS", measured.ci95_analysis),
        ("HLADR_BEAD_RANGE", (result.curve.lowest, result.curve.top)),
    ):
        assert tuple(map(float, table.keyword(name).split(","))) == expected
    assert table.keyword("HLADR_FINDINGS").split() == list(
        dict.fromkeys(finding.code for finding in result.findings)
    )
    assert "NaN" in table.keyword("HLADR_NO_VALUE")


def open_curve(result):
    """The curve as if nothing were known of where it comes from, for files of other instruments."""
    return dataclasses.replace(result.curve, provenance=Provenance())


def matrix_text(table, *, scale=1.0, by_number=False):
    spillover = Spillover.from_table(table)
    names = [str(table.channel(n).index + 1) if by_number else n for n in spillover.detectors]
    shares = (scale * spillover.matrix).ravel().tolist()
    return ",".join([str(len(names)), *names, *map(repr, shares)])


def whole_matrix(table, *, inverse=False):
    """`$COMP` over all channels of the file."""
    spillover = Spillover.from_table(table)
    at = [table.channel(name).index for name in spillover.detectors]
    whole = np.eye(len(table.channels))
    whole[np.ix_(at, at)] = spillover.inverse if inverse else spillover.matrix
    return ",".join([str(len(whole)), *map(repr, whole.ravel().tolist())])


TWO = "2,PE-A,PerCP-Cy5-5-A,1,0.15,0.03,1"
MATRICES = {
    "$SPILLOVER": lambda t: {"$SPILLOVER": matrix_text(t)},
    "SPILL": lambda t: {"SPILL": matrix_text(t)},
    "$SPILL": lambda t: {"$SPILL": matrix_text(t)},
    "SPILLOVER": lambda t: {"SPILLOVER": matrix_text(t)},
    "by number": lambda t: {"$SPILLOVER": matrix_text(t, by_number=True)},
    "diagonal not 1": lambda t: {"$SPILLOVER": matrix_text(t, scale=0.7)},
    "two channels": lambda _: {"$SPILLOVER": TWO},
    "$COMP": lambda t: {"$COMP": whole_matrix(t)},
    "none": lambda _: {},
}


@pytest.mark.parametrize("kind", MATRICES)
def test_the_export_measured_again_gives_the_same_number(kind, result, pair, tmp_path):
    original = read_fcs(pair.blood_path)
    channels = [
        OutputChannel(c.name, original.column(c), marker=c.marker, voltage=c.voltage, range=c.range)
        for c in original.channels
    ]
    keywords = {"$BEGINDATETIME": "2026-03-14T09:31:07", "$TIMESTEP": "1"}
    path = tmp_path / "blood.fcs"
    write_fcs(path, channels, keywords=keywords | MATRICES[kind](original), version="FCS3.2")
    curve = open_curve(result)
    measured = quantify(path, curve=curve)
    export_calibrated(measured, path, tmp_path / "out.fcs")
    again = quantify(tmp_path / "out.fcs", curve=curve)
    assert again.measured.abc == measured.measured.abc
    assert again.measured.ci95 == measured.measured.ci95
    assert again.sample.acquired_at == measured.sample.acquired_at == "2026-03-14T09:31:07"
    written = read_fcs(tmp_path / "out.fcs")
    assert ("$SPILLOVER" in written.keywords) == (kind != "none")
    assert not {"SPILL", "$SPILL", "SPILLOVER", "$COMP"} & set(written.keywords)


def chain(*contents):
    """Several FCS files as the data sets of one."""
    blocks = b""
    for position, content in enumerate(contents):
        (outline,) = read_chain(memoryview(content)).outlines
        places = ("$BEGIN", "$END", "$NEXT")
        entries = {k: v for k, v in outline.keywords.items() if not k.startswith(places)}
        data = data_bytes(read_dataset(outline).columns)
        block = make_block("FCS3.0", entries, data, is_last=position == len(contents) - 1)
        blocks += block.head + bytes(block.data)
    return blocks


def test_percentages_of_an_lmd_file_are_written_as_a_matrix(result, pair, tmp_path):
    original = read_fcs(pair.blood_path)
    named = {"FSC-A": "FS INT", "SSC-A": "SS INT", "PE-A": "FL2 INT", "PerCP-Cy5-5-A": "FL3 INT"}
    columns = {n: np.clip(np.round(original.column(n)), 0, 2**18 - 1) for n in named}
    fine = [OutputChannel(f"{new} LIN", columns[n], range=2**20) for n, new in named.items()]
    coarse = [
        OutputChannel(f"{new} LOG", columns[n] // 256, range=1024, bits=16, voltage=400.0,
                      marker=original.channel(n).marker)
        for n, new in named.items()
    ]  # fmt: skip
    sets = []
    for channels, keywords in ((coarse, {"$DFC2TO3": "15.2", "$DFC3TO2": "3.1"}), (fine, {})):
        write_fcs(stream := io.BytesIO(), channels, keywords=keywords, data_type="I")
        sets.append(stream.getvalue())
    path = tmp_path / "blood.lmd"
    path.write_bytes(chain(*sets))
    curve = open_curve(result)
    measured = quantify(path, curve=curve)
    assert {"FULL_RESOLUTION_DATASET"} <= {finding.code for finding in measured.findings}
    export_calibrated(measured, path, tmp_path / "out.fcs")
    matrix = Spillover.from_table(read_fcs(tmp_path / "out.fcs"))
    assert matrix.detectors == ("FL2 INT LIN", "FL3 INT LIN")
    np.testing.assert_allclose(matrix.matrix, [[1, 0.152], [0.031, 1]], rtol=1e-15)
    assert quantify(tmp_path / "out.fcs", curve=curve).measured.abc == measured.measured.abc


def test_names_that_fcs_forbids_are_mended(result, pair, tmp_path):
    content = pair.blood_path.read_bytes()
    assert content.count(b"FSC-W") == 1
    path = tmp_path / "comma.fcs"
    path.write_bytes(content.replace(b"FSC-W", b"FS,-W"))
    export_calibrated(quantify(path, curve=result.curve), path, tmp_path / "out.fcs")
    assert "FS;-W" in [channel.name for channel in read_fcs(tmp_path / "out.fcs").channels]


def test_the_same_result_gives_the_same_bytes(result, pair, exported, tmp_path):
    export_calibrated(result, pair.blood_path, tmp_path / "again.fcs")
    assert (tmp_path / "again.fcs").read_bytes() == exported.read_bytes()
