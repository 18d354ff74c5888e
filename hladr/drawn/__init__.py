"""Gates that people draw: where they come from, the population they hold, and their plots."""

from hladr.drawn.errors import DrawnGatesError, PopulationEmpty, PopulationNotNamed
from hladr.drawn.population import DrawnGates
from hladr.drawn.source import GateSource

__all__ = [
    "DrawnGates",
    "DrawnGatesError",
    "GateSource",
    "PopulationEmpty",
    "PopulationNotNamed",
]
