"""The result card: number, interval, class, and every finding with what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hladr.report.page import ClassCard
from service.doors.number import Classified
from service.doors.report.cards import class_shown, findings_shown, number_shown
from service.doors.report.page import FindingShown, NumberShown
from service.pages.sample.opened import Opened
from service.store.signatures import Meaning

_OUTCOMES = {
    "insufficient": "Too little blood.",
    "clotted": "The blood was clotted.",
    "not_done": "It was not measured.",
    "lost": "The tube was lost.",
}
_HIDDEN = (
    "The study hides results after randomisation from its sites until it is unblinded. The "
    "laboratory sees it."
)


@dataclass(frozen=True, slots=True)
class Card:
    """What was found.

    Parameters
    ----------
    number
        None: there is none that may be used.
    withheld
        A number that was measured and may not be used; None: there is none.
    why
        Why there is no number that may be used, one sentence each.
    """

    number: NumberShown | None
    withheld: NumberShown | None
    why: tuple[str, ...]
    classification: ClassCard | None
    findings: tuple[FindingShown, ...]


def card_of(opened: Opened) -> Card:
    """Return the result card of an opened version, as far as the one who looks may see it."""
    result, criterion = opened.told["result"], opened.criterion
    findings = findings_shown(all_findings(opened), answers_of(opened))
    if result is None or criterion is None:
        return Card(None, None, _nothing(opened), None, findings)
    told, refused = result["hla_dr"], result.get("unreleasable")
    return Card(
        number=None if told is None else number_shown(told, criterion),
        withheld=None if refused is None else number_shown(refused, criterion),
        why=() if refused is None else _refused(opened, result),
        classification=class_shown(Classified.of(result["classification"]), criterion),
        findings=findings,
    )


def all_findings(opened: Opened) -> tuple[Mapping[str, Any], ...]:
    """Return the findings of library and service, as they are told."""
    result = opened.told["result"]
    of_library = () if result is None else tuple(result["findings"])
    return (*of_library, *opened.told["findings"])


def answers_of(opened: Opened) -> dict[str, str]:
    """Return what people answered for findings, by code; none to what is open again."""
    still_open = opened.told["open_findings"]
    return {
        each["finding"]: f"{each['answer'] or 'given'} ({each['by']})"
        for each in opened.told["answers"]
        if each["finding"] not in still_open
    }


def _nothing(opened: Opened) -> tuple[str, ...]:
    if opened.is_hidden:
        return (_HIDDEN,)
    tube = opened.told["tube"]
    reason = tube.get("outcome_reason")
    said = _OUTCOMES.get(str(tube.get("outcome")), "Nothing was measured.")
    return (said, f"Reason: {reason}") if reason else (said,)


def _refused(opened: Opened, result: Mapping[str, Any]) -> tuple[str, ...]:
    """Why a number may not be used: what rejects it, and who did."""
    found = [each["message"] for each in result["findings"] if each["severity"] == "reject"]
    people = [
        f"{each['full_name']} signed version {each['version']} as rejected: {each['comment']}"
        for each in opened.told["signatures"]
        if each["meaning"] == Meaning.REJECTED
    ]
    rejected_by_people = opened.standing.withheld
    return (*found, *(people[-1:] if rejected_by_people else ()))
