"""Number, class and findings as they are shown: in reports, and to who signs them."""

import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

from calibration.finding import Severity
from hladr.criterion.definition import Criterion, Quantity
from hladr.criterion.printing import format_probability
from hladr.number_format import format_count
from hladr.report.badges import severity_badge
from hladr.report.page import ClassCard
from hladr.report.printing import Released
from service.doors.number import Classified
from service.doors.report.page import FindingShown, NumberShown
from service.doors.report.printed import NOT_SAID

_WEIGHT: Final = {"reject": 0, "warn": 1, "note": 2}


def number_shown(told: Mapping[str, Any], criterion: Criterion) -> NumberShown:
    """Return the object ``hla_dr`` of a result in words; so is one that may not be used."""
    printer = Released(criterion.cutoffs(Quantity.ABC))
    remark = {"above": "Above", "below": "Below"}.get(told["range"])
    statistic = str(told["statistic"]).replace("_", " ").capitalize()
    return NumberShown(
        abc=printer.bare(_float(told["abc"])),
        ci95=printer.interval(_ends(told["ci95"])),
        ci95_analysis=printer.interval(_ends(told["ci95_analysis"])),
        basis=f"{statistic} of {format_count(told['monocytes'])} monocytes.",
        remark=f"{remark} the beads: extrapolated." if remark else "",
    )


def class_shown(found: Classified, criterion: Criterion) -> ClassCard:
    """Return a class in words, how sure it is, and under which criterion."""
    labels = {rule.name.value: rule.label for rule in criterion.rules}
    return ClassCard(
        label=labels.get(found.name, found.name),
        certainty=_certainty(found.decisive, found.probability),
        ferritin=_ferritin(found.ferritin_ng_ml),
        criterion=found.criterion,
        version=found.criterion_version,
        reasons=(),
    )


def findings_shown(
    findings: Iterable[Mapping[str, Any]], answered: Mapping[str, str]
) -> tuple[FindingShown, ...]:
    """Return findings, the gravest first, each with what somebody answered for it.

    Parameters
    ----------
    answered
        By code.
    """
    ordered = sorted(findings, key=lambda each: _WEIGHT[each["severity"]])
    return tuple(
        FindingShown(
            severity_badge(Severity(each["severity"])),
            each["code"],
            f"{each['message'][:1].upper()}{each['message'][1:]}",
            answered.get(each["code"], ""),
        )
        for each in ordered
    )


def _ferritin(said: str | None) -> str:
    return NOT_SAID if said is None else f"{said} ng/mL, as told with the tube"


def _certainty(decisive: bool | None, probability: float | None) -> str:  # noqa: FBT001 - as told
    if decisive is None or probability is None:
        return "No class can be stated, or none with a probability."
    word = "Decisive" if decisive else "Not decisive"
    return f"{word}; probability {format_probability(probability)}."


def _float(told: float | None) -> float:
    return math.nan if told is None else told


def _ends(told: list[float | None]) -> tuple[float, float]:
    return _float(told[0]), _float(told[1])
