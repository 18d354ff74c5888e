"""Runs of an instrument as charts take them: beads, and the control blood measured with them."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from calibration.control import Epoch, Quantity, Run, control, curve_values
from calibration.lot import BeadLot
from service.moment import read
from service.quality.book import Book
from service.store import calibration_runs, control_blood
from service.store.bead_copies import Copy
from service.store.calibration import Calibration
from service.store.control_blood import ControlTube
from service.store.run_key import RunKey


@dataclass(frozen=True, slots=True)
class MadeRun:
    """A run of the instrument.

    Parameters
    ----------
    calibration
        Its beads.
    tubes
        Control blood that was measured by them, or by a copy, the oldest first.
    run
        The same as charts take it.
    copies
        Runs of the same file, which count for nothing of their own.
    """

    calibration: Calibration
    tubes: tuple[ControlTube, ...]
    run: Run
    copies: tuple[Copy, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of all runs of the file."""
        return (self.run.id, *(each.id for each in self.copies))


def runs_of(
    connection: Connection, instrument_id: str, book: Book, until: str, most: int
) -> list[MadeRun]:
    """Return runs of an instrument whose curve is accepted, in the order they were kept.

    Parameters
    ----------
    until, most
        As of `service.store.calibration_runs.near`; what it takes in besides comes first.
    """
    near = calibration_runs.near(connection, instrument_id, until, most)
    return runs_at(connection, near.all, book)


def runs_at(connection: Connection, keys: Sequence[RunKey], book: Book) -> list[MadeRun]:
    """Return the runs of some keys, in the order they were kept."""
    found = calibration_runs.at_keys(connection, keys)
    copies = {each.id: each.copies for each in keys}
    of_run = {id_: each.id for each in keys for id_ in each.ids}
    tubes: dict[str, list[ControlTube]] = defaultdict(list)
    for tube in control_blood.of_runs(connection, list(of_run)):
        tubes[of_run[tube.calibration_id]].append(tube)
    return [_made(each, (tubes[each.id], copies[each.id]), book) for each in found]


def moment_of(calibration: Calibration) -> str:
    """When beads were measured, by the clock of the instrument; else when they came, by UTC."""
    acquired = calibration.curve.provenance.acquired_at or read(calibration.created_at)
    return acquired.replace(tzinfo=None).isoformat(timespec="seconds")


def lot_words(lot: BeadLot) -> str:
    """Return what a baseline of beads hangs on: the lot, with the values that were used."""
    values = ", ".join("blank" if value is None else f"{value:.10g}" for value in lot.assigned)
    return f"{lot.number or 'without a number'} ({values})"


def level_of(tube: ControlTube) -> str:
    """Return which control blood a tube is of: what it is called, and the barcode of its vial."""
    said = (tube.tube.get("subject"), tube.tube.get("barcode"))
    return " ".join(each for each in said if each) or "without a name"


def _made(
    calibration: Calibration, of_it: tuple[Sequence[ControlTube], tuple[Copy, ...]], book: Book
) -> MadeRun:
    tubes, copies = of_it
    moment = moment_of(calibration)
    epoch = Epoch(beads=lot_words(calibration.curve.lot), service=book.service_before(moment))
    values = {**curve_values(calibration.curve), **_control_values(tubes)}
    return MadeRun(calibration, tuple(tubes), Run(calibration.id, moment, values, epoch), copies)


def _control_values(tubes: Sequence[ControlTube]) -> dict[Quantity, float]:
    """AB/c by level; of several tubes of one level in a run their geometric mean."""
    of_level: dict[str, list[float]] = defaultdict(list)
    for tube in tubes:
        of_level[level_of(tube)].append(math.log(tube.abc))
    return {
        control(level): math.exp(math.fsum(logs) / len(logs)) for level, logs in of_level.items()
    }
