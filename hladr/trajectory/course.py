"""Restoration along a series: every later moment by the rule of the class at entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from calibration.curve import Range
from hladr.criterion.definition import ClassName, Criterion
from hladr.criterion.measured import AbcBeyondBeads, AbcEvidence
from hladr.criterion.restoration import MeasuredAbc, Restoration, restoration
from hladr.ferritin import Ferritin, Relation
from hladr.trajectory.contrast import contrast
from hladr.trajectory.placed import Placed
from hladr.trajectory.point import Use

_NO_ABC = frozenset({Use.REJECTED, Use.NO_NUMBER, Use.TIME_UNKNOWN, Use.SAME_MOMENT})


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """The class a subject entered in, and the ferritin of that moment.

    Parameters
    ----------
    class_name
        `ClassName.UNDETERMINED` when it is not known.
    ferritin
        At entry; None when it was not measured.
    reason
        Where the class comes from, or why it is not known.
    day
        When, in days since the first point; points at or before it are no later moments.
    """

    class_name: ClassName
    ferritin: Ferritin | None
    reason: str
    day: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """Write as JSON holds it."""
        return {
            "class": self.class_name.value,
            "ferritin_ng_ml": None if self.ferritin is None else self.ferritin.canonical,
            "reason": self.reason,
            "day": self.day,
        }


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Restoration at one point."""

    point: str
    day: float
    restoration: Restoration

    def to_dict(self) -> dict[str, Any]:
        """Write as JSON holds it."""
        return {"point": self.point, "day": self.day, **self.restoration.to_dict()}


def entry_of(timed: Sequence[Placed], criterion: Criterion) -> Entry:
    """Take the class of the first moment, when its results were classified by this criterion."""
    if not timed:
        return _unknown("there is no result with a time")
    first = [each.point for each in timed if each.day == timed[0].day]
    ferritins = {each.ferritin.canonical: each.ferritin for each in first if each.ferritin}
    classes = {each.classified for each in first if each.classified is not None}
    if len(classes) > 1 or len(ferritins) > 1:
        return _unknown("results of the first moment contradict each other")
    ferritin = next(iter(ferritins.values()), None)
    if not classes:
        return _unknown("the first result has no class", ferritin)
    found = classes.pop()
    if (found.criterion, found.version) != (criterion.name, criterion.version):
        return _unknown(
            f"the first result was classified by {found.criterion}, version {found.version}, not "
            f"by {criterion.name}, version {criterion.version}",
            ferritin,
        )
    names = " and ".join(each.id for each in first)
    return Entry(found.class_name, ferritin, f"class of the first result, {names}")


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
    spread = contrast((measured,), (1.0,))
    return AbcEvidence(measured.abc, spread.relative, spread.dof)


def _unknown(reason: str, ferritin: Ferritin | None = None) -> Entry:
    return Entry(ClassName.UNDETERMINED, ferritin, reason)
