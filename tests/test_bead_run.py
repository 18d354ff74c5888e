"""A bead file to a standard curve: which events, which channel, and what is refused."""

import dataclasses
import io
from datetime import date, timedelta

import numpy as np
import pytest

from calibration import BeadLot
from calibration.errors import BeadPeaksNotFound, LevelCountMismatch
from calibration.finding import Severity
from hladr.assay.loading import load_assay
from hladr.bead_gate import TooFewBeads, gate_beads
from hladr.bead_run import bead_channel, calibrate_beads
from hladr.errors import HladrError
from hladr.fcs import OutputChannel, write_fcs
from hladr.fcs.reader import read_fcs
from hladr.fcs.table import EventTable
from hladr.panel import RoleNotFound
from hladr.simulate import BEAD_CASES, beads, blood, calibur, canto, navios
from hladr.simulate.case import sepsis

ASSAY = load_assay("quantibrite-340827")
LOT = BeadLot(BEAD_CASES["good"].assigned)
PLATFORMS = {"canto": canto, "calibur": calibur, "navios": navios}


def tube(spec="good", instrument=None, seed=1):
    spec = BEAD_CASES[spec] if isinstance(spec, str) else spec
    made = beads(spec, canto() if instrument is None else instrument, np.random.default_rng(seed))
    return made, read_fcs(io.BytesIO(made.recording.to_bytes()))


def run_of(table, lot=LOT, **options):
    return calibrate_beads(table, lot, assay=ASSAY, **options)


@pytest.fixture(scope="module")
def good():
    made, table = tube()
    return made, table, run_of(table)


def codes(run, *severities):
    return {f.code for f in run.curve.findings if not severities or f.severity in severities}


def test_the_curve_is_the_one_the_beads_were_made_with(good):
    """Means of the true molecules on the line, to the maker's words: 1 % a level."""
    made, _, run = good
    gain = made.truth.scale_per_pe
    for peak, molecules in zip(run.curve.peaks, made.truth.molecules, strict=True):
        light = gain * (molecules + made.truth.background)
        assert peak.geometric_mean == pytest.approx(light, rel=0.02)
    assert run.curve.accepted
    assert not codes(run, Severity.WARN, Severity.REJECT)
    assert "SATURATION_UNKNOWN" not in codes(run)  # $PnR tells the detector's top


@pytest.mark.parametrize("platform", PLATFORMS)
def test_single_beads_are_kept_and_doublets_and_debris_left_out(platform):
    made, table = tube(instrument=PLATFORMS[platform]())
    single = made.labels >= 0
    run = run_of(table)
    kept = run.evidence.singlets
    assert kept[single].mean() > 0.93
    # a log amplifier smooths the pulse: only scatter tells doublets there
    assert kept[~single].mean() < (0.30 if platform == "calibur" else 0.05)
    assert run.curve.accepted


@pytest.mark.parametrize("case", ["many_multiplets", "much_debris", "unequal_levels", "few_events"])
def test_dirty_tubes_give_the_curve_of_clean_ones(good, case):
    _, table = tube(case)
    curve = run_of(table).curve
    assert curve.accepted
    for level in (1300.0, 5000.0, 30_000.0):
        expected = good[2].curve.fluorescence(level)
        assert curve.fluorescence(level) == pytest.approx(expected, rel=0.03)


def test_the_matrix_of_a_bead_file_changes_nothing(good):
    made, _, run = good
    words = {k: v for k, v in made.recording.keywords.items() if k != "$SPILLOVER"}
    bare = dataclasses.replace(made.recording, keywords=words)
    without = run_of(read_fcs(io.BytesIO(bare.to_bytes())))
    assert without.curve.slope == run.curve.slope
    assert without.curve.findings == run.curve.findings


