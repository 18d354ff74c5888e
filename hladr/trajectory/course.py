"""Restoration along a series: every later moment by the rule of the class at entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from calibration.curve import Range
from hladr.criterion.definition import Criterion
from hladr.criterion.measured import AbcBeyondBeads
from hladr.criterion.restoration import MeasuredAbc, Restoration, restoration
from hladr.ferritin import Relation
from hladr.trajectory.contrast import evidence_of
from hladr.trajectory.entry import Entry
from hladr.trajectory.placed import Placed
from hladr.trajectory.point import Use

_NO_ABC = frozenset({Use.REJECTED, Use.NO_NUMBER, Use.TIME_UNKNOWN, Use.SAME_MOMENT})


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Restoration at one point."""

    point: str
    day: float
    restoration: Restoration

    def to_dict(self) -> dict[str, Any]:
        """Write as JSON holds it."""
        return {"point": self.point, "day": self.day, **self.restoration.to_dict()}


def judge_course(timed: Sequence[Placed], criterion: Criterion, entry: Entry) -> tuple[Judged, ...]:
    """Hold every moment after entry against the rule of the class at entry.

    Restoration is judged moment by moment; HLA-DR above the brightest bead counts as more than it.
    """
    return tuple(
        Judged(
            each.point.id,
            each.known_day,
            restoration(
                criterion,
                entry.class_name,
                entry_ferritin=entry.ferritin,
                abc=_abc(each),
                ferritin=each.point.ferritin,
            ),
        )
        for each in timed
        if each.known_day > entry.day
    )


def _abc(placed: Placed) -> MeasuredAbc | None:
    measured = placed.point.hla_dr
    if measured is None or placed.use in _NO_ABC:
        return None
    if measured.range is not Range.WITHIN:
        above = measured.range is Range.ABOVE
        return AbcBeyondBeads(measured.limit, Relation.ABOVE if above else Relation.BELOW)
    return evidence_of(measured)
