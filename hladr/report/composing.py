"""From a result to everything the page shows, in words and pictures."""

from hladr.criterion.definition import Quantity
from hladr.number_format import format_count, format_percent
from hladr.report.badges import verdict_badge, verdict_sentence
from hladr.report.drawings import bead_drawing, curve_drawing, gate_drawings, hla_dr_drawing
from hladr.report.gate_names import gate_words
from hladr.report.gate_pairs import gate_comparison, listed_gates
from hladr.report.page import ReportPage
from hladr.report.printing import AbcPrinter, Released, Withheld
from hladr.report.summary import class_card, context_facts, finding_rows, number_card
from hladr.report.tables import (
    bead_facts,
    budget_total,
    control_rows,
    curve_facts,
    hla_dr_facts,
    not_included,
    peak_rows,
    population_rows,
    sample_facts,
    term_rows,
    version_facts,
)
from hladr.result import AbcResult


def report_page(result: AbcResult) -> ReportPage:
    """Context of the report template."""
    numbers = Released(result.criterion.cutoffs(Quantity.ABC))
    printer: AbcPrinter = numbers if result.hla_dr is not None else Withheld()
    measured, channels = result.measured, result.evidence.channels
    return ReportPage(
        sample=result.sample.file,
        subject=result.context.subject or "",
        verdict=verdict_badge(result.verdict),
        verdict_sentence=verdict_sentence(
            result.verdict, (each.severity for each in result.findings)
        ),
        number=number_card(result, numbers),
        classification=class_card(result.classification),
        context=context_facts(result.context),
        findings=finding_rows(result),
        bead_figure=bead_drawing(result),
        bead_note=_bead_note(result),
        curve_figure=curve_drawing(result),
        curve_facts=curve_facts(result.curve),
        peaks=peak_rows(result.curve),
        gates=gate_drawings(result),
        gate_comparison=gate_comparison(result, printer),
        gating_note=_gating_note(result),
        listed_gates=listed_gates(result.evidence),
        populations=population_rows(result.gating.chain),
        hla_dr_figure=hla_dr_drawing(result, printer),
        hla_dr_facts=hla_dr_facts(measured, channels["hla_dr"], printer),
        controls=control_rows(result.internal_control, numbers),
        control_note=_control_note(result),
        budget=term_rows(measured.interval_terms),
        budget_total=budget_total(measured),
        not_included=not_included(measured.not_included),
        sample_facts=sample_facts(result),
        bead_facts=bead_facts(result.curve),
        versions=version_facts(result),
    )


def _bead_note(result: AbcResult) -> str:
    beads = result.bead_evidence
    if beads is None:
        return "A saved curve was used; its bead events are not at hand."
    singlets, events = int(beads.singlets.sum()), beads.values.size
    share = format_percent(100.0 * singlets / events) if events else "none"
    return (
        f"{format_count(singlets)} singlets of {format_count(events)} bead events ({share}); "
        "above the peaks the assigned PE molecules, shaded the windows they were measured in."
    )


def _gating_note(result: AbcResult) -> str:
    gating = result.gating
    if gating.method == "gates":
        return _drawn_note(result)
    if gating.confidence is None:
        return "Automatic gates, none of them on HLA-DR."
    share = format_percent(100.0 * gating.confidence)
    return f"Automatic gates, none of them on HLA-DR; confidence in the monocyte gate {share}."


def _drawn_note(result: AbcResult) -> str:
    rests = f"Gates drawn by hand; the number rests on “{gate_words(result.gating.population)}”."
    if result.beside is None:
        return f"{rests} The automatic gate found no monocytes to compare them with."
    return f"{rests} The automatic gate stands beside them for comparison."


def _control_note(result: AbcResult) -> str:
    if result.gating.method == "gates" and result.beside is None:
        return (
            "Not judged: the lymphocytes of the tube, which show whether it was stained, are found "
            "by the automatic gate, and that found no monocytes."
        )
    explained = (
        "CD14-negative lymphocytes of the same tube: B cells are HLA-DR-bright, T cells "
        "HLA-DR-negative. A tube that was not stained has no bright cluster."
    )
    if result.hla_dr is None:
        return f"{explained} As the result, these AB/c are not releasable."
    return explained
