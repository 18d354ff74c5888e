"""Whether drawn gates hold as many events as the program that drew them counted."""

from collections.abc import Iterator

from calibration.finding import Finding, Severity
from hladr.drawn_findings.listed import listed
from hladr.sample_run import DrawnRun


def recorded_findings(drawn: DrawnRun) -> Iterator[Finding]:
    """Gates in which the workspace that they come from counted other events."""
    held = {each.name: each.count for each in drawn.populations}
    names = drawn.gates.names()
    gates = [(names[node.path], node) for node in drawn.gates.strategy.nodes]
    otherwise = [
        f"{name} holds {held[name]:,}, the workspace counted {node.recorded_events:,}"
        for name, node in gates
        if node.recorded_otherwise(held[name])
    ]
    if otherwise:
        yield Finding(
            "GATES_COUNT_OTHERWISE",
            Severity.WARN,
            f"{listed(otherwise)}: more apart than FlowJo's bins explain. Save the workspace "
            "again with this very file, and compare its plots with the report.",
        )
