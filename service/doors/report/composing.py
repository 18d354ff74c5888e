"""From what leaves to everything that its report shows."""

import datetime as dt
import json
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from hladr.criterion.definition import Criterion, Quantity
from hladr.criterion.printing import format_abc
from hladr.report.cutoffs import drawn_cutoffs
from hladr.report.page import ClassCard
from hladr.report.printing import Released
from hladr.report.series_figure import SeriesPoint, draw_series
from service.canonical import canonical
from service.doors.leaving import Leaving
from service.doors.number import Absent, Number
from service.doors.report.cards import class_shown, findings_shown, number_shown
from service.doors.report.facts import method_facts, origin_facts, specimen_facts
from service.doors.report.figures import Figures, NoFigures
from service.doors.report.page import (
    FindingShown,
    LaboratoryPage,
    NoticeShown,
    NumberShown,
    SeriesRow,
    SignatureShown,
)
from service.doors.report.printed import (
    MEANINGS,
    NOT_SAID,
    of_draw,
    of_service,
    replaced,
    status_badge,
    status_sentence,
)
from service.doors.report.sources import Sources
from service.doors.series import drawn
from service.laboratory import Laboratory


def laboratory_page(
    laboratory: Laboratory, leaving: Leaving, sources: Sources, figures: Figures | NoFigures
) -> LaboratoryPage:
    """Context of the report's template."""
    zone, number = laboratory.settings.zone, leaving.number
    subject = leaving.tube.subject or "Subject not said"
    report = leaving.id.upper()[:8]
    status = leaving.departure.status
    return LaboratoryPage(
        laboratory=laboratory.settings.laboratory or "Laboratory not named",
        subject=subject,
        report=report,
        version=str(leaving.departure.version),
        identity=f"{report} version {leaving.departure.version} · {status} · {subject}",
        status=status_badge(status),
        status_sentence=status_sentence(leaving),
        replaced=replaced(leaving),
        number=_number(leaving),
        absent=number.sentence if isinstance(number, Absent) else "",
        classification=_class_card(leaving, sources.criterion),
        references=_references(sources.criterion, laboratory.settings.reference_interval),
        findings=_findings(leaving),
        specimen=specimen_facts(leaving.tube, leaving.acquired_at, zone),
        method=method_facts(leaving.result, sources.measured),
        signatures=_signatures(leaving, zone),
        notices=_notices(leaving, zone),
        **_series(sources, leaving, zone),
        figures=_drawn(figures),
        no_figures=figures.why if isinstance(figures, NoFigures) else "",
        origin=origin_facts(leaving),
        record=_record(leaving),
    )


def _drawn(figures: Figures | NoFigures) -> Markup:
    return Markup(figures.html["sections"] if isinstance(figures, Figures) else "")  # noqa: S704


def _class_card(leaving: Leaving, criterion: Criterion | None) -> ClassCard | None:
    found = leaving.classified
    if found is None or criterion is None:
        return None
    card = class_shown(found, criterion)
    alone = isinstance(leaving.number, Absent) and found.decisive is not None
    return replace(card, reasons=("It rests on ferritin alone.",)) if alone else card


def _number(leaving: Leaving) -> NumberShown | None:
    number, result = leaving.number, leaving.result
    if result is None or not isinstance(number, Number):
        return None
    return number_shown(result["hla_dr"], number.criterion)


def _references(criterion: Criterion | None, interval: str | None) -> tuple[str, ...]:
    """The reference interval, and the cut-offs of the class with where they were published."""
    if criterion is None:
        return ()
    cutoffs = criterion.class_cutoffs(Quantity.ABC)
    values = ", ".join(f"{format_abc(each, cutoffs)} AB/c" for each in drawn_cutoffs(criterion))
    doi = f", doi:{criterion.source.doi}" if criterion.source.doi else ""
    healthy = f"Reference interval: {(interval or 'not stated by the laboratory').rstrip('.')}."
    source = f"Source: {criterion.source.citation}{doi}."
    return healthy, f"Cut-offs of {criterion.name}: {values}. {source}"


def _findings(leaving: Leaving) -> tuple[FindingShown, ...]:
    """Findings with what somebody answered for them."""
    answered = leaving.standing.said.answered(leaving.departure.version).values()
    said = {each.finding: f"{each.answer} ({each.by})" for each in answered}
    return findings_shown(leaving.findings, said)


def _signatures(leaving: Leaving, zone: dt.tzinfo) -> tuple[SignatureShown, ...]:
    return tuple(
        SignatureShown(
            each.full_name, MEANINGS[each.meaning], of_service(each.at, zone), each.comment or ""
        )
        for each in leaving.standing.said.signatures
        if each.version == leaving.departure.version
    )


def _notices(leaving: Leaving, zone: dt.tzinfo) -> tuple[NoticeShown, ...]:
    return tuple(
        NoticeShown(
            each.told,
            of_service(each.told_at, zone),
            "yes" if each.read_back else "no",
            str(each.version),
        )
        for each in leaving.standing.said.notices
    )


def _series(sources: Sources, leaving: Leaving, zone: dt.tzinfo) -> dict[str, Any]:
    """Rows and figure of the subject's results; empty for one alone."""
    numbered = [(each, each.number) for each in sources.series if isinstance(each.number, Number)]
    if len(numbered) < 2 or sources.criterion is None:
        return {"series": (), "series_figure": Markup()}
    first = drawn(numbered[0][0], zone)
    points = tuple(
        SeriesPoint((drawn(each, zone) - first).total_seconds() / 86_400.0, n.abc, n.low, n.high)
        for each, n in numbered
    )
    rows = tuple(_series_row(each, number, leaving, zone) for each, number in numbered)
    figure = draw_series(points, drawn_cutoffs(sources.criterion))
    return {"series": rows, "series_figure": figure}


def _series_row(each: Leaving, number: Number, leaving: Leaving, zone: dt.tzinfo) -> SeriesRow:
    printer = Released(number.criterion.cutoffs(Quantity.ABC))
    return SeriesRow(
        when=of_draw(each, zone),
        abc=printer.bare(number.abc),
        ci95=printer.interval((number.low, number.high)),
        class_name="" if each.classified is None else each.classified.name,
        preparation=each.tube.preparation or NOT_SAID,
        status=f"{each.departure.status}, subject doubted"
        if each.is_doubted
        else each.departure.status,
        this=each.id == leaving.id,
    )


def _record(leaving: Leaving) -> Markup:
    """What is reported, for programs: no number that may not be used is in it."""
    result, number = leaving.result, leaving.number
    if result is not None and isinstance(number, Absent):
        kept = ("schema", "software", "sample", "assay", "classification", "verdict")
        result = {name: result[name] for name in kept}
    said = {
        "schema": "hladr.report/1",
        "analysis": leaving.id,
        "version": leaving.departure.version,
        "status": leaving.departure.status,
        "replaces": leaving.departure.replaces,
        "outcome": number.why if isinstance(number, Absent) else "measured",
        "verdict": None if result is None else leaving.verdict or "reject",
        "ferritin_ng_ml": leaving.ferritin_ng_ml,
        "findings": [each["code"] for each in leaving.findings],
        "result": result,
    }
    text = json.dumps(json.loads(canonical(said)), sort_keys=True)  # in ASCII
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - no sign is left that ends the element
