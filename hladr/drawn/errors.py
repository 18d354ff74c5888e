"""What is refused about gates drawn by hand.

DrawnGatesError
├── PopulationNotNamed   POPULATION_NOT_NAMED   which gate holds the monocytes is not said
└── PopulationEmpty      POPULATION_EMPTY       hardly an event is in it
"""

from typing import ClassVar

from hladr.errors import HladrError

LEAST_EVENTS = 2  # a spread needs two
_MOST_NAMED = 40


class DrawnGatesError(HladrError):
    """Gates drawn by hand do not give a population to measure."""

    code: ClassVar[str] = "DRAWN_GATES_ERROR"


class PopulationNotNamed(DrawnGatesError):
    """Several gates, and it is not said which of them holds the monocytes."""

    code: ClassVar[str] = "POPULATION_NOT_NAMED"

    def __init__(self, *, present: tuple[str, ...]) -> None:
        self.present = present
        more = f" and {len(present) - _MOST_NAMED} more" if len(present) > _MOST_NAMED else ""
        super().__init__(
            "which gate holds the monocytes is not said: expected one called 'monocytes' or "
            f"'mono', or one alone at the end of the tree; found {', '.join(present[:_MOST_NAMED])}"
            f"{more}. Name it (--population, population=), by its path where names repeat."
        )


class PopulationEmpty(DrawnGatesError):
    """The gate that should hold the monocytes holds hardly an event."""

    code: ClassVar[str] = "POPULATION_EMPTY"

    def __init__(self, *, gate: str, found: int, of: int) -> None:
        self.gate, self.found, self.of = gate, found, of
        super().__init__(
            f"gate {gate!r} holds {found} of {of:,} events, at least {LEAST_EVENTS} are needed for "
            "a number. Check that the gates are those of this tube, and their compensation."
        )
