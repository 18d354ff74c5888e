"""Which run a new one is held against, and how far it lies from it."""

import pytest
from laboratory import LOT, tube_file

from service.calibrations.compared import compared
from service.store import calibrations
from service.store.signed_runs import last_signed


@pytest.fixture
def bench(bench):
    """The same with two instruments and two lots."""
    bench.instruments = [bench.instrument(), bench.instrument(name="Canto 2")]
    other = [1.1 * value for value in LOT["assigned"]]
    bench.lots = [bench.lot(), bench.lot(number="SIM-2", assigned=other)]
    return bench


def run(bench, lot=0, instrument=0, meaning=None):
    """A run, on which somebody signed a result or not."""
    made = bench.calibration(bench.lots[lot], bench.instruments[instrument])
    if meaning is not None:
        name = f"S-{made['id'][:8]}"
        blood = bench.analyse(made, tube_file(_SRC=name), subject=name)
        bench.sign(blood, "anna", meaning, comment="looked at")
    return made["id"]


def held_against(bench, id):
    with bench.laboratory.database.reading() as connection:
        now = calibrations.current(connection, id)
        then = last_signed(connection, now)
    return now, then


def test_nobody_signed_anything_yet(bench):
    run(bench)
    assert held_against(bench, run(bench))[1] is None


def test_only_a_run_that_somebody_stands_for_counts(bench):
    signed = run(bench, meaning="performed")
    run(bench)
    run(bench, meaning="rejected")
    run(bench, instrument=1, meaning="performed")
    now = run(bench)
    run(bench, meaning="performed")  # later
    assert held_against(bench, now)[1].id == signed


def test_the_same_lot_goes_before_a_later_one_of_another(bench):
    same = run(bench, meaning="performed")
    other = run(bench, lot=1, meaning="performed")
    assert held_against(bench, run(bench))[1].id == same
    assert held_against(bench, run(bench, lot=1))[1].id == other


def test_another_lot_is_compared_by_its_line(bench):
    run(bench, meaning="performed")
    now, then = held_against(bench, run(bench, lot=1))
    found = compared(now, then)
    assert not found.same_lot
    assert [each.molecules for each in found.moved] == [now.curve.lowest, now.curve.top]
    # The same beads are said to hold a tenth more: as many molecules give less fluorescence.
    assert [each.percent for each in found.moved] == pytest.approx([-9.0, -9.0], abs=0.2)
