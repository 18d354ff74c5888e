"""All doubts about a sample whose number rests on gates drawn by hand, in the order of the work."""

from collections.abc import Iterator

from calibration.curve import StandardCurve
from calibration.finding import Finding
from hladr.assay.definition import AssayDefinition
from hladr.drawn_findings.counts import recorded_findings
from hladr.drawn_findings.crossing import crossing_findings
from hladr.drawn_findings.difference import comparison_findings, refusal_findings
from hladr.drawn_findings.matrix import matrix_findings
from hladr.drawn_findings.selection import selection_findings
from hladr.errors import HladrError
from hladr.sample_run import DrawnRun, SampleRun


def drawn_findings(
    run: SampleRun, drawn: DrawnRun, curve: StandardCurve, assay: AssayDefinition
) -> Iterator[Finding]:
    """Doubts about a sample whose number rests on gates drawn by hand."""
    if run.gate is not None:
        yield from run.gate.cells.steadiness.findings
    if drawn.comparison is not None:
        yield from comparison_findings(drawn.comparison, run, assay.gate)
    elif isinstance(run.automatic, HladrError):
        yield from refusal_findings(run.automatic)
    yield from recorded_findings(drawn)
    yield from selection_findings(run, drawn)
    yield from crossing_findings(drawn.gates.strategy, drawn.gates.names())
    yield from matrix_findings(run, drawn, curve, assay)
