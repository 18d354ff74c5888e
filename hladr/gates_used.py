"""What a result says of its gates: the tree, the plots, and the automatic gate beside others."""

from hladr.automatic_strategy import NO_CLOCK, AutomaticNotDrawable, automatic_strategy
from hladr.drawn_views import drawn_views
from hladr.evidence import SampleEvidence
from hladr.gate_views import gate_views
from hladr.gates.strategy import GatingStrategy
from hladr.gating.automatic import AutomaticGate
from hladr.population import Population
from hladr.result import AbcResult, AutomaticBeside, Gating
from hladr.sample_run import MONOCYTES, SampleRun, automatic_populations


def gating_strategy(result: AbcResult) -> GatingStrategy:
    """Gates that a result rests on, on the file's own channels: to look at, write, or redraw.

    Applied to the file they hold the events that were measured.

    Raises
    ------
    AutomaticNotDrawable
        The automatic gate left out stretches of a file without a clock.
    """
    if result.gating.strategy is None:
        raise AutomaticNotDrawable(reason=NO_CLOCK)
    return result.gating.strategy


def gating_of(run: SampleRun) -> Gating:
    """Return the gates that the number rests on."""
    drawn = run.drawn
    if drawn is not None:
        gates = drawn.gates
        return Gating(
            "gates", gates.sha256, None, run.populations, run.monocytes.name, gates.strategy
        )
    if run.gate is None:
        raise TypeError("a number rests on one gate or the other")
    return _automatic(run, run.gate, run.populations)


def _automatic(run: SampleRun, gate: AutomaticGate, populations: tuple[Population, ...]) -> Gating:
    try:
        strategy = automatic_strategy(gate, run.columns)
    except AutomaticNotDrawable:
        strategy = None
    return Gating("automatic", None, gate.confidence, populations, MONOCYTES, strategy)


def automatic_beside(run: SampleRun) -> AutomaticBeside | None:
    """Return the automatic gate beside gates drawn by hand; None where it found no monocytes."""
    if run.drawn is None or run.drawn.comparison is None or run.gate is None:
        return None
    gating = _automatic(run, run.gate, automatic_populations(run.gate))
    views = gate_views(run.gate, run.columns.cells, run.panel.titles())
    return AutomaticBeside(gating, run.drawn.comparison, views)


def evidence_of(run: SampleRun) -> SampleEvidence:
    """Return the sample's columns, the plots of these gates, and the internal control's events."""
    columns, titles = run.columns.by_role(), run.panel.titles()
    if run.drawn is not None:
        gates = run.drawn.gates
        drawn = drawn_views(gates.strategy, gates.names(), run.drawn.columns, columns, titles)
        views, listed = drawn.views, drawn.listed
        columns = {**columns, **drawn.columns}
    elif run.gate is not None:
        views, listed = gate_views(run.gate, run.columns.cells, titles), ()
    return SampleEvidence(
        columns=columns,
        channels=run.panel.names(),
        views=views,
        detector_top=run.table.top(run.panel.hla_dr),
        negative=run.clusters.negative,
        bright=run.clusters.bright,
        listed=listed,
    )
