"""The log of an instrument as it is shown: who, when, what, why."""

from collections.abc import Mapping
from dataclasses import dataclass

from calibration.control import Action
from service.pages.quality.runs_shown import shown_moment
from service.pages.quality.words import ACTIONS, charted_words
from service.quality.entry import baseline_read, quantity_or_kind
from service.quality.looking import Seen
from service.store.quality_log import Entry, EntryKind

_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class LogRow:
    """An entry; `run` is the id of the run that it is about, or empty."""

    what: str
    run: str
    made_at: str
    made_by: str
    reason: str


def log_rows(seen: Seen) -> tuple[LogRow, ...]:
    """Return the log of an instrument, the newest entry first."""
    moments = {made.run.id: shown_moment(made.run.moment) for made, _ in seen.runs}
    return tuple(_row(each, moments) for each in reversed(seen.log))


def _row(entry: Entry, moments: Mapping[str, str]) -> LogRow:
    said = entry.content
    run = str(said["calibration_id"]) if entry.kind is EntryKind.USE else ""
    match entry.kind:
        case EntryKind.SERVICE:
            what = f"Service of {shown_moment(said['at'])}: a new baseline begins"
        case EntryKind.BASELINE:
            what = _baselines(entry)
        case EntryKind.RULE:
            name = charted_words(quantity_or_kind(said["of"]))
            what = f"Rule {said['rule']} of {name}: {ACTIONS[Action(said['action'])]}"
        case EntryKind.USE:
            what = f"The run of {moments.get(run, 'an earlier day')} may be used for patients"
    return LogRow(what, run, entry.made_at, entry.made_by, entry.reason)


def _baselines(entry: Entry) -> str:
    found = [baseline_read(each, entry.reason) for each in entry.content["baselines"]]
    names = [each.quantity.words for each in found]
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    by_hand = entry.content["baselines"][0]["window"] is None
    how = "set by hand" if by_hand else f"locked from {_runs(entry)} runs"
    return f"Baseline {how}: {', '.join(names[:_MOST_NAMED])}{more}"


def _runs(entry: Entry) -> int:
    return max(len(each["window"]["runs"]) for each in entry.content["baselines"])
