"""Whether drawn gates hold as many events as the program that drew them counted."""

from collections.abc import Iterator

from calibration.finding import Finding, Severity
from hladr.drawn_findings.listed import listed
from hladr.sample_run import DrawnRun


def recorded_findings(drawn: DrawnRun) -> Iterator[Finding]:
    """Gates in which the workspace that they come from counted other events."""
    masks = drawn.gates.strategy.apply(drawn.columns)
    names = drawn.gates.names()
    otherwise = [
        f"{names[node.path]} holds {int(masks[node.path].sum()):,}, the workspace counted "
        f"{node.recorded_events:,}"
        for node in drawn.gates.strategy.nodes
        if node.recorded_otherwise(int(masks[node.path].sum()))
    ]
    if otherwise:
        yield Finding(
            "GATES_COUNT_OTHERWISE",
            Severity.WARN,
            f"{listed(otherwise)}: more apart than FlowJo's bins explain. Save the workspace "
            "again with this very file, and compare its plots with the report.",
        )
