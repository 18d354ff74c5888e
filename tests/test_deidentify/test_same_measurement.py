"""Events stay bit for bit in every real file, and the number is the same."""

import io
import warnings
from pathlib import Path

import numpy as np
import pytest

from hladr import quantify
from hladr.deidentify import deidentify
from hladr.deidentify.segments import data_bytes
from hladr.errors import HladrError
from hladr.fcs import FcsError, read_fcs
from hladr.fcs.chain import read_chain
from hladr.fcs.dataset import read_dataset
from hladr.fcs.source import open_source
from hladr.spillover import Spillover

ROOT = Path(__file__).resolve().parents[2]
SHARED_FCS = ROOT.parent / "shared" / "fcs"
SUFFIXES = (".fcs", ".lmd", ".b08", ".001", ".002", ".003", ".004", ".005")
FILES = sorted(
    path
    for folder in (SHARED_FCS, ROOT / "sample_fcs")
    for path in (folder.rglob("*") if folder.is_dir() else ())
    if path.suffix.lower() in SUFFIXES
)
IDENTITIES = ("$SRC", "$FIL", "$OP", "$INST", "$EXP", "PATIENT ID", "EXPERIMENT NAME",
              "GUID", "SAMPLE ID", "EXPORT USER NAME", "@SAMPLEID1", "$DATE", "$CYTSN")  # fmt: skip


def sets(path):
    return [read_dataset(each) for each in read_chain(open_source(path).view).outlines]


def matrix(table):
    try:
        found = Spillover.from_table(table)
    except HladrError as error:
        return error.code
    return None if found is None else found.matrix.tolist()


@pytest.mark.corpus
@pytest.mark.skipif(not SHARED_FCS.is_dir(), reason="the shared file corpus is absent")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_that_reads_keeps_its_events_bit_for_bit(path, tmp_path, key):
    try:
        original = read_fcs(path)
    except FcsError as error:
        with pytest.raises(type(error)):
            deidentify(path, tmp_path, key=key)
        return
    done = deidentify(path, tmp_path, key=key, subject="P-17")
    table = read_fcs(done.path)
    before, after = sets(path), sets(done.path)
    assert len(before) == len(after)
    for one, two in zip(before, after, strict=True):
        assert bytes(data_bytes(one.columns)) == bytes(data_bytes(two.columns))
    np.testing.assert_array_equal(table.events, original.events)
    tops = [[t.top(channel) for channel in t.channels] for t in (table, original)]
    assert tops[0] == tops[1]
    assert matrix(table) == matrix(original)
    content = done.path.read_bytes().lower()
    for name in IDENTITIES:
        value = (original.keyword(name) or "").lower()
        if len(value) > 7 and len(set(value)) > 3:
            assert value.encode() not in content, name
    assert path.stem.lower() not in done.path.name


@pytest.mark.corpus
@pytest.mark.skipif(not SHARED_FCS.is_dir(), reason="the shared file corpus is absent")
@pytest.mark.parametrize(
    "name",
    ["beads/rainbow8_Fortessa_2015.fcs", "formats/AttuneNxT_G11_fcs31.fcs", "human/PeacoQC_111.fcs",
     "beads/Accuri_C6_8peak_beads.fcs", "formats/FACSCalibur_0877408774.B08"],
)  # fmt: skip
def test_flowio_reads_the_output_as_it_should_have_read_the_original(name, tmp_path, key):
    from flowio import FlowData

    done = deidentify(SHARED_FCS / name, tmp_path, key=key)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        theirs = FlowData(io.BytesIO(done.path.read_bytes()))
    expected = read_fcs(SHARED_FCS / name).events
    np.testing.assert_allclose(theirs.as_array(), expected, rtol=1e-12)


@pytest.fixture(scope="module")
def measured(pair):
    lot = ",".join(f"{value:g}" for value in pair.beads.assigned)
    return lot, quantify(pair.blood_path, beads=pair.beads_path, lot=lot, ferritin_ng_ml=900)


@pytest.mark.parametrize("subject", [None, "P-17"])
def test_the_pair_gives_the_same_number_and_the_same_doubts(pair, measured, tmp_path, key, subject):
    lot, original = measured
    beads = deidentify(pair.beads_path, tmp_path, key=key, subject=subject).path
    blood = deidentify(pair.blood_path, tmp_path, key=key, subject=subject).path
    result = quantify(blood, beads=beads, lot=lot, ferritin_ng_ml=900)
    assert result.measured.abc == original.measured.abc
    assert result.measured.ci95 == original.measured.ci95
    assert result.curve.slope == original.curve.slope
    expected = {finding.code for finding in original.findings}
    found = {finding.code for finding in result.findings}
    assert found - expected <= ({"ACQUISITION_TIME_UNKNOWN"} if subject is None else set())
    assert expected <= found
    assert result.verdict == original.verdict


def test_another_instrument_is_still_found_out(pair, measured, tmp_path, key):
    lot, _ = measured
    content = pair.beads_path.read_bytes()
    other = tmp_path / "other.fcs"
    other.write_bytes(content.replace(b"V00000001", b"V00000002"))
    beads = deidentify(other, tmp_path, key=key).path
    blood = deidentify(pair.blood_path, tmp_path, key=key).path
    result = quantify(blood, beads=beads, lot=lot)
    assert "INSTRUMENT_DIFFERS" in {finding.code for finding in result.findings}
    assert b"V0000000" not in beads.read_bytes()


def test_beads_of_another_day_are_still_found_out(pair, measured, tmp_path, key):
    lot, _ = measured
    content = pair.beads_path.read_bytes()
    date = read_fcs(pair.beads_path).keyword("$DATE")
    other = tmp_path / "other.fcs"
    other.write_bytes(content.replace(date.encode(), f"{int(date[:2]) - 1:02d}{date[2:]}".encode()))
    results = []
    for beads, blood in (
        (other, pair.blood_path),
        [deidentify(p, tmp_path, key=key, subject="P").path for p in (other, pair.blood_path)],
    ):
        results.append({f.code for f in quantify(blood, beads=beads, lot=lot).findings})
    assert "BEADS_OTHER_DAY" in results[0]
    assert results[0] == results[1]