def test_provenance_travels_with_the_curve(good):
    _, table, run = good
    origin = run.curve.provenance
    assert origin.sha256 == table.sha256
    assert (origin.detector, origin.voltage, origin.gain) == ("PE-A", 410.0, 1.0)
    assert origin.serial == "V00000001"
    assert origin.acquired_at == BEAD_CASES["good"].started_at.replace(microsecond=0)


def test_evidence_is_all_events_and_the_singlets_among_them(good):
    _, table, run = good
    np.testing.assert_array_equal(run.evidence.values, table.column("PE-A"))
    assert run.evidence.singlets.shape == (table.n_events,)
    assert sum(peak.events for peak in run.curve.peaks) <= run.evidence.singlets.sum()


def test_beads_are_read_on_the_samples_detector(good):
    _, table, run = good
    height = run_of(table, detector="PE-H")
    assert height.curve.provenance.detector == "PE-H"
    assert height.curve.intercept != run.curve.intercept
    sample = EventTable.from_columns({"Comp-PE-H": np.arange(3.0)}).channels[0]
    assert bead_channel(table, ASSAY, sample).name == "PE-H"


def test_beads_without_the_samples_detector_give_their_own(good):
    """That the two differ is then a finding, not a bead file without a curve."""
    sample = EventTable.from_columns({"YG-PE-A": np.arange(3.0)}).channels[0]
    assert bead_channel(good[1], ASSAY, sample).name == "PE-A"


def test_a_file_without_pe_is_refused(good):
    made, _, _ = good
    channels = tuple(c for c in made.recording.channels if not c.name.startswith("PE-"))
    bare = dataclasses.replace(made.recording, channels=channels)
    words = {k: v for k, v in bare.keywords.items() if k != "$SPILLOVER"}
    bare = dataclasses.replace(bare, keywords=words)
    with pytest.raises(RoleNotFound) as caught:
        run_of(read_fcs(io.BytesIO(bare.to_bytes())))
    assert caught.value.code == "CHANNEL_NOT_FOUND"


def test_blood_offered_as_beads_is_refused():
    spec = dataclasses.replace(sepsis, events=25_000)
    sample = blood(spec, canto(), np.random.default_rng(1))
    with pytest.raises(BeadPeaksNotFound) as caught:
        run_of(read_fcs(io.BytesIO(sample.recording.to_bytes())))
    assert caught.value.code == "BEAD_PEAKS_NOT_FOUND"


def test_three_values_for_four_peaks_are_refused(good):
    with pytest.raises(LevelCountMismatch) as caught:
        run_of(good[1], "474,5359,23843")
    assert (caught.value.levels, caught.value.peaks) == (3, 4)
    assert caught.value.file == good[1].name
    assert str(caught.value).startswith(f"{good[1].name}: the lot has 3 levels")


def test_a_bead_file_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "my-beads.fcs").write_bytes(b"no FCS file")
    with pytest.raises(HladrError, match=r"^my-beads.fcs: not an FCS file") as caught:
        run_of(tmp_path / "my-beads.fcs")
    assert caught.value.code == "NOT_FCS"
    assert caught.value.file == "my-beads.fcs"


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("missing_level", "PEAK_MISSING"),
        ("missing_dimmest", "PEAK_MISSING"),
        ("drift", "BEADS_DRIFT"),
    ],
)
def test_beads_that_may_not_be_used_are_not_accepted(case, code):
    run = run_of(tube(case)[1])
    assert code in codes(run, Severity.REJECT)
    assert not run.curve.accepted


def test_a_wrong_lot_shows_in_the_residuals(good):
    """Another lot's values of the same kit, on these beads."""
    run = run_of(good[1], "638,6930,31008,67601")
    assert "RESIDUAL_HIGH" in codes(run, Severity.REJECT)


def test_an_expired_lot_is_not_accepted(good):
    day = BEAD_CASES["good"].started_at.date()
    for days, expected in ((-1, True), (0, False), (400, False)):
        lot = dataclasses.replace(LOT, expires=day + timedelta(days=days))
        run = run_of(good[1], lot)
        assert ("LOT_EXPIRED" in codes(run, Severity.REJECT)) is expected
        assert run.curve.accepted is not expected


