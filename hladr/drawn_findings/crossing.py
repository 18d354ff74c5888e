"""Whether the outline of a drawn gate crosses itself, so that it is not plain what is inside."""

from collections.abc import Iterator, Mapping

from calibration.finding import Finding, Severity
from hladr.drawn_findings.listed import listed
from hladr.gates.combination import Path
from hladr.gates.outside import Outside
from hladr.gates.polygon import PolygonGate
from hladr.gates.strategy import GatingStrategy


def crossing_findings(strategy: GatingStrategy, names: Mapping[Path, str]) -> Iterator[Finding]:
    """Gates whose outline crosses itself."""
    crossing = [names[node.path] for node in strategy.nodes if _crosses(node.gate)]
    if crossing:
        yield Finding(
            "GATE_CROSSES_ITSELF",
            Severity.WARN,
            f"{listed(crossing)}: the outline crosses itself. Where it lies over itself, events "
            "count as inside only within an odd number of its turns (even-odd rule). Draw it "
            "without a crossing, or say why it is meant so.",
        )


def _crosses(gate: object) -> bool:
    match gate:
        case PolygonGate():
            return gate.crosses_itself
        case Outside(inner):
            return _crosses(inner)
    return False
