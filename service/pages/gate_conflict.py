"""Somebody was faster: who, when, and in which vertices their gates are others than those sent."""

from collections.abc import Iterable, Iterator, Mapping
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
    shape_told,
)
from service.doors.report.printed import of_service
from service.laboratory import Laboratory
from service.pages.gate_figure import GateFigure
from service.pages.gates_shown import gate_figures
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
class Moved:
    """A gate that somebody else moved, and in which vertices it is other than it was.

    Parameters
    ----------
    gate
        What it is called.
    axes
        What the numbers of a vertex are.
    vertices
        Those that differ; `ours` is as it was.
    """

    gate: str
    axes: Row
    vertices: tuple[Vertex, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """What another person's version has other than somebody who comes too late.

    Parameters
    ----------
    label, gate
        What the gate that both have is asked for by, and what it is called; empty where no
        numbers were sent, as of undo.
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
    also: tuple[Moved, ...]


def conflict_of(figure: GateFigure, ours: tuple[Row, ...], also: tuple[Moved, ...]) -> Conflict:
    """Return where the numbers that were sent differ from those of a gate as it is now."""
    others = tuple(each for each in also if each.gate != figure.title)
    vertices = tuple(_differing(figure, ours))
    return Conflict(figure.label, figure.title, _axes(figure), vertices, others)


def moved_since(
    laboratory: Laboratory, who: Principal, id: str, seen: int, now: Iterable[GateFigure]
) -> tuple[Moved, ...]:
    """Return the gates that were moved since a version that somebody saw.

    Parameters
    ----------
    now
        Figures of the newest version.

    Raises
    ------
    NotFound
    """
    with laboratory.database.reading() as connection:
        before = view.seen_at(connection, id, seen, who)
    figures, _ = gate_figures(laboratory, before)
    known = {each.label: each.rows for each in figures}
    return tuple(
        Moved(each.title, _axes(each), tuple(_differing(each, known.get(each.label, ()))))
        for each in now
        if known.get(each.label) != each.rows
    )


def _axes(figure: GateFigure) -> Row:
    return figure.axes if figure.is_polygon else ("Low end", "High end")


def _differing(figure: GateFigure, ours: tuple[Row, ...]) -> Iterator[Vertex]:
    for number, (their, our) in enumerate(zip_longest(figure.rows, ours, fillvalue=_GONE), 1):
        if their != our:
            name = f"Vertex {number}" if figure.is_polygon else "Ends"
            yield Vertex(name, *(", ".join(n or "open" for n in each) for each in (their, our)))


def newest_told(laboratory: Laboratory, who: Principal, id: str, seen: int) -> Mapping[str, Any]:
    """Return who made the newest version, when by the clock of the laboratory, and its gates.

    `moved` are in words those that were moved since the version that somebody saw, `before` is how
    they were then.

    Raises
    ------
    NotFound
    """
    with laboratory.database.reading() as connection:
        found, old = view.visible(connection, id, who), view.seen_at(connection, id, seen, who)
        hidden = is_hidden(view.told(connection, found, laboratory, who), who)
    made = {
        "version": found.version,
        "by": found.made.by,
        "at": of_service(found.made.at, laboratory.settings.zone),
    }
    if hidden or found.outcome.result is None:
        return {**made, "gates": [], "moved": [], "before": []}
    sample, drawn = opened_version(laboratory, found), drawn_gates(laboratory, found)
    gates = gates_told(sample, drawn, found.outcome.result)
    return {**made, "gates": gates, **_moved(laboratory, found, old)}


def _moved(laboratory: Laboratory, found: Analysis, seen: Analysis) -> dict[str, Any]:
    try:
        new, old = _strategy(laboratory, found), _strategy(laboratory, seen)
    except (HladrError, ValueError):
        return {"moved": [], "before": []}
    known = dict(zip(old.labels(), old.nodes, strict=True))
    moved = [
        label
        for label, node in zip(new.labels(), new.nodes, strict=True)
        if label not in known or known[label].gate != node.gate
    ]
    before = [
        {"gate": label, **shape}
        for label in moved
        if label in known
        for shape in shape_told(known[label].gate)
    ]
    return {"moved": [gate_words(each) for each in moved], "before": before}


def _strategy(laboratory: Laboratory, analysis: Analysis) -> GatingStrategy:
    drawn = drawn_gates(laboratory, analysis)
    gates = automatic_gates(opened_version(laboratory, analysis)) if drawn is None else drawn
    return gates.strategy
