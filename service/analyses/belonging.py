"""Whether the bytes of a tube came for somebody else as well: when it is kept, told and signed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection

from service.analyses.identity import belonging_findings
from service.analyses.tube import Tube
from service.store import analysis_lists
from service.store.analysis import Analysis, Outcome
from service.store.studies import plain

_OTHER_SUBJECT: Final = "FILE_OF_ANOTHER_SUBJECT"
_OF_FILE: Final = frozenset({_OTHER_SUBJECT, "FILE_SEEN_BEFORE"})


def settled(
    connection: Connection,
    outcome: Outcome,
    tube: Tube,
    file: tuple[str, str] | None,
    id: str | None = None,
) -> Outcome:
    """Return an outcome that says of its file what is known in the transaction that keeps it.

    Parameters
    ----------
    file
        Hash and name; None where nothing was measured.
    id
        Of the analysis, where there is one already.
    """
    if file is None:
        return outcome
    found = _of_file(connection, file[0], tube.subject, id)
    if found == [each for each in outcome.findings if each["code"] in _OF_FILE]:
        return outcome
    others = (each for each in outcome.findings if each["code"] not in _OF_FILE)
    return replace(outcome, findings=(*others, *found))


def of_file_now(connection: Connection, analysis: Analysis) -> tuple[Mapping[str, Any], ...]:
    """Return the findings of an analysis, those of its file as they are now.

    One that the file came for another subject says since when, as `since`: an answer to it
    holds for those who were known then.
    """
    outcome, file = analysis.outcome, analysis.tube.file
    if file is None:
        return outcome.findings
    kept = tuple(each for each in outcome.findings if each["code"] not in _OF_FILE)
    said, own = plain(analysis.tube.subject or ""), (analysis.created_at, analysis.id)
    came = analysis_lists.siblings_by_file(connection, file[0])
    others = [each for each in came if each.id != analysis.id]
    strangers = [each for each in others if plain(each.subject or "") != said]
    before = [each for each in others if each not in strangers and (each.created_at, each.id) < own]
    found = belonging_findings(
        analysis.tube.subject, [(each.id, each.subject) for each in (*strangers, *before)]
    )
    since = max((each.made_at for each in strangers), default="")
    more = {_OTHER_SUBJECT: {"since": since}}
    return (*kept, *({**each.to_dict(), **more.get(each.code, {})} for each in found))


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


def _of_file(
    connection: Connection, sha256: str, subject: str | None, id: str | None
) -> list[dict[str, Any]]:
    others = analysis_lists.subjects_of_file(connection, sha256)
    found = belonging_findings(subject, [each for each in others if each[0] != id])
    return [dict(each.to_dict()) for each in found]
