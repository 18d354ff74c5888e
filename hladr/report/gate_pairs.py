"""Gates drawn by hand and the automatic gate on the same axes: what was moved, side by side."""

from collections.abc import Iterator, Sequence

import numpy as np

from hladr.arrays import FloatArray
from hladr.evidence import GateView, SampleEvidence
from hladr.number_format import format_count, format_percent, format_signed_percent
from hladr.report.gate_names import gate_title, gate_words
from hladr.report.gate_plots import MOST_DRAWN, GateSide, Paper, drawn_by_themselves
from hladr.report.page import ComparedGate, Fact, GateComparison, GateFigure, GatePair
from hladr.report.printing import AbcPrinter
from hladr.result import AbcResult, AutomaticBeside

_AS_WRITTEN = 1e-6  # relative: a vertex nearer than this was not moved, but written and read


def gate_comparison(result: AbcResult, printer: AbcPrinter) -> GateComparison | None:
    """Both gates with their numbers and plots; None where no automatic gate stands beside."""
    beside = result.beside
    if beside is None:
        return None
    measured, comparison = result.measured, beside.comparison
    return GateComparison(
        rows=(
            ComparedGate(
                f"as drawn: {gate_words(result.gating.population)}",
                format_count(measured.monocytes),
                printer.value(measured.abc),
            ),
            ComparedGate(
                "automatic", format_count(comparison.monocytes), printer.value(comparison.abc)
            ),
        ),
        moved=format_signed_percent(100.0 * comparison.moved),
        shared=format_count(comparison.shared),
        agreement=format_percent(100.0 * comparison.f1),
        plots=tuple(_plots(result, beside)),
    )


def listed_gates(evidence: SampleEvidence) -> tuple[Fact, ...]:
    """Gates of a file that are not drawn, with what they are."""
    listed = [Fact(gate_words(gate.name), gate.what) for gate in evidence.listed]
    listed += [
        Fact(gate_words(view.population), f"{view.x.label} and {view.y.label}")
        for view in evidence.views[:-MOST_DRAWN]
    ]
    return tuple(listed)


def _plots(result: AbcResult, beside: AutomaticBeside) -> Iterator[GateFigure | GatePair]:
    """A pair of plots for each gate that was moved, one plot for each other gate."""
    drawn, automatic = GateSide.of(result.gating), GateSide.of(beside.gating)
    paper = Paper(result.evidence, {})
    for one, other in _matched(drawn_by_themselves(result.evidence), beside.views):
        match one, other:
            case GateView(), GateView() if _moved(one, other):
                yield _pair(paper, (one, other), (drawn, automatic))
            case GateView(), GateView():
                caption = _not_moved((one, drawn), (other, automatic))
                yield paper.alone(one, drawn, caption, other.outlines_on(one.x))
            case GateView(), None:
                caption = f"{drawn.caption(one)}; no automatic gate on these axes"
                yield paper.alone(one, drawn, caption)
            case None, GateView():
                yield paper.alone(other, automatic, f"Automatic: {automatic.caption(other)}")


def _pair(
    paper: Paper, views: tuple[GateView, GateView], sides: tuple[GateSide, GateSide]
) -> GatePair:
    """Return a gate that was moved and the automatic one, each over the events of its side."""
    (one, other), (drawn, automatic) = views, sides
    axes, title = (other.x, other.y), gate_title(one)
    lines = one.outlines_on(other.x), other.outlines
    return GatePair(
        title=title,
        drawn=drawn.caption(one),
        drawn_svg=paper.figure(f"{title}, as drawn", axes, drawn.events(one), lines),
        automatic=automatic.caption(other),
        automatic_svg=paper.figure(
            f"{title}, automatic", axes, automatic.events(other), lines, other.cut
        ),
    )


def _not_moved(one: tuple[GateView, GateSide], other: tuple[GateView, GateSide]) -> str:
    """Return what a gate holds; what the automatic one does, if other gates were moved."""
    drawn, automatic = (side.caption(view) for view, side in (one, other))
    if drawn == automatic:
        return f"{drawn}; not moved"
    of = f" of {gate_words(other[0].parent or '')}"
    return f"{drawn}; automatic: {automatic.removesuffix(of) if drawn.endswith(of) else automatic}"


def _matched(
    drawn: Sequence[GateView], automatic: Sequence[GateView]
) -> Iterator[tuple[GateView | None, GateView | None]]:
    """The time; drawn gates with the automatic one of the same name, or the last on their axes.

    Other plots of the automatic monocytes stand behind them.
    """
    named = {(gate_words(view.population), view.roles): view for view in automatic}
    last = {view.roles: view for view in automatic if view.outlines or view.cut}
    planes = {view.roles for view in drawn}
    for view in automatic:
        if "time" in view.roles and view.roles not in planes:
            yield None, view
    for view in drawn:
        yield view, named.get((gate_words(view.population), view.roles), last.get(view.roles))
    for view in automatic:
        if view.population.startswith("monocytes") and view.roles not in planes:
            yield None, view


def _moved(one: GateView, other: GateView) -> bool:
    """Whether two gates on the same axes have other outlines."""
    lines, others = one.outlines_on(other.x), other.outlines
    if len(lines) != len(others):
        return True
    return not all(_same(*pair) for pair in zip(lines, others, strict=True))


def _same(line: FloatArray, other: FloatArray) -> bool:
    return line.shape == other.shape and np.allclose(line, other, rtol=_AS_WRITTEN, atol=0.0)
