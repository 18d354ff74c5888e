"""Everything there is to see of the steadiness of an instrument."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from calibration.control import Calibrated, Compared, ControlCharts, charts, compare_with_recent
from service.moment import now, written
from service.quality.book import Book
from service.quality.runs import MadeRun, runs_of
from service.store import quality_log
from service.store.calibrations import RECENT, Calibration
from service.store.quality_log import Entry
from service.store.versions import INSTRUMENTS, Version


@dataclass(frozen=True, slots=True)
class Seen:
    """An instrument over time.

    Parameters
    ----------
    runs
        In the order they were kept, each with how it lies against the five before it.
    """

    instrument: Version
    runs: tuple[tuple[MadeRun, Compared], ...]
    judged: ControlCharts
    book: Book
    log: tuple[Entry, ...]


def seen(connection: Connection, instrument_id: str, most: int) -> Seen:
    """Return how an instrument did in its newest runs.

    Raises
    ------
    NotFound
    """
    instrument = INSTRUMENTS.current(connection, instrument_id)
    log = quality_log.of_instrument(connection, instrument_id)
    book = Book.of(log)
    runs = _runs(connection, instrument_id, book, most)
    judged = charts([each.run for each in runs], book.baselines, book.rules)
    return Seen(instrument, tuple(_with_compared(runs)), judged, book, tuple(log))


def runs_now(connection: Connection, instrument_id: str, most: int) -> list[MadeRun]:
    """Return the newest runs of an instrument, in the order they were kept."""
    book = Book.of(quality_log.of_instrument(connection, instrument_id))
    return _runs(connection, instrument_id, book, most)


def _runs(connection: Connection, instrument_id: str, book: Book, most: int) -> list[MadeRun]:
    return runs_of(connection, instrument_id, book, written(now()), most)


def calibrated(calibration: Calibration) -> Calibrated:
    """Return a calibration as it is compared."""
    return Calibrated.of(calibration.id, calibration.curve)


def _with_compared(runs: Sequence[MadeRun]) -> Iterator[tuple[MadeRun, Compared]]:
    found = [calibrated(each.calibration) for each in runs]
    for place, made in enumerate(runs):
        before = found[max(0, place - RECENT) : place]
        yield made, compare_with_recent(found[place], before)
