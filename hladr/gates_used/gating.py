"""What a result says of its gates: tree and strategy, and the automatic gate beside others."""

from functools import partial

from hladr.gates.strategy import GatingStrategy
from hladr.gates_used.automatic_steps import automatic_chain
from hladr.gates_used.automatic_strategy import NO_CLOCK, AutomaticNotDrawable, automatic_strategy
from hladr.gates_used.automatic_views import later_views
from hladr.gating.automatic import AutomaticGate
from hladr.gating.populations import MONOCYTES, automatic_populations
from hladr.population import Population
from hladr.result import AbcResult, AutomaticBeside, Gating
from hladr.sample_columns import SampleColumns
from hladr.sample_run import SampleRun


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
        name, strategy = run.monocytes.name, gates.strategy
        return Gating("gates", gates.sha256, None, run.populations, name, lambda: strategy)
    if run.gate is None:
        raise TypeError("a number rests on one gate or the other")
    return _automatic(run, run.gate, run.populations)


def _automatic(run: SampleRun, gate: AutomaticGate, populations: tuple[Population, ...]) -> Gating:
    strategy = partial(_strategy_of, gate, run.columns)
    chain = partial(automatic_chain, gate, run.columns.cells)
    return Gating("automatic", None, gate.confidence, populations, MONOCYTES, strategy, chain)


def _strategy_of(gate: AutomaticGate, columns: SampleColumns) -> GatingStrategy | None:
    try:
        return automatic_strategy(gate, columns)
    except AutomaticNotDrawable:
        return None


def automatic_beside(run: SampleRun) -> AutomaticBeside | None:
    """Return the automatic gate beside gates drawn by hand; None where it found no monocytes."""
    if run.drawn is None or run.drawn.comparison is None or run.gate is None:
        return None
    gating = _automatic(run, run.gate, automatic_populations(run.gate))
    views = later_views(run.gate, run.columns.cells, run.panel.titles())
    return AutomaticBeside(gating, run.drawn.comparison, views)
