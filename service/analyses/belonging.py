"""Whether bytes or barcode of a tube came for somebody else: when it is kept, told and signed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection

from service.analyses.barcodes import (
    Measured,
    barcode_findings,
    measured_as_well,
    reception_findings,
)
from service.analyses.identity import belonging_findings
from service.analyses.tube import Tube
from service.store import receptions, siblings
from service.store.analysis import Analysis, Outcome
from service.store.reception import Reception
from service.store.siblings import Sibling
from service.store.studies import plain

_OTHER_SUBJECT: Final = "FILE_OF_ANOTHER_SUBJECT"
_OF_FILE: Final = frozenset({_OTHER_SUBJECT, "FILE_SEEN_BEFORE"})
_TWICE: Final = "BARCODE_TWICE"
_NOW: Final = _OF_FILE | {_TWICE}
_KEPT: Final = _NOW | {"RECEPTION_MISMATCH"}


def settled(
    connection: Connection,
    outcome: Outcome,
    tube: Tube,
    file: tuple[str, str] | None,
    before: Analysis | None = None,
    ends: Reception | None = None,
) -> Outcome:
    """Return an outcome that says of its tube what is known in the transaction that keeps it.

    Parameters
    ----------
    file
        Hash and name; None where nothing was measured.
    before
        The analysis, where there is one already.
    ends
        The tube that waits no more by this; None where none waits.
    """
    if file is None:
        return outcome
    of_file = siblings.by_file(connection, file[0])
    found = [*_others(of_file, tube.subject, before).findings(tube.subject)]
    if tube.barcode is not None:
        id_ = "" if before is None else before.id
        own = Measured(id_, file[0], tube.kind, tube.site, tube.related_to)
        same = siblings.by_barcodes(connection, [tube.barcode])[tube.barcode]
        found += [each.to_dict() for each in barcode_findings(measured_as_well(own, same))]
        noted = ends or receptions.of_analysis(connection, id_, tube.barcode)
        found += [each.to_dict() for each in reception_findings(tube, noted)]
    return replace(outcome, findings=(*_without(outcome, _KEPT), *found))


def found_now(
    analysis: Analysis, of_file: Sequence[Sibling], of_barcode: Sequence[Sibling]
) -> tuple[Mapping[str, Any], ...]:
    """Return the findings of an analysis, those of its file and its barcode as they are now.

    One that the file came for another subject, or the barcode with another file, says since when,
    as `since`: an answer to it holds for those who were known then.

    Parameters
    ----------
    of_file, of_barcode
        All analyses of either, the oldest first.
    """
    subject = analysis.tube.subject
    if analysis.tube.file is None:
        return analysis.outcome.findings
    others = _others(of_file, subject, analysis)
    same = measured_as_well(Measured.of(analysis, analysis.tube.file[0]), of_barcode)
    since = {_OTHER_SUBJECT: _newest(others.strangers), _TWICE: _newest(same)}
    now = [*others.findings(subject), *(each.to_dict() for each in barcode_findings(same))]
    found = (
        {**each, "since": since[each["code"]]} if each["code"] in since else each for each in now
    )
    return (*_without(analysis.outcome, _NOW), *found)


def findings_for(
    connection: Connection, analysis: Analysis, site: str | None
) -> list[dict[str, Any]]:
    """Return the findings as a site may read them: without the ids of what is not its own."""
    findings, file = [dict(each) for each in analysis.outcome.findings], analysis.tube.file
    told = [each for each in findings if each["code"] in _OF_FILE]
    if site is None or file is None or not told:
        return findings
    for id_, of in siblings.sites_of_file(connection, file[0]):
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


def _others(of_file: Sequence[Sibling], subject: str | None, own: Analysis | None) -> _Others:
    """Return the other analyses of a file; of one that is not kept yet all came before."""
    said = plain(subject or "")
    strangers, before = [], []
    for each in of_file:
        if own is not None and each.id == own.id:
            continue
        if plain(each.subject or "") != said:
            strangers.append(each)
        elif own is None or (each.created_at, each.id) < (own.created_at, own.id):
            before.append(each)
    return _Others(strangers, before)


def _newest(of: Sequence[Sibling]) -> str:
    return max((each.made_at for each in of), default="")


def _without(outcome: Outcome, codes: Collection[str]) -> tuple[Mapping[str, Any], ...]:
    return tuple(each for each in outcome.findings if each["code"] not in codes)
