"""What a gate is called on paper, and what is said of its events."""

import math
from typing import Final

from hladr.evidence import GateView
from hladr.number_format import format_count, format_percent

_WORDS: Final = {"cd14": "CD14", "cd45": "CD45", "fsc": "forward scatter", "ssc": "side scatter"}
_STEADY: Final = frozenset({"steady", "steady events"})


def gate_words(label: str) -> str:
    """Return the name of a gate in words; one that somebody gave keeps its letters."""
    if label.islower() and " " not in label:
        label = " ".join(_WORDS.get(each, each) for each in label.split("_"))
    return label[:1].upper() + label[1:]


def gate_title(view: GateView) -> str:
    """Return what stands above a plot: of the steady events that it is the time."""
    if "time" in view.roles and (view.population in _STEADY or not view.outlines):
        return "Time"
    return gate_words(view.population)


def held_words(events: int, of: int, parent: str) -> str:
    """Return what a gate holds of its parent: ``1,552 events, 8.6 % of Leukocytes``."""
    percent = 100.0 * events / of if of else math.nan
    return f"{format_count(events)} events, {format_percent(percent)} of {gate_words(parent)}"
