"""Gates drawn by hand and the automatic gate side by side, on the same axes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from hladr.arrays import BoolArray, FloatArray
from hladr.evidence import Axis, GateView, SampleEvidence
from hladr.number_format import format_count, format_percent, format_signed_percent
from hladr.population import Population
from hladr.report.gate_figure import GatePlot, draw_gate
from hladr.report.gate_names import gate_title, gate_words
from hladr.report.page import ComparedGate, Fact, GateComparison, GatePair
from hladr.report.printing import AbcPrinter
from hladr.report.ruler import Ruler, ruler_for
from hladr.result import AbcResult, AutomaticBeside, Gating

_Lines = tuple[tuple[FloatArray, ...], tuple[FloatArray, ...]]  # as drawn, automatic

MOST_DRAWN = 12  # gates of a file; those nearest to the monocytes


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
        pairs=tuple(_pairs(result, beside)),
    )


def listed_gates(evidence: SampleEvidence) -> tuple[Fact, ...]:
    """Gates of a file that are not drawn, with what they are."""
    listed = [Fact(gate_words(gate.name), gate.what) for gate in evidence.listed]
    listed += [
        Fact(gate_words(view.population), f"{view.x.label} and {view.y.label}")
        for view in evidence.views[:-MOST_DRAWN]
    ]
    return tuple(listed)


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """One of the two gate trees."""

    populations: Mapping[str, Population]
    monocytes: Population

    @classmethod
    def of(cls, gating: Gating) -> "_Side":
        return cls({each.name: each for each in gating.populations}, gating.monocytes)

    def events(self, view: GateView | None) -> BoolArray | slice:
        """Events to show: what the gate was drawn on, without one here the monocytes."""
        if view is None:
            return self.monocytes.mask
        return slice(None) if view.parent is None else self.populations[view.parent].mask

    def caption(self, view: GateView | None) -> str:
        """Return what the gate holds, or that there is none on these axes."""
        if view is None:
            count = format_count(self.monocytes.count)
            return f"no gate on these axes; its {count} monocytes"
        made = self.populations[view.population]
        percent = format_percent(made.percent_of_parent)
        held = f"{gate_words(made.name)}: {format_count(made.count)} events, {percent} of "
        held += gate_words(made.parent or "all events")
        held += f"; joined from {view.joined}" if view.joined else ""
        return f"{held}; shaded what was left out" if view.cut else held


def _pairs(result: AbcResult, beside: AutomaticBeside) -> Iterator[GatePair]:
    drawn, automatic = _Side.of(result.gating), _Side.of(beside.gating)
    paper = _Paper(result.evidence, {})
    for one, other in _matched(result.evidence.views[-MOST_DRAWN:], beside.views):
        shown = other or one
        if shown is None:
            raise TypeError("a plot without a gate")
        axes = (shown.x, shown.y)
        lines = (
            () if one is None else one.outlines_on(shown.x),
            () if other is None else other.outlines,
        )
        cut = () if other is None else other.cut
        title = gate_title(one or shown)
        yield GatePair(
            title=title,
            drawn=drawn.caption(one),
            drawn_svg=paper.figure(f"As drawn: {title}", axes, drawn.events(one), lines),
            automatic=automatic.caption(other),
            automatic_svg=paper.figure(
                f"Automatic: {title}", axes, automatic.events(other), lines, cut
            ),
        )


def _matched(
    drawn: Sequence[GateView], automatic: Sequence[GateView]
) -> Iterator[tuple[GateView | None, GateView | None]]:
    """The time; drawn gates with the automatic one on their axes; other plots of the monocytes."""
    last = {view.roles: view for view in automatic}
    planes = {view.roles for view in drawn}
    for view in automatic:
        if "time" in view.roles and view.roles not in planes:
            yield None, view
    for view in drawn:
        yield view, last.get(view.roles)
    for view in automatic:
        if view.population.startswith("monocytes") and view.roles not in planes:
            yield None, view


@dataclass(frozen=True, slots=True, eq=False)
class _Paper:
    """Figures of one sample; an axis is the same on all of them."""

    evidence: SampleEvidence
    rulers: dict[Axis, Ruler]

    def figure(
        self,
        title: str,
        axes: tuple[Axis, Axis],
        events: BoolArray | slice,
        lines: _Lines,
        cut: tuple[FloatArray, ...] = (),
    ) -> Markup:
        columns = [self.evidence.columns[axis.role] for axis in axes]
        for axis, values in zip(axes, columns, strict=True):
            if axis not in self.rulers:
                self.rulers[axis] = ruler_for(values, axis.scaling, axis.label)
        plot = GatePlot(
            title=title,
            x=columns[0][events],
            y=columns[1][events],
            bottom=self.rulers[axes[0]],
            left=self.rulers[axes[1]],
            outlines=lines[0],
            dashed=lines[1],
            cut=cut,
        )
        return draw_gate(plot)
