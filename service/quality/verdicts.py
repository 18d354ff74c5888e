"""Whether runs may be used for patients, by the rules of their instruments."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from calibration.control import Outcome, Quantity, Run, Verdict, charts
from service.quality.book import Book
from service.quality.kept import Kept
from service.quality.runs import runs_at
from service.store import calibration_runs, control_blood, quality_log
from service.store.bead_copies import counted_for
from service.store.calibration_runs import MOST_WITH_CONTROL
from service.store.quality_log import Entry
from service.store.run_key import RunsNear

_REACH: Final = 40
"""Runs that are looked at together."""
_BEFORE: Final = 12
"""Runs before one that judge it, beside what is measured seldom: no rule looks at more than ten."""
_AFTER: Final = 12
"""Runs that came after one and are looked at: some may have been measured before it."""

_Log = tuple[str, tuple[str, ...]]
"""An instrument, and the entries of its log, by their ids."""
_Verdicts = Callable[[Connection, _Log, Book, RunsNear], Mapping[str, Verdict]]

_books: Kept[Book] = Kept(32)
_whole: Kept[Mapping[str, Verdict]] = Kept(32)
_rejecting: Kept[Mapping[str, Verdict]] = Kept(32)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules say of a run, and who lets it be used in spite of that.

    Parameters
    ----------
    verdict
        Of a copy that of the run which counts for its file.
    use
        The entry of the log; None where nobody has said so.
    """

    verdict: Verdict
    use: Entry | None

    @property
    def is_rejected(self) -> bool:
        """Whether a rule that rejects is violated."""
        return self.verdict.outcome is Outcome.REJECT


def verdicts_of(connection: Connection, ids: Collection[str]) -> dict[str, Judged]:
    """Return what the rules say of some calibrations, by their ids.

    Of instruments without a baseline nothing is said.
    """
    return _of_all(connection, ids, _whole_verdicts)


def rejections_of(connection: Connection, ids: Collection[str]) -> dict[str, Judged]:
    """Return what the rules that reject say of some calibrations, by their ids.

    It is asked for every number of a patient: what can only warn is not looked at, and what was
    worked out is kept, as long as log, runs and control blood are the same.
    """
    return _of_all(connection, ids, _rejecting_verdicts)


def _of_all(connection: Connection, ids: Collection[str], verdicts: _Verdicts) -> dict[str, Judged]:
    if not ids:
        return {}
    counted = counted_for(connection, ids)
    found: dict[str, Judged] = {}
    for instrument_id in sorted({each.instrument_id for each in counted.values()}):
        log = instrument_id, quality_log.ids_of(connection, instrument_id)
        book = _book(connection, log)
        if book.baselines:
            runs = (each for each in counted.values() if each.instrument_id == instrument_id)
            of = {each.id: each.at for each in runs}
            found |= _of_instrument(connection, log, (book, verdicts), of)
    return {id_: found[each.id] for id_, each in counted.items() if each.id in found}


def _book(connection: Connection, log: _Log) -> Book:
    return _books.of(log, lambda: Book.of(quality_log.of_instrument(connection, log[0])))


def _of_instrument(
    connection: Connection,
    log: _Log,
    judging: tuple[Book, _Verdicts],
    moments: Mapping[str, str],
) -> dict[str, Judged]:
    """Judge runs from the newest to the oldest, many at a time where they lie together."""
    found: dict[str, Judged] = {}
    book, verdicts_near = judging
    with_control = MOST_WITH_CONTROL if book.judges_control else 0
    for id_, at in sorted(moments.items(), key=lambda each: each[1], reverse=True):
        if id_ in found:
            continue
        until = calibration_runs.end_after(connection, log[0], at, _AFTER)
        near = calibration_runs.near(connection, log[0], until, _REACH, with_control)
        verdicts = verdicts_near(connection, log, book, near)
        sure = near.newest if len(near.newest) < _REACH else near.newest[_BEFORE:]
        for run in sure:
            if run.id in moments and run.at <= at:
                verdict = verdicts[run.id]
                found.setdefault(run.id, Judged(verdict, book.use_of(verdict, run.ids)))
    return found


def _whole_verdicts(
    connection: Connection, log: _Log, book: Book, near: RunsNear
) -> Mapping[str, Verdict]:
    def made() -> Mapping[str, Verdict]:
        return _by_run([each.run for each in runs_at(connection, near.all, book)], book)

    return _whole.of((log, near, _tubes(connection, near)), made)


def _rejecting_verdicts(
    connection: Connection, log: _Log, book: Book, near: RunsNear
) -> Mapping[str, Verdict]:
    def made() -> Mapping[str, Verdict]:
        few = book.rejecting()
        of = {each.quantity for each in few.baselines}
        runs = (each.run for each in runs_at(connection, near.all, book))
        return _by_run([_with_values(run, of) for run in runs], few)

    return _rejecting.of((log, near, _tubes(connection, near)), made)


def _tubes(connection: Connection, near: RunsNear) -> tuple[control_blood.Key, ...]:
    return control_blood.keys_of(connection, near.ids)


def _by_run(runs: list[Run], book: Book) -> Mapping[str, Verdict]:
    return {each.run: each for each in charts(runs, book.baselines, book.rules).verdicts}


def _with_values(run: Run, of: Collection[Quantity]) -> Run:
    return replace(run, values={q: value for q, value in run.values.items() if q in of})
