"""Which peak is which level: never by what would fit best."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration import BeadLot, LevelCountMismatch, Population, TooFewLevels
from calibration.levels import match_levels
from calibration.peaks import BeadPopulations


def peak(mean, *, events=2000, spread=0.08, measured=True):
    return Population(
        position=math.asinh(mean / 10.0),
        spread=spread,
        low=0.8 * mean,
        high=1.25 * mean,
        events=events,
        geometric_mean=mean if measured else None,
        standard_error=0.002 if measured else None,
        median=mean,
        cv_percent=8.0,
        deviation=0.08 * mean,
        cut_below=not measured,
        saturated_fraction=0.0,
    )


def beads(*peaks, doubtful=(), dimmest_doubtful=False):
    return BeadPopulations(
        beads=peaks,
        dimmest_doubtful=dimmest_doubtful,
        doubtful=doubtful,
        ignored=(),
        n_events=10_000,
        top=262143.0,
    )


def peaks_of(lot, gain=1.3, slope=1.0):
    return [peak(gain * value**slope) for value in lot.values]


def assigned(match):
    return [value for value, _ in match.pairs]


def test_as_many_peaks_as_levels_are_matched_in_order(lot):
    match = match_levels(beads(*peaks_of(lot)), lot)
    assert assigned(match) == list(lot.values)
    assert match.missing == ()


def test_a_wrong_lot_is_matched_in_order_and_not_bent_to_fit(lot, other_lot):
    match = match_levels(beads(*peaks_of(lot)), other_lot)
    assert assigned(match) == list(other_lot.values)


@given(st.integers(0, 3), st.floats(0.01, 100.0), st.floats(0.96, 1.04))
def test_one_missing_peak_is_named_by_the_distances(missing, gain, slope):
    lot = BeadLot.parse("474,5359,23843,62336")
    peaks = peaks_of(lot, gain, slope)
    del peaks[missing]
    match = match_levels(beads(*peaks), lot)
    assert match.missing == (lot.values[missing],)


def test_missing_peaks_of_evenly_spaced_levels_are_not_guessed():
    even = BeadLot.parse("1000,2000,4000,8000,16000")
    with pytest.raises(LevelCountMismatch) as caught:
        match_levels(beads(*peaks_of(even)[1:]), even)
    assert (caught.value.levels, caught.value.peaks) == (5, 4)


def test_two_peaks_of_four_levels_are_not_guessed(lot):
    with pytest.raises(LevelCountMismatch, match="the lot has 4 levels, the beads show 2 peaks"):
        match_levels(beads(*peaks_of(lot)[:2]), lot)


@pytest.mark.parametrize(
    ("values", "n_peaks"), [("474,5359,23843", 4), ("474,5359,23843,62336", 8), ("474,5359", 3)]
)
def test_surplus_peaks_are_a_mismatch_that_tells_both_numbers(values, n_peaks):
    many = [peak(100.0 * 2.5**i) for i in range(n_peaks)]
    lot = BeadLot.parse(values)
    with pytest.raises(LevelCountMismatch) as caught:
        match_levels(beads(*many), lot)
    assert (caught.value.levels, caught.value.peaks) == (len(lot.values), n_peaks)
    assert caught.value.positions == tuple(bead.median for bead in many)


def test_doubtful_peaks_are_given_up_only_when_the_lot_has_no_level_for_them(lot):
    four = peaks_of(lot)
    extra = peak(2.0 * four[1].median, events=600)
    with_extra = [*four[:2], extra, *four[2:]]
    match = match_levels(beads(*with_extra, doubtful=(2,)), lot)
    assert match.given_up == (extra,)
    assert assigned(match) == list(lot.values)
    kept = match_levels(beads(*four, doubtful=(2,)), lot)
    assert kept.given_up == ()


def test_doubtful_peaks_do_not_excuse_a_larger_surplus(lot):
    many = [peak(100.0 * 2.5**i) for i in range(6)]
    with pytest.raises(LevelCountMismatch) as caught:
        match_levels(beads(*many, doubtful=(2,)), lot)
    assert caught.value.peaks == 6


def test_a_small_peak_at_zero_is_debris_unless_the_lot_has_a_blank(lot):
    debris = peak(20.0, events=300, measured=False)
    four = peaks_of(lot)
    plain = match_levels(beads(debris, *four, dimmest_doubtful=True), lot)
    assert plain.given_up == (debris,)
    blank_lot = BeadLot(assigned=(None, *lot.values))
    with_blank = match_levels(beads(debris, *four, dimmest_doubtful=True), blank_lot)
    assert assigned(with_blank) == [None, *lot.values]


def test_debris_does_not_stand_in_for_a_missing_level(lot):
    debris = peak(20.0, events=300, measured=False)
    match = match_levels(beads(debris, *peaks_of(lot)[1:], dimmest_doubtful=True), lot)
    assert match.missing == (474.0,)
    assert assigned(match) == list(lot.values[1:])


@pytest.mark.parametrize("missing", range(6))
def test_blank_and_values_are_told_apart_when_one_is_missing(missing):
    lot = BeadLot.parse("blank,474,5359,23843,62336,150000")
    peaks = [peak(25.0, measured=False), *peaks_of(lot)]
    del peaks[missing]
    match = match_levels(beads(*peaks), lot)
    assert match.missing == (lot.assigned[missing],)


def test_a_peak_brighter_than_the_dimmest_level_is_not_called_the_blank():
    lot = BeadLot.parse("blank,474,5359,23843,62336,150000")
    too_bright = peak(1.5 * 1.3 * 474.0)
    with pytest.raises(LevelCountMismatch):
        match_levels(beads(too_bright, *peaks_of(lot)[1:]), lot)


def test_a_blank_with_a_geometric_mean_is_still_no_point_of_the_line():
    lot = BeadLot.parse("blank,474,5359,23843")
    match = match_levels(beads(peak(60.0), *peaks_of(lot)), lot)
    assert assigned(match) == [None, 474.0, 5359.0, 23843.0]


def test_fewer_than_three_measured_levels_of_four_are_refused(lot):
    hidden = [peak(1.3 * v, measured=i > 1) for i, v in enumerate(lot.values)]
    with pytest.raises(TooFewLevels) as caught:
        match_levels(beads(*hidden), lot)
    assert (caught.value.levels, caught.value.fitted, caught.value.needed) == (4, 2, 3)


def test_two_measured_levels_of_three_are_enough_to_be_made():
    lot = BeadLot.parse("474,5359,23843")
    dim = [peak(600.0, measured=False), *peaks_of(lot)[1:]]
    assert len(match_levels(beads(*dim), lot).pairs) == 3


def test_one_of_sixteen_levels_is_found_missing():
    rng = np.random.default_rng(1)
    values = np.cumprod(rng.uniform(1.3, 2.5, 16)) * 100.0
    many = BeadLot(assigned=tuple(values.round()))
    peaks = peaks_of(many)
    match = match_levels(beads(*peaks[:10], *peaks[11:]), many)
    assert match.missing == (many.values[10],)