def test_a_day_that_was_shifted_shows_no_lot_in_date(good):
    _, table, _ = good
    columns = {channel.name: table.column(channel) for channel in table.channels}
    shifted = {"$DATE": "14-MAR-2025", "$BTIM": "09:05:41", "HLADR_DEIDENTIFIED": "1"}
    lot = dataclasses.replace(LOT, expires=date(2026, 1, 31))
    run = run_of(EventTable.from_columns(columns, keywords=shifted, name="shared.fcs"), lot)
    assert "LOT_EXPIRY_HIDDEN" in codes(run, Severity.WARN)


def test_the_order_of_bead_events_does_not_matter(good):
    made, table, run = good
    order = np.random.default_rng(1).permutation(table.n_events)
    channels = tuple(
        dataclasses.replace(c, values=np.asarray(c.values)[order]) for c in made.recording.channels
    )
    mixed = dataclasses.replace(made.recording, channels=channels)
    again = run_of(read_fcs(io.BytesIO(mixed.to_bytes())))
    assert again.curve.slope == pytest.approx(run.curve.slope, rel=1e-9)
    assert again.curve.intercept == pytest.approx(run.curve.intercept, rel=1e-9)


def test_hardly_any_beads_are_refused_with_the_number():
    _, table = tube(dataclasses.replace(BEAD_CASES["good"], events=150))
    with pytest.raises(TooFewBeads) as caught:
        run_of(table)
    assert caught.value.code == "TOO_FEW_EVENTS"
    assert caught.value.found < 200
    assert "200" in str(caught.value)


@pytest.mark.parametrize(
    "columns",
    [
        {"fsc": np.zeros(500), "ssc": np.ones(500)},
        {"fsc": np.full(500, np.nan), "ssc": np.ones(500)},
        {"fsc": np.full(500, np.inf), "ssc": np.ones(500)},
        {"fsc": -np.ones(500), "ssc": np.ones(500)},
    ],
)
def test_scatter_without_numbers_is_refused(columns):
    with pytest.raises(TooFewBeads):
        gate_beads(columns["fsc"], columns["ssc"], None, file="beads.fcs")


def test_two_beads_with_the_area_of_one_are_told_by_their_height():
    rng = np.random.default_rng(4)
    fsc, ssc = 9e4 * rng.lognormal(0, 0.04, 5000), 6e4 * rng.lognormal(0, 0.04, 5000)
    height = fsc * rng.lognormal(0.0, 0.02, 5000)
    height[:400] *= 0.75
    singlets = gate_beads(fsc, ssc, height, file="beads.fcs")
    assert singlets[:400].mean() < 0.02
    assert singlets[400:].mean() > 0.95


def test_scatter_of_one_value_is_a_cluster():
    singlets = gate_beads(np.full(500, 7.0), np.full(500, 9.0), np.full(500, 7.0), file="x")
    assert singlets.all()


def test_beads_cut_at_their_range_after_the_first_events_are_a_finding_of_the_curve(good):
    """The reader sees the first 2,000 events; what comes later is seen when the column is used."""
    _, table, run = good
    assert "NUMBERS_ABOVE_RANGE" not in codes(run)
    stored = np.maximum(table.raw(), 0).astype(np.uint32)
    index = next(c.index for c in table.channels if c.name == "PE-A")
    stored[-50:, index] |= 2**18
    channels = [
        OutputChannel(c.name, stored[:, c.index], marker=c.marker, bits=32, range=2**18)
        for c in table.channels
    ]
    file = io.BytesIO()
    write_fcs(file, channels, data_type="I")
    again = read_fcs(file.getvalue())
    assert "NUMBERS_ABOVE_RANGE" not in {f.code for f in again.findings}
    assert "NUMBERS_ABOVE_RANGE" in codes(run_of(again))
