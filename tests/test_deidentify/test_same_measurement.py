"""Events stay bit for bit in every real file, and the number is the same."""

import datetime as dt
import io
import re
import tracemalloc
import warnings
from pathlib import Path

import numpy as np
import pytest

from calibration import BeadLot
from hladr import quantify
from hladr.acquisition import acquired_at
from hladr.assay import load_assay
from hladr.deidentify import deidentify
from hladr.deidentify.errors import DeidentifiedDiffers
from hladr.deidentify.segments import data_bytes
from hladr.errors import HladrError
from hladr.fcs import FcsError, OutputChannel, read_fcs, write_fcs
from hladr.fcs.chain import read_chain
from hladr.fcs.dataset import read_dataset
from hladr.fcs.source import open_source
from hladr.panel import find_panel
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


def relabelled(source, target, markers=None, names=None, order=None):
    """The same events with other labels, in another order of channels."""
    table, names = read_fcs(source), names or {}
    channels = [
        OutputChannel(
            names.get(c.name, c.name), table.raw()[:, c.index], range=c.range,
            marker=(markers or {}).get(c.name, c.marker), voltage=c.voltage, gain=c.gain,
        )
        for c in (order or list)(table.channels)
    ]  # fmt: skip
    kept = ("$CYT", "$CYTSN", "$DATE", "$BTIM", "$ETIM", "$TIMESTEP")
    write_fcs(target, channels, keywords={k: v for k in kept if (v := table.keyword(k))})
    return target


def outcome(blood, beads, lot):
    try:
        result = quantify(blood, beads=beads, lot=lot)
    except HladrError as error:
        return error.code
    codes = {f.code for f in result.findings if f.severity.value != "note"}
    return result.measured.abc, result.verdict.value, codes


def before_and_after(blood, beads, lot, folder, key):
    made = [deidentify(path, folder, key=key, subject="P") for path in (blood, beads)]
    return outcome(blood, beads, lot), outcome(*(each.path for each in made), lot)


@pytest.mark.parametrize("blood_name", ["LaserX-A", "Lab PE-A"])
@pytest.mark.parametrize("beads_name", ["LaserX-A", "LaserY-A", "laser_x-A", "PE-A"])
@pytest.mark.parametrize("order", [list, lambda channels: channels[:2:-1] + channels[:3]])
def test_a_detector_named_by_the_laboratory_is_told_from_others_wherever_it_stands(
    pair, measured, tmp_path, key, blood_name, beads_name, order
):
    lot, _ = measured
    markers = {"PE-A": "HLA-DR PE", "PE-H": "CD3"}
    blood = relabelled(pair.blood_path, tmp_path / "blood.fcs", markers, {"PE-A": blood_name})
    beads = relabelled(
        pair.beads_path, tmp_path / "beads.fcs", markers, {"PE-A": beads_name}, order
    )
    original, shared = before_and_after(blood, beads, lot, tmp_path, key)
    assert shared == original
    same = blood_name == "LaserX-A" and beads_name in ("LaserX-A", "laser_x-A")
    assert ("DETECTOR_DIFFERS" in original[2]) != same


def test_two_channels_that_differ_in_signs_alone_stay_two(laden, tmp_path, key):
    path = laden(text={"$P1N": "患-A", "$P2N": "者-A", "SPILL": "2,者-A,患-A,1,0.5,0,1"})
    table = read_fcs(deidentify(path, tmp_path, key=key).path)
    assert len({channel.name for channel in table.channels}) == 2
    assert matrix(table) == [[1.0, 0.5], [0.0, 1.0]]


ASSAY = load_assay("quantibrite-340827")
BESIDE = ("", "PE", "R-PE", "PerCP-Cy5.5", "PERCPCYANINE55", "Quantibrite", "KO", "PB", "FITC",
          "L243", "Krome Orange", "APC-H7", "QuantiBriteAntiBeads", "LOG")  # fmt: skip


def labels_of_the_assay():
    for role in ("hla_dr", "cd14", "cd45"):
        for marker in ASSAY.channels[role].markers:
            for word in BESIDE:
                yield from {(role, f"{marker} {word}".strip()), (role, f"{word} {marker}".strip())}


def panel_of(table):
    try:
        return {
            role: table.channel(name).index
            for role, name in find_panel(table, ASSAY).names().items()
        }
    except HladrError as error:
        return error.code


