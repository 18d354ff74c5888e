"""Gates of one sample as figures: their words, their events, and axes that are the same on all."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from hladr.arrays import BoolArray, FloatArray
from hladr.evidence import Axis, GateView, SampleEvidence
from hladr.number_format import format_count
from hladr.population import Population
from hladr.report.gate_figure import GatePlot, draw_gate
from hladr.report.gate_names import gate_title, gate_words, held_words
from hladr.report.page import GateFigure
from hladr.report.ruler import Ruler, ruler_for
from hladr.result import Gating

MOST_DRAWN = 12  # gates of a file; those nearest to the monocytes

Lines = tuple[tuple[FloatArray, ...], tuple[FloatArray, ...]]
"""Outlines of two gates; those of the second are dashed."""


def drawn_by_themselves(evidence: SampleEvidence) -> tuple[GateView, ...]:
    """Views of the gates nearest to the monocytes, without parts that another one shows."""
    views = evidence.views[-MOST_DRAWN:]
    shown = {(part, each.parent) for each in views for part in each.parts}
    return tuple(each for each in views if (each.population, each.parent) not in shown)


@dataclass(frozen=True, slots=True, eq=False)
class GateSide:
    """One tree of gates: what each holds."""

    populations: Mapping[str, Population]
    monocytes: Population

    @classmethod
    def of(cls, gating: Gating) -> "GateSide":
        """Return the gates of a result, one after the other."""
        return cls({each.name: each for each in gating.chain}, gating.monocytes)

    def events(self, view: GateView) -> BoolArray | slice:
        """Events that a gate is drawn on."""
        return slice(None) if view.parent is None else self.populations[view.parent].mask

    def caption(self, view: GateView) -> str:
        """Return what a gate holds of its parent."""
        made = self.populations[view.population]
        if view.population == view.parent:
            return f"{format_count(made.count)} events of {gate_words(made.name)}, none left out"
        held = held_words(made.count, made.parent_count, made.parent or "all events")
        held += f"; joined from {view.joined}" if view.joined else ""
        return f"{held}; shaded what was left out" if view.cut else held


@dataclass(frozen=True, slots=True, eq=False)
class Paper:
    """Figures of one sample; an axis is the same on all of them."""

    evidence: SampleEvidence
    rulers: dict[Axis, Ruler]

    def alone(
        self, view: GateView, side: GateSide, caption: str, dashed: tuple[FloatArray, ...] = ()
    ) -> GateFigure:
        """Return the figure of a gate, over the events that it is drawn on."""
        title, lines = gate_title(view), (view.outlines, dashed)
        svg = self.figure(title, (view.x, view.y), side.events(view), lines, view.cut)
        return GateFigure(title, caption, svg)

    def figure(
        self,
        title: str,
        axes: tuple[Axis, Axis],
        events: BoolArray | slice,
        lines: Lines,
        cut: tuple[FloatArray, ...] = (),
    ) -> Markup:
        """Return a plot of some events with outlines over it."""
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
