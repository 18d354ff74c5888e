"""Whether runs may be used for patients, by the rules of their instruments."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from calibration.control import Outcome, Run, Verdict, charts
from service.quality.book import Book
from service.quality.runs import runs_of
from service.store import calibration_runs, quality_log
from service.store.quality_log import Entry

_REACH = 40
"""Runs that are looked at to judge one: no rule looks at more than ten."""
_BEFORE = 12


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules say of a run, and who lets it be used in spite of that.

    Parameters
    ----------
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
    return _judged(connection, ids, lambda book: book)


def rejections_of(connection: Connection, ids: Collection[str]) -> dict[str, Judged]:
    """Return what the rules that reject say of some calibrations, by their ids.

    It is asked for every number of a patient; what can only warn is not looked at.
    """
    return _judged(connection, ids, Book.rejecting)


def _judged(
    connection: Connection, ids: Collection[str], chosen: Callable[[Book], Book]
) -> dict[str, Judged]:
    if not ids:
        return {}
    heads = calibration_runs.places_of(connection, ids)
    instruments = {instrument_id for instrument_id, _ in heads.values()}
    logs = quality_log.of_instruments(connection, instruments)
    found: dict[str, Judged] = {}
    for instrument_id in sorted(instruments):
        book = chosen(Book.of(logs[instrument_id]))
        if book.baselines:
            of = {id_: at for id_, (where, at) in heads.items() if where == instrument_id}
            found |= _of_instrument(connection, instrument_id, book, of)
    return found


def _of_instrument(
    connection: Connection, instrument_id: str, book: Book, moments: Mapping[str, str]
) -> dict[str, Judged]:
    """Judge runs from the newest to the oldest, many at a time where they lie together."""
    found: dict[str, Judged] = {}
    for id_, at in sorted(moments.items(), key=lambda each: each[1], reverse=True):
        if id_ in found:
            continue
        made = runs_of(connection, instrument_id, book, at, _REACH)
        runs = [_with_baseline(each.run, book) for each in made]
        judged = charts(runs, book.baselines, book.rules)
        sure = runs if len(runs) < _REACH else runs[_BEFORE:]
        for run in sure:
            if run.id in moments:
                found.setdefault(run.id, Judged(judged.verdict(run.id), book.uses.get(run.id)))
    return found


def _with_baseline(run: Run, book: Book) -> Run:
    """Return a run with what there is a baseline for, of whichever lot."""
    known = {each.quantity for each in book.baselines}
    values = {quantity: value for quantity, value in run.values.items() if quantity in known}
    return replace(run, values=values)
