"""Everything there is to see of the steadiness of an instrument."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from calibration.control import (
    Calibrated,
    Compared,
    ControlCharts,
    Segment,
    charts,
    compare_with_recent,
)
from service.moment import now, written
from service.quality.book import Book
from service.quality.runs import MadeRun, runs_of
from service.store import quality_log
from service.store.calibration import Calibration
from service.store.calibration_runs import RECENT
from service.store.quality_log import Entry
from service.store.versions import INSTRUMENTS, Version


@dataclass(frozen=True, slots=True)
class Seen:
    """An instrument over time.

    Parameters
    ----------
    runs
        In the order they were made, each with how it lies against the five kept before it.
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
    # The oldest that is shown is judged by those before it as well.
    runs = _runs(connection, instrument_id, book, most + RECENT)
    judged = charts([each.run for each in runs], book.baselines, book.rules)
    newest = sorted(tuple(_with_compared(runs))[-most:], key=lambda each: str(each[0].run.moment))
    shown = _only(judged, {made.run.id for made, _ in newest})
    return Seen(instrument, tuple(newest), shown, book, tuple(log))


def _only(judged: ControlCharts, ids: Collection[str]) -> ControlCharts:
    """Charts and verdicts of some of the runs, as they were judged among all."""
    return ControlCharts(
        charts=tuple(
            replace(chart, segments=tuple(_cut(each, ids) for each in chart.segments))
            for chart in judged.charts
        ),
        verdicts=tuple(each for each in judged.verdicts if each.run in ids),
    )


def _cut(segment: Segment, ids: Collection[str]) -> Segment:
    return replace(
        segment,
        points=tuple(each for each in segment.points if each.run in ids),
        skipped=tuple(each for each in segment.skipped if each.run in ids),
    )


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
