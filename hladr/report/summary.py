"""The first page in words: number, class, findings, tube."""

from calibration.curve import StandardCurve
from calibration.finding import Severity
from hladr.context import Context
from hladr.criterion.classification import Classification
from hladr.criterion.definition import ClassName
from hladr.criterion.printing import format_probability
from hladr.number_format import format_count
from hladr.report.badges import severity_badge
from hladr.report.page import ClassCard, Fact, FindingRow, NumberCard
from hladr.report.printing import Released
from hladr.result import AbcResult, HlaDr

NOT_GIVEN = "not given"

_WEIGHT = {Severity.REJECT: 0, Severity.WARN: 1, Severity.NOTE: 2}
_CONTEXT = {
    "subject": "Subject",
    "drawn_at": "Drawn",
    "stained_at": "Stained",
    "tube_type": "Tube type",
    "preparation": "Preparation",
    "site": "Site",
    "visit": "Visit",
}


def number_card(result: AbcResult, printer: Released) -> NumberCard:
    """Card with the number, or the box that says why it may not be used."""
    measured = result.measured
    return NumberCard(
        released=result.unreleasable is None,
        abc=printer.bare(measured.abc),
        ci95=printer.interval(measured.ci95),
        ci95_analysis=printer.interval(measured.ci95_analysis),
        basis=_basis(result),
        remark=_range_remark(measured, result.curve),
        withheld=_withheld(measured, printer),
        reasons=_rejections(result),
    )


def class_card(classification: Classification) -> ClassCard:
    """Class in words, how sure it is, and what it rests on."""
    ferritin = classification.ferritin
    return ClassCard(
        label=classification.label,
        certainty=_certainty(classification),
        ferritin=NOT_GIVEN if ferritin is None else f"{ferritin.canonical} ng/mL",
        criterion=classification.criterion.name,
        version=classification.criterion.version,
        reasons=tuple(_sentence(reason) for reason in classification.reasons),
    )


def finding_rows(result: AbcResult) -> tuple[FindingRow, ...]:
    """Rows of the findings, gravest first, else in the order they were made."""
    ordered = sorted(result.findings, key=lambda finding: _WEIGHT[finding.severity])
    return tuple(
        FindingRow(severity_badge(each.severity), each.code, _capital(each.message))
        for each in ordered
    )


def context_facts(context: Context) -> tuple[Fact, ...]:
    """Facts the laboratory gave of the tube; none where it said nothing."""
    said = ((title, getattr(context, name)) for name, title in _CONTEXT.items())
    return tuple(Fact(title, value) for title, value in said if value)


def _rejections(result: AbcResult) -> tuple[str, ...]:
    rejecting = (each for each in result.findings if each.severity is Severity.REJECT)
    return tuple(_capital(each.message) for each in rejecting)


def _withheld(measured: HlaDr, printer: Released) -> str:
    """Sentence of the box that a rejected number stands in."""
    return (
        f"Measured: {printer.value(measured.abc)}, "
        f"95 % interval {printer.interval(measured.ci95)}, "
        f"analysis only {printer.interval(measured.ci95_analysis)}; "
        f"by the median {printer.value(measured.abc_median)}."
    )


def _basis(result: AbcResult) -> str:
    measured = result.measured
    statistic = measured.statistic.replace("_", " ").capitalize()
    basis = f"{statistic} of {format_count(measured.monocytes)} monocytes"
    by_hand = result.gating.method == "gates"
    return f"{basis}: “{result.gating.population}”, drawn by hand." if by_hand else f"{basis}."


def _range_remark(measured: HlaDr, curve: StandardCurve) -> str:
    """Remark on a value beyond the beads."""
    if measured.range == "above":
        top = format_count(round(curve.top / measured.fp_ratio))
        return f"Above the top bead (> {top} AB/c): extrapolated."
    if measured.range == "below":
        lowest = format_count(round(curve.lowest / measured.fp_ratio))
        return f"Below the lowest bead (< {lowest} AB/c): extrapolated."
    return ""


def _certainty(classification: Classification) -> str:
    if classification.class_name is ClassName.UNDETERMINED:
        return "No class can be stated."
    if classification.decisive is None or classification.probability is None:
        return "No interval was given, so no probability is stated."
    word = "Decisive" if classification.decisive else "Not decisive"
    return f"{word}; probability {format_probability(classification.probability)}."


def _sentence(reason: str) -> str:
    return f"{_capital(reason)}."


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
