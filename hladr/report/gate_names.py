"""What a gate is called on paper."""

from typing import Final

from hladr.evidence import GateView

_WORDS: Final = {"cd14": "CD14", "cd45": "CD45", "fsc": "forward scatter", "ssc": "side scatter"}


def gate_words(label: str) -> str:
    """Return the name of a gate in words; one that somebody gave keeps its letters."""
    if label.islower() and " " not in label:
        label = " ".join(_WORDS.get(each, each) for each in label.split("_"))
    return label[:1].upper() + label[1:]


def gate_title(view: GateView) -> str:
    """Return what stands above a plot: of the steady events that it is the time."""
    if view.population == "steady events" and "time" in view.roles:
        return "Time"
    return gate_words(view.population)
