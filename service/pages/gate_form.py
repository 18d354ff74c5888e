"""What the form of a gate sends: the numbers of its vertices, as somebody typed them."""

import math
import re
from dataclasses import dataclass, replace

import numpy as np

from hladr.gates import PolygonGate
from service.analyses.gates_moved import GatesMoved
from service.analyses.gates_told import drawn_gates, opened_version
from service.analyses.looking import at_version
from service.http.multipart import FormInvalid
from service.laboratory import Laboratory
from service.pages.form import Posted
from service.pages.gate_conflict import Conflict, Moved, conflict_of
from service.pages.gate_figure import corners_typed
from service.pages.gates_shown import GatesShown
from service.principal import Principal

_VERSION = re.compile("[1-9][0-9]{0,5}")
_OVER = re.compile("over-([1-9][0-9]{0,5})")
_AGAIN = re.compile("again-([1-9][0-9]{0,5})")
_NUMBER = re.compile("[0-9]{1,4}")
_MOST_OPEN = 50


@dataclass(frozen=True, slots=True)
class GateForm:
    """A form of the page of gates."""

    posted: Posted

    @property
    def version(self) -> int:
        """The version that was looked at.

        Raises
        ------
        FormInvalid
        """
        over = _OVER.fullmatch(self.posted.text("act"))  # of somebody who was told of that version
        said = self.posted.text("version") if over is None else over[1]
        if not _VERSION.fullmatch(said):
            raise FormInvalid(expected="the version that was looked at", found="none")
        return int(said)

    @property
    def open(self) -> tuple[int, ...]:
        """Gates whose numbers somebody had before them, the one they moved among them."""
        said = (*self.posted.all("open"), self.posted.text("number"))
        return tuple(dict.fromkeys(int(each) for each in said if _NUMBER.fullmatch(each)))[
            :_MOST_OPEN
        ]

    @property
    def place(self) -> str:
        """Where on the page somebody was, as the end of its address."""
        number = self.posted.text("number")
        query = "&".join(f"open={each}" for each in self.open)
        at = f"gate-{number}" if _NUMBER.fullmatch(number) else "editor"
        return f"?{query}#{at}" if query else f"#{at}"

    def wanted(self, laboratory: Laboratory, who: Principal, target: tuple[str, int]) -> GatesMoved:
        """Return the change that is asked for, and whether its sender knows of a signature.

        Raises
        ------
        FormInvalid, ValidationError, VersionMoved, NotFound
        """
        sure = self.posted.text("sure") == "yes"
        return self._change(laboratory, who, target).model_copy(update={"sure": sure})

    def _change(
        self, laboratory: Laboratory, who: Principal, target: tuple[str, int]
    ) -> GatesMoved:
        """Return the change; a vertex that stands as it was written stays to the last digit."""
        act = self.posted.text("act")
        again = _AGAIN.fullmatch(act)
        if again is not None:
            return GatesMoved(again=int(again[1]))
        if act == "automatic":
            return GatesMoved(automatic=True)
        gate, rows = self.posted.text("gate"), self._rows()
        if self.posted.text("kind") == "range":
            bounds = [(_number(low), _number(high)) for low, high in rows[:1]]
            return GatesMoved(gate=gate, intervals=bounds, in_data=True)
        with laboratory.database.reading() as connection:
            analysis = at_version(connection, who, target)
        drawn, sample = drawn_gates(laboratory, analysis), opened_version(laboratory, analysis)
        strategy = sample.automatic if drawn is None else drawn.strategy
        shape = strategy.find(gate).gate
        if not isinstance(shape, PolygonGate):
            raise FormInvalid(expected="the numbers of a range", found="vertices")
        return GatesMoved(gate=gate, vertices=_vertices(shape, rows))

    def over(self, shown: GatesShown) -> GatesShown:
        """Return what is shown with the numbers that were typed."""
        label, rows = self.posted.text("gate"), tuple(self._rows())
        wrong = frozenset(each for row in rows for each in row if not _is_number(each))
        figures = tuple(
            replace(each, rows=rows, wrong=wrong, is_open=True)
            if each.label == label and rows
            else each
            for each in shown.figures
        )
        return replace(shown, figures=figures)

    def conflict(self, shown: GatesShown, also: tuple[Moved, ...]) -> Conflict:
        """Return where what was typed differs from the gates that are there now.

        Parameters
        ----------
        also
            Gates that were moved in the meantime.
        """
        label, rows = self.posted.text("gate"), tuple(self._rows())
        found = next((each for each in shown.figures if each.label == label), None)
        if found is None or not rows:  # undo and the like, or the gate is gone
            return Conflict("", "", (), (), also)
        return conflict_of(found, rows, also)

    def _rows(self) -> list[tuple[str, str]]:
        """Pairs of numbers; a vertex of which both were taken away is left out."""
        pairs = zip(self.posted.all("x"), self.posted.all("y"), strict=False)
        rows = [(x.strip(), y.strip()) for x, y in pairs]
        kept = self.posted.text("kind") == "range"
        return [row for row in rows if kept or any(row)]


def _vertices(gate: PolygonGate, rows: list[tuple[str, str]]) -> list[tuple[float, float]]:
    known = dict(zip(corners_typed(gate), gate.vertices, strict=True))
    return [known[row] if row in known else _placed(gate, row) for row in rows]


def _placed(gate: PolygonGate, row: tuple[str, str]) -> tuple[float, float]:
    numbers = [_number(each) for each in row]
    if None in numbers:
        raise FormInvalid(expected="two numbers for each vertex", found="one")
    x, y = (
        float(side.scale.forward(np.array([number], np.float64))[0])
        for side, number in zip((gate.x, gate.y), numbers, strict=True)
    )
    if not (math.isfinite(x) and math.isfinite(y)):
        raise FormInvalid(expected="numbers that lie on the axes", found=" and ".join(row))
    return x, y


def _is_number(text: str) -> bool:
    try:
        _number(text)
    except FormInvalid:
        return False
    return True


def _number(text: str) -> float | None:
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise FormInvalid(expected="numbers such as 1250.5", found=repr(text[:40])) from None
