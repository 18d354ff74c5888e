from dataclasses import replace

import numpy as np
import pytest

from hladr.simulate import BEAD_CASES, ORDINARY, BeadSpec, beads, blood, calibur, canto, pair_spec
from hladr.simulate.bead import DEBRIS, MULTIPLET
from hladr.simulate.instrument import Compensation, Feature
from hladr.simulate.particle import Source

GOOD = BEAD_CASES["good"]


def run(spec, instrument=None, seed=3):
    return beads(spec, instrument or canto(), np.random.default_rng(seed))


def pe_of(recording, instrument):
    """PE in scale values, the instrument's own spillover taken away where the file leaves it in."""
    feature = {r.feature for r in instrument.readouts} - {Feature.WIDTH}
    wanted = Feature.AREA if Feature.AREA in feature else Feature.HEIGHT
    detectors = [instrument.detectors[p] for p in instrument.fluorescence]
    columns = [
        next(r for r in instrument.readouts if r.detector == d.name and r.feature is wanted)
        for d in detectors
    ]
    values = np.column_stack([c.digitiser.scale(recording.stored(c.name)) for c in columns])
    if instrument.compensation is Compensation.IN_FILE:
        values = values @ np.linalg.inv(instrument.spillover())
    return values[:, [d.source for d in detectors].index(Source.PE)]


def log_mean(values):
    return np.log10(values[values > 0]).mean()


def test_levels_hold_the_assigned_molecules_with_the_declared_spread():
    seen = run(replace(GOOD, events=40_000))
    for level, (assigned, cv) in enumerate(zip(GOOD.assigned, GOOD.cv, strict=True)):
        n = seen.truth.counts[level]
        assert seen.truth.molecules[level] == pytest.approx(assigned, rel=5 * cv / np.sqrt(n))
        pe = pe_of(seen.recording, canto())[seen.labels == level]
        unit = canto().scale_per_unit("PE")
        detector = canto().detectors[canto().column("PE")]
        photons = (
            1 / (assigned * 0.08)
            + (detector.noise**2 + detector.gain**2 * detector.stray) / (assigned * unit) ** 2
        )
        # Beads, photo-electrons, noise, place in the stream; compensation adds little here.
        expected = np.sqrt(cv**2 + photons + canto().illumination_cv ** 2)
        assert pe.std() / pe.mean() == pytest.approx(expected, rel=0.06)


def test_what_is_in_the_tube_is_as_many_as_declared():
    seen = run(GOOD)
    for label, share in ((MULTIPLET, GOOD.doublets + GOOD.triplets), (DEBRIS, GOOD.debris)):
        sd = np.sqrt(GOOD.events * share * (1 - share))
        assert np.sum(seen.labels == label) == pytest.approx(GOOD.events * share, abs=5 * sd + 3)
    single = sum(seen.truth.counts)
    for weight, count in zip(GOOD.weights, seen.truth.counts, strict=True):
        assert count == pytest.approx(
            single * weight, abs=5 * np.sqrt(single * weight * (1 - weight))
        )


@pytest.mark.parametrize("kind", ORDINARY)
def test_with_the_true_gate_the_bead_line_answers_within_two_per_cent(kind):
    spec = pair_spec(kind)
    tube = run(spec.beads, spec.bead_instrument)
    patient = blood(spec.blood, spec.blood_instrument, np.random.default_rng(8))
    bead_pe = pe_of(tube.recording, spec.bead_instrument)
    measured = [log_mean(bead_pe[tube.labels == level]) for level in range(4)]
    slope, intercept = np.polyfit(np.log10(tube.truth.assigned), measured, 1)
    cell_pe = pe_of(patient.recording, spec.blood_instrument)[patient.monocytes]
    answer = 10 ** ((log_mean(cell_pe) - intercept) / slope)
    assert slope == pytest.approx(1.0, abs=0.01)
    assert answer == pytest.approx(patient.truth.abc, rel=0.02)


