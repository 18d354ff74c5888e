"""The events behind a result and the plots of its gates."""

from hladr.acquisition import acquired_with
from hladr.drawn.views import PlotAxes, drawn_views
from hladr.evidence import GateView, LaterViews, SampleEvidence
from hladr.gates_used.automatic_views import later_views
from hladr.sample_run import SampleRun


def evidence_of(run: SampleRun) -> SampleEvidence:
    """Return the sample's columns, the plots of these gates, and the internal control's events."""
    columns, titles = run.columns.by_role(), run.panel.titles()
    if run.drawn is not None:
        gates = run.drawn.gates
        axes = PlotAxes(run.drawn.columns, columns, titles)
        drawn = drawn_views(gates.strategy, gates.names(), axes)
        views: LaterViews | tuple[GateView, ...] = drawn.views
        listed = drawn.listed
        columns = {**columns, **drawn.columns}
    elif run.gate is not None:
        views, listed = later_views(run.gate, run.columns.cells, titles), ()
    return SampleEvidence(
        columns=columns,
        channels=run.panel.names(),
        views=views,
        detector_top=run.table.top(run.panel.hla_dr),
        negative=run.clusters.negative,
        bright=run.clusters.bright,
        software=acquired_with(run.table),
        listed=listed,
    )
