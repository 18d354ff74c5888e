"""Every error: its code, its facts, its sentence, its way out of a worker process."""

import pickle

import pytest

from calibration import (
    BeadPeaksNotFound,
    CalibrationError,
    InvalidCurveRecord,
    InvalidLot,
    LevelCountMismatch,
    LotError,
    PeakError,
    TooFewLevels,
)
from calibration.errors import (
    BaselineMixesEpochs,
    BaselineTooShort,
    ControlError,
    InvalidControlRecord,
    TooFewPairs,
)

LEAVES = {
    InvalidLot: InvalidLot(field="assigned", expected="a list of values", found=474),
    LevelCountMismatch: LevelCountMismatch(levels=4, peaks=2, positions=(612.4, 8000.0)),
    BeadPeaksNotFound: BeadPeaksNotFound(
        events=5000, peaks=1, share=0.98, broadest_cv_percent=71.2
    ),
    TooFewLevels: TooFewLevels(levels=4, fitted=2, needed=3),
    InvalidCurveRecord: InvalidCurveRecord(field="record.slope", expected="a number", found=None),
    InvalidControlRecord: InvalidControlRecord(
        field="runs", expected="each run once", found="run 7"
    ),
    BaselineTooShort: BaselineTooShort(quantity="slope", runs=22, found=19, needed=20),
    BaselineMixesEpochs: BaselineMixesEpochs(quantity="slope", epochs=("bead lot A", "bead lot B")),
    TooFewPairs: TooFewPairs(found=1, needed=2),
}
SENTENCES = """
bead lot, assigned: expected a list of values, found 474. Copy the values from the flyer of the
lot, dimmest first, 'blank' for a level without a value.

the lot has 4 levels, the beads show 2 peaks (at 612, 8000), and which peak is which level
cannot be told. Check that the lot belongs to these beads, that it states every level ('blank' for
one without a value), and that no peak is off scale.

expected two or more narrow, separated bead populations; found 1 peak holding 98 % of 5000 events,
the broadest CV 71 %. Check that this is the bead tube, the PE channel and the singlet gate.

of 4 levels with a value only 2 could be measured; 3 are needed. Set the detector so that every
bead stands apart and lies between zero and the top of the scale, and acquire the beads again.

saved curve, record.slope: expected a number, found None. Use the file as it was saved, or
calibrate again from the bead file.

control over time, runs: expected each run once, found 'run 7'. Correct the record before the runs
are judged by it.

baseline of slope: expected at least 20 runs with a value, found 19 in a window of 22. Lock a longer
window, or set mean and SD by hand.

baseline of slope: expected runs of one lot and between two services, found bead lot A; bead lot B.
Lock a window on one side of the change.

bridging of two lots: expected at least 2 pairs, found 1. Run both lots side by side once more.
""".strip().split("\n\n")


def leaves(kind=CalibrationError):
    below = kind.__subclasses__()
    return {kind} if not below else {leaf for sub in below for leaf in leaves(sub)}


def test_every_leaf_is_here():
    assert leaves() == set(LEAVES)


def test_codes_are_their_own():
    kinds = [CalibrationError, LotError, PeakError, ControlError, *LEAVES]
    assert len({kind.code for kind in kinds}) == len(kinds)
    assert all(kind.code == kind.code.upper() for kind in kinds)


@pytest.mark.parametrize(
    ("error", "sentence"),
    list(zip(LEAVES.values(), SENTENCES, strict=True)),
    ids=lambda value: type(value).__name__,
)
def test_each_says_what_was_expected_found_and_what_to_do(error, sentence):
    assert str(error) == " ".join(sentence.split())


@pytest.mark.parametrize("error", list(LEAVES.values()), ids=lambda v: type(v).__name__)
def test_each_survives_pickling_with_its_facts(error):
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)


@pytest.mark.parametrize("error", list(LEAVES.values()), ids=lambda v: type(v).__name__)
def test_each_can_be_told_which_file_it_is_about(error):
    named = error.about("beads.fcs")
    assert (type(named), named.code) == (type(error), error.code)
    assert str(named) == f"beads.fcs: {error}"
    assert vars(named) == vars(error) | {"file": "beads.fcs"}
    assert error.file is None
    again = pickle.loads(pickle.dumps(named))  # noqa: S301 - our own bytes
    assert (str(again), vars(again)) == (str(named), vars(named))
