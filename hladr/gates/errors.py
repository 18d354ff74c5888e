"""What is refused about gates.

GateError
├── InvalidGate          INVALID_GATE          geometry, logic or place in the tree is wrong
├── InvalidMatrix        INVALID_MATRIX        a spillover or spectrum matrix cannot be used
├── GateChannelMissing   GATE_CHANNEL_MISSING  drawn on a channel that the events do not have
├── GateNotFound         GATE_NOT_FOUND        no gate of that name
└── AmbiguousGate        AMBIGUOUS_GATE        several gates of that name
"""

from typing import ClassVar

from hladr.errors import HladrError


class GateError(HladrError):
    """A gate cannot be made, or not be applied to these events."""

    code: ClassVar[str] = "GATE_ERROR"


class InvalidGate(GateError):
    """A gate's geometry, logic or place in its tree is not one that can be executed."""

    code: ClassVar[str] = "INVALID_GATE"

    def __init__(self, *, gate: str, expected: str, found: object) -> None:
        self.gate, self.expected, self.found = gate, expected, found
        super().__init__(
            f"gate {gate!r} cannot be used: expected {expected}, found {found}. "
            "Draw the gate again or correct the gate file."
        )


class InvalidMatrix(GateError):
    """A spillover or spectrum matrix of a gate file cannot be used."""

    code: ClassVar[str] = "INVALID_MATRIX"

    def __init__(self, *, matrix: str, expected: str, found: object) -> None:
        self.matrix, self.expected, self.found = matrix, expected, found
        super().__init__(
            f"matrix {matrix!r} cannot be used: expected {expected}, found {found}. "
            "Correct the matrix in the gate file."
        )


class GateChannelMissing(GateError):
    """A gate needs a channel that the events do not have.

    `drawn_on` is what the gate is drawn on: the channel itself, or what a matrix or a ratio makes
    of it and others.
    """

    code: ClassVar[str] = "GATE_CHANNEL_MISSING"

    def __init__(
        self, *, gate: str, channel: str, present: tuple[str, ...], drawn_on: str = ""
    ) -> None:
        self.gate, self.channel, self.present = gate, channel, present
        self.drawn_on = drawn_on or channel
        through = "" if self.drawn_on == channel else f"{self.drawn_on!r}, which is made of "
        super().__init__(
            f"gate {gate!r} is drawn on {through}channel {channel!r}, which is not among the "
            f"channels {', '.join(present) or '(none)'}. Use the gates of this panel or name the "
            "channel."
        )


class GateNotFound(GateError):
    """A strategy has no gate of the name that was asked for."""

    code: ClassVar[str] = "GATE_NOT_FOUND"

    def __init__(self, *, wanted: str, present: tuple[str, ...]) -> None:
        self.wanted, self.present = wanted, present
        super().__init__(
            f"no gate {wanted!r}; the gates are {', '.join(present) or '(none)'}. Name one of them."
        )


class AmbiguousGate(GateError):
    """Several gates have the name that was asked for."""

    code: ClassVar[str] = "AMBIGUOUS_GATE"

    def __init__(self, *, wanted: str, paths: tuple[str, ...]) -> None:
        self.wanted, self.paths = wanted, paths
        super().__init__(
            f"several gates are called {wanted!r}: {', '.join(paths)}. Give the path of one."
        )
