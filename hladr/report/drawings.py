"""From a result to its figures: arrays and numbers are picked here and drawn elsewhere."""

import numpy as np
from markupsafe import Markup

from hladr.arrays import FloatArray
from hladr.number_format import format_count
from hladr.report.cutoffs import drawn_cutoffs
from hladr.report.gate_plots import GateSide, Paper, drawn_by_themselves
from hladr.report.hladr_figure import AbcTick, Cloud, HlaDrPlot, Mark, draw_hla_dr
from hladr.report.page import GateFigure
from hladr.report.printing import AbcPrinter
from hladr.report.run_drawings import draw_bead_run, draw_standard_curve
from hladr.result import AbcResult

_LABELLED_STEPS = (1, 5, 2)
_ABC_DECADES = range(2, 7)  # 100 to 9,000,000 AB/c


def bead_drawing(result: AbcResult) -> Markup:
    """Bead histogram; empty where a saved curve was used and no bead event is at hand."""
    beads = result.bead_evidence
    return Markup() if beads is None else draw_bead_run(result.curve, beads)


def curve_drawing(result: AbcResult) -> Markup:
    """Line with residuals; the sample is pointed out on it unless it was rejected."""
    released = result.hla_dr
    samples = [] if released is None else [[result.curve.molecules(released.mfi), released.mfi]]
    return draw_standard_curve(result.curve, samples)


def gate_drawings(result: AbcResult) -> tuple[GateFigure, ...]:
    """Gate plots in the order the gates were applied; none where they stand in pairs."""
    if result.beside is not None:
        return ()
    side, paper = GateSide.of(result.gating), Paper(result.evidence, {})
    return tuple(
        paper.alone(view, side, side.caption(view)) for view in drawn_by_themselves(result.evidence)
    )


def hla_dr_drawing(result: AbcResult, printer: AbcPrinter) -> Markup:
    """HLA-DR of the monocytes; AB/c and cut-offs are drawn only where the number may be used."""
    evidence = result.evidence
    values = evidence.columns["hla_dr"]
    monocytes = result.gating.monocytes
    released = result.hla_dr is not None
    plot = HlaDrPlot(
        monocytes=Cloud(values[monocytes.mask], _named(monocytes.name, monocytes.count), "filled"),
        controls=(
            _control(values, evidence.negative, "HLA-DR-negative lymphocytes", "negative"),
            _control(values, evidence.bright, "HLA-DR-bright lymphocytes", "bright"),
        ),
        marks=(*(_marks(result, printer) if released else ()), *_top(result)),
        abc_ticks=_abc_ticks(result) if released else (),
        label=f"HLA-DR fluorescence ({evidence.channels['hla_dr']})",
    )
    return draw_hla_dr(plot)


def _marks(result: AbcResult, printer: AbcPrinter) -> tuple[Mark, ...]:
    """Both statistics and the cut-offs."""
    measured, curve = result.measured, result.curve
    chosen = measured.statistic.replace("_", " ")
    marks = [Mark(measured.mfi, f"{chosen} {printer.value(measured.abc)}", "mean")]
    if measured.statistic != "median":
        value = curve.fluorescence(measured.abc_median * measured.fp_ratio)
        marks.append(Mark(value, f"median {printer.value(measured.abc_median)}", "median"))
    marks += [
        Mark(curve.fluorescence(cut * measured.fp_ratio), f"cut-off {cut:,.12g} AB/c", "cutoff")
        for cut in drawn_cutoffs(result.criterion)
    ]
    return tuple(marks)


def _top(result: AbcResult) -> tuple[Mark, ...]:
    top = result.evidence.detector_top
    return () if top is None else (Mark(top, "top of the detector", "top"),)


def _abc_ticks(result: AbcResult) -> tuple[AbcTick, ...]:
    """Ticks at 1 to 9 times each decade of AB/c; 1, 5 and 2 carry labels, welcome in this order."""
    fp_ratio = result.measured.fp_ratio
    ticks = []
    for step in (1, 5, 2, 3, 4, 6, 7, 8, 9):
        for decade in _ABC_DECADES:
            abc = step * 10**decade
            text = format_count(abc) if step in _LABELLED_STEPS else ""
            ticks.append(AbcTick(result.curve.fluorescence(float(abc) * fp_ratio), text))
    return tuple(ticks)


def _control(values: FloatArray, mask: np.ndarray, label: str, style: str) -> Cloud:
    return Cloud(values[mask], _named(label, int(np.count_nonzero(mask))), style)


def _named(name: str, events: int) -> str:
    return f"{name} ({format_count(events)})"
