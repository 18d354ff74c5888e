"""What somebody did to gates before their session ended, in the words of the page of gates."""

import re
from collections.abc import Iterator
from typing import Final

from hladr.report.gate_names import gate_words

Fields = tuple[tuple[str, str], ...]
_GATES: Final = re.compile(r"/samples/[^/]+/gates")
_OF_VERSION: Final = re.compile("(again|over)-([0-9]+)")


def is_of_gates(address: str) -> bool:
    """Whether a form that is sent there changes gates."""
    return _GATES.fullmatch(address) is not None


def gates_typed(kept: Fields) -> Fields:
    """Return which gate is moved and to which numbers, or which gates are taken instead."""
    said = dict(kept)
    act = said.get("act", "")
    if act == "automatic":
        return (("Gates", "the automatic ones"),)
    of_version = _OF_VERSION.fullmatch(act)
    if of_version is not None and of_version[1] == "again":
        return (("Gates", f"those of version {of_version[2]}"),)
    over = () if of_version is None else (("On top of", f"version {of_version[2]}"),)
    more = (("Numbers are of", said.get("axes", "")), ("Reason", said.get("reason", "").strip()))
    return (
        ("Gate", gate_words(said.get("gate", ""))),
        *over,
        *((label, text) for label, text in more if text),
        *_numbers(kept, is_range=said.get("kind") == "range"),
    )


def _numbers(kept: Fields, *, is_range: bool) -> Iterator[tuple[str, str]]:
    x, y = ([value.strip() for name, value in kept if name == side] for side in "xy")
    if is_range:
        ends = [*x[:1], *y[:1]]
        yield from zip(("Low end", "High end"), (each or "open" for each in ends), strict=False)
        return
    for number, corner in enumerate(zip(x, y, strict=False), 1):
        if any(corner):
            yield f"Vertex {number}", ", ".join(each or "empty" for each in corner)
