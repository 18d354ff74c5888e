"""What a gate is called on paper."""

from typing import Final

_WORDS: Final = {"cd14": "CD14", "cd45": "CD45", "fsc": "forward scatter", "ssc": "side scatter"}


def gate_words(label: str) -> str:
    """Return the name of a gate in words; one that somebody gave keeps its letters."""
    if label.islower() and " " not in label:
        label = " ".join(_WORDS.get(each, each) for each in label.split("_"))
    return label[:1].upper() + label[1:]
