"""Somebody was faster: who, when, and in which vertices their gates are others than those sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from hladr.errors import HladrError
from hladr.gates import GatingStrategy
from hladr.report.gate_names import gate_words
from service.analyses import view
from service.analyses.gates_told import (
    automatic_gates,
    drawn_gates,
    gates_told,
    is_hidden,
    opened_version,
)
from service.doors.report.printed import of_service
from service.laboratory import Laboratory
from service.pages.gate_figure import GateFigure
from service.principal import Principal
from service.store.analysis import Analysis

Row = tuple[str, ...]
_GONE: Row = ("none",)


@dataclass(frozen=True, slots=True)
class Vertex:
    """A vertex, or the ends of a range, as it is theirs and as it is ours, in numbers."""

    name: str
    theirs: str
    ours: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """What another person's version has other than somebody who comes too late.

    Parameters
    ----------
    label, gate
        What the gate that both have is asked for by, and what it is called.
    axes
        What the numbers of a vertex are.
    vertices
        Those that differ.
    also
        Other gates that were moved in the meantime.
    """

    label: str
    gate: str
    axes: Row
    vertices: tuple[Vertex, ...]
    also: tuple[str, ...]


def conflict_of(figure: GateFigure, ours: tuple[Row, ...], also: tuple[str, ...]) -> Conflict:
    """Return where the numbers that were sent differ from those of a gate as it is now."""
    axes = figure.axes if figure.is_polygon else ("Low end", "High end")
    others = tuple(each for each in also if each != figure.title)
    return Conflict(figure.label, figure.title, axes, tuple(_differing(figure, ours)), others)


def _differing(figure: GateFigure, ours: tuple[Row, ...]) -> Iterator[Vertex]:
    for number, (their, our) in enumerate(zip_longest(figure.rows, ours, fillvalue=_GONE), 1):
        if their != our:
            name = f"Vertex {number}" if figure.is_polygon else "Ends"
            yield Vertex(name, *(", ".join(n or "open" for n in each) for each in (their, our)))


def moved_gates(laboratory: Laboratory, who: Principal, id: str, seen: int) -> tuple[str, ...]:
    """Return in words which gates were moved since a version that somebody saw.

    Raises
    ------
    NotFound
    """
    with laboratory.database.reading() as connection:
        now, before = view.visible(connection, id, who), view.seen_at(connection, id, seen, who)
    try:
        new, old = _strategy(laboratory, now), _strategy(laboratory, before)
    except (HladrError, ValueError):
        return ()
    known = dict(zip(old.labels(), old.nodes, strict=True))
    return tuple(
        gate_words(label)
        for label, node in zip(new.labels(), new.nodes, strict=True)
        if label not in known or known[label].gate != node.gate
    )


def newest_told(laboratory: Laboratory, who: Principal, id: str, seen: int) -> Mapping[str, Any]:
    """Return who made the newest version, when by the clock of the laboratory, and its gates.

    Raises
    ------
    NotFound
    """
    with laboratory.database.reading() as connection:
        found = view.visible(connection, id, who)
        hidden = is_hidden(view.told(connection, found, laboratory, who), who)
    made = {
        "version": found.version,
        "by": found.made.by,
        "at": of_service(found.made.at, laboratory.settings.zone),
    }
    if hidden or found.outcome.result is None:
        return {**made, "gates": [], "moved": []}
    sample, drawn = opened_version(laboratory, found), drawn_gates(laboratory, found)
    gates = gates_told(sample, drawn, found.outcome.result)
    return {**made, "gates": gates, "moved": moved_gates(laboratory, who, id, seen)}


def _strategy(laboratory: Laboratory, analysis: Analysis) -> GatingStrategy:
    drawn = drawn_gates(laboratory, analysis)
    gates = automatic_gates(opened_version(laboratory, analysis)) if drawn is None else drawn
    return gates.strategy
