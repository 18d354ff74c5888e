"""Whether the bytes of a tube came for somebody else as well: when it is kept, told and signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection

from service.analyses.identity import belonging_findings
from service.analyses.tube import Tube
from service.store import analysis_lists
from service.store.analysis import Analysis, Outcome
from service.store.analysis_lists import Sibling
from service.store.studies import plain

_OTHER_SUBJECT: Final = "FILE_OF_ANOTHER_SUBJECT"
_OF_FILE: Final = frozenset({_OTHER_SUBJECT, "FILE_SEEN_BEFORE"})


def settled(
    connection: Connection,
    outcome: Outcome,
    tube: Tube,
    file: tuple[str, str] | None,
    before: Analysis | None = None,
) -> Outcome:
    """Return an outcome that says of its file what is known in the transaction that keeps it.

    Parameters
    ----------
    file
        Hash and name; None where nothing was measured.
    before
        The analysis, where there is one already.
    """
    if file is None:
        return outcome
    siblings = analysis_lists.siblings_by_file(connection, file[0])
    found = _others(siblings, tube.subject, before).findings(tube.subject)
    return replace(outcome, findings=(*_without(outcome), *found))


def of_file_now(analysis: Analysis, siblings: Sequence[Sibling]) -> tuple[Mapping[str, Any], ...]:
    """Return the findings of an analysis, those of its file as they are now.

    One that the file came for another subject says since when, as `since`: an answer to it
    holds for those who were known then.

    Parameters
    ----------
    siblings
        All analyses of the file, the oldest first.
    """
    subject = analysis.tube.subject
    if analysis.tube.file is None:
        return analysis.outcome.findings
    others = _others(siblings, subject, analysis)
    since = max((each.made_at for each in others.strangers), default="")
    more = {_OTHER_SUBJECT: {"since": since}}
    found = ({**each, **more.get(each["code"], {})} for each in others.findings(subject))
    return (*_without(analysis.outcome), *found)


def findings_for(
    connection: Connection, analysis: Analysis, site: str | None
) -> list[dict[str, Any]]:
    """Return the findings as a site may read them: without the ids of what is not its own."""
    findings, file = [dict(each) for each in analysis.outcome.findings], analysis.tube.file
    told = [each for each in findings if each["code"] in _OF_FILE]
    if site is None or file is None or not told:
        return findings
    for id_, of in analysis_lists.sites_of_file(connection, file[0]):
        for each in told if of != site else ():
            each["message"] = each["message"].replace(f"analysis {id_}", "an analysis elsewhere")
    return findings


@dataclass(frozen=True, slots=True)
class _Others:
    """Other analyses of a file: of another subject, and of the same one that came before."""

    strangers: list[Sibling]
    before: list[Sibling]

    def findings(self, subject: str | None) -> list[Mapping[str, Any]]:
        known = [(each.id, each.subject) for each in (*self.strangers, *self.before)]
        return [each.to_dict() for each in belonging_findings(subject, known)]


def _others(siblings: Sequence[Sibling], subject: str | None, own: Analysis | None) -> _Others:
    """Return the other analyses of a file; of one that is not kept yet all came before."""
    said = plain(subject or "")
    strangers, before = [], []
    for each in siblings:
        if own is not None and each.id == own.id:
            continue
        if plain(each.subject or "") != said:
            strangers.append(each)
        elif own is None or (each.created_at, each.id) < (own.created_at, own.id):
            before.append(each)
    return _Others(strangers, before)


def _without(outcome: Outcome) -> tuple[Mapping[str, Any], ...]:
    return tuple(each for each in outcome.findings if each["code"] not in _OF_FILE)
