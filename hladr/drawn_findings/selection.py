"""Whether drawn gates chose the cells by what is measured on them."""

import sys
from collections.abc import Iterator

import numpy as np

from calibration.finding import Finding, Severity
from hladr.drawn_findings.listed import listed
from hladr.gates.reading import dimensions_of, sources_of
from hladr.gates.rectangle import RectangleGate
from hladr.sample_run import DrawnRun, SampleRun
from hladr.spillover import bare_detector


def selection_findings(run: SampleRun, drawn: DrawnRun) -> Iterator[Finding]:
    """Gates that choose cells by the HLA-DR that is to be measured."""
    names = drawn.gates.names()
    top = run.table.top(run.panel.hla_dr)
    choosing = [
        names[node.path]
        for node in drawn.gates.strategy.nodes
        if _chooses_by(node.gate, _hla_dr_names(run), np.inf if top is None else top)
    ]
    if choosing:
        yield Finding(
            "GATED_ON_HLA_DR",
            Severity.WARN,
            f"{listed(choosing)}: drawn on HLA-DR, so that the cells were chosen by what is "
            "measured on them. Draw the monocytes on CD14 and scatter.",
        )


def _hla_dr_names(run: SampleRun) -> frozenset[str]:
    name = run.panel.hla_dr.name
    return frozenset({name.lower(), bare_detector(name).lower()})


def _chooses_by(gate: object, names: frozenset[str], top: float) -> bool:
    """Whether a gate takes some values of a channel and not others, all of them measured."""
    if isinstance(gate, RectangleGate):
        return any(
            bare_detector(source.channel).lower() in names
            for interval in gate.intervals
            if not _takes_all(interval.data_bounds, top)
            for source in sources_of(interval.dimension.column)
        )
    return any(
        bare_detector(source.channel).lower() in names
        for dimension in dimensions_of(gate)
        for source in sources_of(dimension.column)
    )


def _takes_all(bounds: tuple[float, float], top: float) -> bool:
    return bounds[0] <= -sys.float_info.max and bounds[1] >= top
