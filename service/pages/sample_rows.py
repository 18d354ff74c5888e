"""Analyses as rows of a table: what a bench wants to know of each before it is opened."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from hladr.report.badges import verdict_badge
from hladr.report.page import Badge
from hladr.result import Verdict
from service.analyses.awaited import Awaited
from service.analyses.release import Status
from service.analyses.summary import Number, Summary, summaries
from service.laboratory import Laboratory
from service.pages.due import Due, stained_of
from service.pages.states import STATES
from service.pages.visitor import Visitor
from service.pages.when import When, when
from service.store import worklists
from service.store.analysis import Analysis, State
from service.store.signatures import Meaning
from service.store.worklists import Run

_MOST_FLAGS: Final = 3


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A row.

    Parameters
    ----------
    name
        The subject, else the barcode, else the name of the file.
    codes
        What else it is known by.
    flags, more_flags
        The first codes of findings, and how many there are beside them.
    waits_for
        In words; empty where it has come to its end.
    summary
        What it was made from.
    """

    address: str
    name: str
    codes: tuple[str, ...]
    run: Run | None
    run_at: When | None
    number: Number | None
    verdict: Badge | None
    flags: tuple[str, ...]
    more_flags: int
    state: str
    waits_for: str
    stained: Due | None
    changed: When
    summary: Summary

    @property
    def class_words(self) -> str:
        """The class, and whether it is certain."""
        label, decisive = self.summary.label, self.summary.decisive
        if label is None:
            return ""
        return f"{label}, not decisive" if decisive is False else label


def sample_rows(
    connection: Connection, found: Sequence[Analysis], laboratory: Laboratory, visitor: Visitor
) -> list[SampleRow]:
    """Return a row for each analysis that somebody may know of."""
    zone = laboratory.settings.zone
    told = summaries(connection, found, laboratory, visitor.who)
    ids = {each.run_id for each in told if each.run_id is not None}
    runs = {each.id: each for each in worklists.runs(connection, ids)} if ids else {}
    return [_row(each, runs.get(each.run_id or ""), zone) for each in told]


def _row(told: Summary, run: Run | None, zone: dt.tzinfo) -> SampleRow:
    tube = told.tube
    known = (tube.get("subject"), tube.get("barcode"), told.file_name)
    said = [str(each) for each in known if each is not None] or [told.id[:8]]
    return SampleRow(
        address=f"/samples/{told.id}",
        name=said[0],
        codes=tuple(said[1:]),
        run=run,
        run_at=None if run is None else when(run.created_at, zone),
        number=told.number,
        verdict=None if told.verdict is None else verdict_badge(Verdict(told.verdict)),
        flags=told.flags[:_MOST_FLAGS],
        more_flags=max(0, len(told.flags) - _MOST_FLAGS),
        state=_state(told),
        waits_for=_waits_for(told),
        stained=stained_of(tube, zone),
        changed=when(told.changed_at, zone),
        summary=told,
    )


def _state(told: Summary) -> str:
    word = STATES[told.state]
    if told.state is State.NO_RESULT:
        return f"{word}: {str(told.tube.get('outcome', '')).replace('_', ' ')}"
    if told.state is State.FINAL and told.released is Status.AMENDED:
        return f"{word}, amended"
    if told.state is State.PERFORMED and told.released is Status.PRELIMINARY:
        return f"{word}, preliminary"
    return word


def _waits_for(told: Summary) -> str:
    if told.hidden and told.awaits is not Awaited.NOTHING:
        return "the laboratory; a study hides the result"
    if told.awaits is Awaited.REVIEWED:
        signed = told.signers.get(Meaning.PERFORMED)
        other = "" if signed is None else f" other than {signed.full_name}"
        return f"a reviewer{other}"
    return {
        Awaited.ANSWER: f"an answer to {', '.join(told.open_findings)}",
        Awaited.DECISION: "other gates or beads, or a rejection",
        Awaited.PERFORMED: "whoever performed it",
        Awaited.NOTHING: "",
    }[told.awaits]
