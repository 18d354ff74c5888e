"""The export holds the events of the sample, and one channel that is the curve read backwards."""

import io
import math
import warnings
from pathlib import Path

import numpy as np
import pytest

from hladr import quantify
from hladr.calibrated_export import (
    ExportNotWritable,
    OtherSample,
    ResultRejected,
    events_abc,
    export_calibrated,
)
from hladr.fcs import EventTable, OutputChannel, read_fcs, write_fcs
from hladr.simulate import simulate_pair

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


def test_the_added_channel_is_the_line_inverted_by_hand(exported, result):
    values = result.evidence.columns["hla_dr"]
    keywords = read_fcs(exported).keywords
    slope, intercept = (float(keywords[f"HLADR_{name}"]) for name in ("SLOPE", "INTERCEPT"))
    abc = read_fcs(exported).column("HLA-DR AB/c")
    seen = values > 0
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
    values, abc = measured.evidence.columns["hla_dr"], events_abc(measured)
    assert measured.detector.log_decades == 4.0
    assert np.array_equal(np.isnan(abc), values <= measured.detector.log_offset)
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
    target.write_text("an older one")
    export_calibrated(result, pair.blood_path, target)
    assert read_fcs(target).n_events == read_fcs(pair.blood_path).n_events
    assert list(tmp_path.iterdir()) == [target]


def test_the_same_result_gives_the_same_bytes(result, pair, exported, tmp_path):
    export_calibrated(result, pair.blood_path, tmp_path / "again.fcs")
    assert (tmp_path / "again.fcs").read_bytes() == exported.read_bytes()