@pytest.mark.parametrize(("role", "label"), sorted(labels_of_the_assay()))
def test_the_panel_finds_the_same_channels_or_nothing_is_written(tmp_path, key, role, label):
    at = {"hla_dr": ("PE-A", "PE-H"), "cd14": ("PerCP-Cy5-5-A",), "cd45": ("V500-A",)}[role]
    names = ("FSC-A", "SSC-A", "PE-A", "PE-H", "PerCP-Cy5-5-A", "V500-A", "Time")
    markers = {"PE-A": "HLA-DR", "PE-H": "HLA-DR", "PerCP-Cy5-5-A": "CD14", "V500-A": "CD45"}
    markers[at[0]] = label
    path = tmp_path / "a.fcs"
    write_fcs(path, [OutputChannel(n, [1.0, 2.0], marker=markers.get(n)) for n in names])
    original = read_fcs(path)
    try:
        done = deidentify(path, tmp_path, key=key)
    except DeidentifiedDiffers:
        assert re.search(r"\b(DR|Mono)\b", label)  # which may be a title or a name
        return
    table = read_fcs(done.path)
    assert panel_of(table) == panel_of(original)
    assert isinstance(panel_of(original), dict)
    if not re.search(r"\b(DR|Mono)\b", label):
        assert [c.marker for c in table.channels] == [c.marker for c in original.channels]


def test_markers_of_one_detector_are_replaced_all_or_none(tmp_path, key):
    names = {"PE-A": "HLA-DR of Jane", "PE-H": "HLA-DR", "FITC-A": "CD3", "FITC-H": None}
    path = tmp_path / "a.fcs"
    write_fcs(path, [OutputChannel(n, [1.0], marker=m) for n, m in names.items()])
    with pytest.raises(DeidentifiedDiffers, match="quantibrite-340827"):  # PE-H was HLA-DR
        deidentify(path, tmp_path, key=key)
    names["PE-H"] = "CD3"
    write_fcs(path, [OutputChannel(n, [1.0], marker=m) for n, m in names.items()])
    table = read_fcs(deidentify(path, tmp_path, key=key).path)
    assert [c.marker for c in table.channels] == ["removed", "removed", "CD3", None]


@pytest.mark.parametrize(
    ("expires", "original", "shared"),
    [
        (-400, "LOT_EXPIRED", {None: "LOT_EXPIRY_HIDDEN", "P": "LOT_EXPIRED"}),
        (-1, "LOT_EXPIRED", {None: "LOT_EXPIRY_HIDDEN", "P": "LOT_EXPIRY_HIDDEN"}),
        (0, None, {None: "LOT_EXPIRY_HIDDEN", "P": "LOT_EXPIRY_HIDDEN"}),
        (365, None, {None: "LOT_EXPIRY_HIDDEN", "P": None}),
    ],
)
def test_a_lot_that_may_have_expired_on_a_hidden_day_is_for_a_person_to_look_at(
    pair, measured, tmp_path, key, expires, original, shared
):
    """`expires` in days from the bead run; `shared` by subject."""
    run = acquired_at(read_fcs(pair.beads_path)).date()
    values = tuple(map(float, measured[0].split(",")))
    lot = BeadLot(values, expires=run + dt.timedelta(days=expires))
    files = (pair.blood_path, pair.beads_path)
    pairs = [(files, original)]
    for subject, expected in shared.items():
        made = [deidentify(path, tmp_path, key=key, subject=subject).path for path in files]
        pairs.append((made, expected))
    for (blood, beads), expected in pairs:
        result = quantify(blood, beads=beads, lot=lot)
        codes = {f.code for f in result.findings} & {"LOT_EXPIRED", "LOT_EXPIRY_HIDDEN"}
        assert codes == ({expected} if expected else set())
        worst = {"LOT_EXPIRED": "reject", "LOT_EXPIRY_HIDDEN": "review", None: "pass"}
        assert result.verdict.value == worst[expected]


def test_comparing_takes_no_memory_of_the_files_size(tmp_path, key):
    values = np.random.default_rng(1).normal(size=2_000_000).astype(np.float32)
    path = tmp_path / "large.fcs"
    write_fcs(path, [OutputChannel(f"FL{n}-A", values) for n in (1, 2, 3, 4)])
    tracemalloc.start()
    try:
        deidentify(path, tmp_path, key=key)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 16e6
    assert path.stat().st_size > 32e6
