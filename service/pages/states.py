"""Where a sample is, as every page says it: a shape, a word and a colour."""

from typing import Final

from hladr.report.badges import CROSS, DOT, TICK, TRIANGLE, icon
from hladr.report.page import Badge
from service.store.analysis import State

STATES: Final = {
    State.OPEN: "Not signed",
    State.PRELIMINARY: "Preliminary",
    State.PERFORMED: "Performed",
    State.FINAL: "Final",
    State.REJECTED: "Rejected",
    State.NO_RESULT: "No result",
}
_LOOKS: Final = {
    State.OPEN: ("note", DOT),
    State.PRELIMINARY: ("review", TRIANGLE),
    State.PERFORMED: ("review", TRIANGLE),
    State.FINAL: ("pass", TICK),
    State.REJECTED: ("reject", CROSS),
    State.NO_RESULT: ("note", DOT),
}
OLDER: Final = Badge("note", "Older version", icon(DOT))


def state_badge(state: State) -> Badge:
    """Badge of a state."""
    kind, shape = _LOOKS[state]
    return Badge(kind, STATES[state], icon(shape))
