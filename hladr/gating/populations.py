"""The automatic gate as a tree of populations."""

from hladr.gating.automatic import AutomaticGate
from hladr.population import Population, all_events, gated

MONOCYTES = "monocytes"


def automatic_populations(gate: AutomaticGate) -> tuple[Population, ...]:
    """The tree of the automatic gate, from all events down."""
    everything = all_events("events", gate.monocytes.size)
    steady = gated(everything, "steady events", gate.steady)
    singlets = gated(steady, "singlets", gate.singlets)
    leukocytes = gated(singlets, "leukocytes", gate.leukocytes)
    return (
        everything,
        steady,
        singlets,
        leukocytes,
        gated(leukocytes, "monocytes by CD14", gate.by_cd14),
        gated(leukocytes, MONOCYTES, gate.monocytes),
        gated(leukocytes, "lymphocytes", gate.lymphocytes & ~gate.monocytes),
    )
