"""The log of an instrument as it is shown: who, when, what, why."""

from collections.abc import Mapping
from dataclasses import dataclass

from calibration.control import Action
from service.pages.quality.runs_shown import shown_moment
from service.pages.quality.words import ACTIONS, charted_words
from service.quality.book import Book
from service.quality.entry import baseline_read, quantity_or_kind
from service.quality.looking import Seen
from service.store.quality_log import Entry, EntryKind

_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class LogRow:
    """An entry.

    Parameters
    ----------
    run
        Id of the run that it is about, or empty.
    taken_back
        The entry that takes it back; None where it counts.
    may_be_taken_back
        Whether it counts, and is none that takes another back.
    holds_for_nothing
        Whether it is a baseline of a service that was taken back.
    """

    id: str
    what: str
    run: str
    made_at: str
    made_by: str
    reason: str
    taken_back: Entry | None
    may_be_taken_back: bool
    holds_for_nothing: bool


def log_rows(seen: Seen) -> tuple[LogRow, ...]:
    """Return the log of an instrument, the newest entry first."""
    moments = {id_: shown_moment(made.run.moment) for made, _ in seen.runs for id_ in made.ids}
    words = {each.id: _words(each, moments) for each in seen.log}
    return tuple(_row(each, seen.book, words) for each in reversed(seen.log))


def _row(entry: Entry, book: Book, words: Mapping[str, str]) -> LogRow:
    said, by = entry.content, book.taken_back.get(entry.id)
    what = words[entry.id]
    if entry.kind is EntryKind.WITHDRAWAL:
        what = f"Taken back: {words[str(said['entry_id'])]}"
    return LogRow(
        id=entry.id,
        what=what,
        run=str(said["calibration_id"]) if entry.kind is EntryKind.USE else "",
        made_at=entry.made_at,
        made_by=entry.made_by,
        reason=entry.reason,
        taken_back=by,
        may_be_taken_back=by is None and entry.kind is not EntryKind.WITHDRAWAL,
        holds_for_nothing=by is None and book.hangs_on_nothing(entry),
    )


def _words(entry: Entry, moments: Mapping[str, str]) -> str:
    said = entry.content
    match entry.kind:
        case EntryKind.SERVICE:
            return f"Service of {shown_moment(said['at'])}: a new baseline begins"
        case EntryKind.BASELINE:
            return _baselines(entry)
        case EntryKind.RULE:
            name = charted_words(quantity_or_kind(said["of"]))
            return f"Rule {said['rule']} of {name}: {ACTIONS[Action(said['action'])]}"
        case EntryKind.USE:
            day = moments.get(str(said["calibration_id"]), "an earlier day")
            return f"The run of {day} may be used for patients"
        case EntryKind.WITHDRAWAL:
            return "An entry was taken back"


def _baselines(entry: Entry) -> str:
    found = [baseline_read(each, entry.reason) for each in entry.content["baselines"]]
    names = [each.quantity.words for each in found]
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    by_hand = entry.content["baselines"][0]["window"] is None
    how = "set by hand" if by_hand else f"locked from {_runs(entry)} runs"
    return f"Baseline {how}: {', '.join(names[:_MOST_NAMED])}{more}"


def _runs(entry: Entry) -> int:
    return max(len(each["window"]["runs"]) for each in entry.content["baselines"])