def test_multiplets_carry_the_molecules_of_their_members():
    seen = run(replace(GOOD, doublets=0.5, triplets=0.2))
    pe = pe_of(seen.recording, canto()) / canto().scale_per_unit("PE")
    average = np.dot(GOOD.weights, np.array(GOOD.assigned) * np.sqrt(1 + np.square(GOOD.cv)))
    members = (2 * 0.5 + 3 * 0.2) / 0.7
    multiplets = pe[seen.labels == MULTIPLET]
    error = multiplets.std() / np.sqrt(multiplets.size)
    assert multiplets.mean() == pytest.approx(members * (average + GOOD.background), abs=5 * error)


def test_bead_doublets_have_more_area_for_their_height_than_singles():
    seen = run(GOOD)
    ratio = seen.recording.stored("FSC-A") / seen.recording.stored("FSC-H")
    assert np.quantile(ratio[seen.labels == MULTIPLET], 0.05) > np.quantile(
        ratio[seen.labels >= 0], 0.999
    )


def test_a_missing_level_is_not_there():
    seen = run(BEAD_CASES["missing_level"])
    assert seen.truth.counts[1] == 0
    assert np.isnan(seen.truth.molecules[1])
    assert not np.any(seen.labels == 1)


def test_a_pe_threshold_cuts_the_dimmest_level_and_a_voltage_too_high_the_brightest():
    cut = pair_spec("beads_cut_by_threshold")
    assert (
        0.1 < run(cut.beads, cut.bead_instrument).truth.counts[0] / run(GOOD).truth.counts[0] < 0.9
    )
    high = pair_spec("beads_saturated")
    seen = run(high.beads, high.bead_instrument)
    assert np.mean(seen.recording.stored("PE-A")[seen.labels == 3] >= 262143) > 0.5
    assert seen.recording.channels[7].voltage == 560.0


def test_light_of_the_plastic_adds_to_every_bead():
    unit = canto().scale_per_unit("PE")
    dark, bright = (run(replace(GOOD, background=b, events=40_000)) for b in (0.0, 60.0))
    difference = [
        np.median(seen.recording.stored("PE-A")[seen.labels == 0]) for seen in (dark, bright)
    ]
    # The two tubes have the same beads; their photo-electrons differ.
    assert (difference[1] - difference[0]) / unit == pytest.approx(60.0, abs=6.0)


@pytest.mark.parametrize(("compensation", "left"), [("ON_BOARD", 0.002), ("UNRECORDED", 0.16)])
def test_a_calibur_takes_spilled_light_away_before_the_file(compensation, left):
    instrument = replace(calibur(), compensation=Compensation[compensation])
    seen = run(GOOD, instrument)
    readout = {r.name: r for r in instrument.readouts}

    def top_bead(name):
        stored = seen.recording.stored(name)[seen.labels == 3]
        return np.median(readout[name].digitiser.scale(stored))

    assert top_bead("FL3-H") / top_bead("FL2-H") == pytest.approx(left, abs=0.002)
    assert "$SPILLOVER" not in seen.recording.keywords


def test_drift_dims_the_last_beads():
    seen = run(replace(BEAD_CASES["drift"], doublets=0, triplets=0, debris=0))
    top = np.flatnonzero(seen.labels == 3)
    pe = pe_of(seen.recording, canto())
    first, last = (np.median(pe[part]) for part in np.array_split(top, 20)[::19])
    assert last / first == pytest.approx((1 - 0.25 * 39 / 40) / (1 - 0.25 / 40), rel=0.03)


def test_rainbow_beads_shine_in_every_detector_and_pe_beads_in_one():
    def span(spec, detector):
        seen = run(spec)
        values = seen.recording.stored(f"{detector}-A")
        top = len(spec.assigned) - 1
        return np.median(values[seen.labels == top]) / canto().scale_per_unit(detector)

    rainbow = BEAD_CASES["rainbow"]
    assert len(rainbow.assigned) == 8
    for detector in ("FITC", "PerCP-Cy5-5", "V500"):
        assert span(rainbow, detector) > 0.3 * span(rainbow, "PE")
    assert span(GOOD, "V500") < 0.01 * span(GOOD, "PE")


@pytest.mark.parametrize(
    "fault",
    [{"cv": (0.1,)}, {"weights": (1.0, 1.0)}, {"events": 0}, {"debris": 1.0}, {"doublets": -0.1}],
)
def test_a_tube_of_beads_that_cannot_be_is_a_mistake(fault):
    with pytest.raises(ValueError, match=r"as many as|needs an event"):
        BeadSpec(**fault)
