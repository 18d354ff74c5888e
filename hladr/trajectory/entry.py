"""The class a subject entered in, as the series tells it.

A class is taken from the first result, where that was classified by the criterion. A criterion that
asks for two consecutive days states none of one result; its class is that of the first two days of
the series that follow one another.
"""

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hladr.criterion.classification import Classification, classify
from hladr.criterion.definition import ClassName, Criterion, Need
from hladr.ferritin import Ferritin
from hladr.trajectory.contrast import evidence_of
from hladr.trajectory.placed import Placed
from hladr.trajectory.point import Use

_DAY = dt.timedelta(days=1)


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


def entry_of(timed: Sequence[Placed], criterion: Criterion) -> Entry:
    """Take the class of the first moment, or of the first two consecutive days where it needs two.

    Parameters
    ----------
    timed
        Points with a time, in order.
    criterion
        Whose class; a result that was classified by another has none here.
    """
    if not timed:
        return _unknown("there is no result with a time")
    found = _of_first(timed, criterion)
    if found.class_name is not ClassName.UNDETERMINED:
        return found
    if Need.STUDY_DAY in criterion.needs:
        days = " or ".join(map(str, criterion.study_days))
        return _unknown(
            f"{criterion.name} is defined for study day {days}, and no result says its study day",
            found.ferritin,
        )
    if Need.ABC_PREVIOUS_DAY in criterion.needs:
        return _of_two_days(timed, criterion, found.ferritin)
    return found


def _of_first(timed: Sequence[Placed], criterion: Criterion) -> Entry:
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


def _of_two_days(timed: Sequence[Placed], criterion: Criterion, ferritin: Ferritin | None) -> Entry:
    """Class of the first two consecutive days with a usable HLA-DR, by the clock on the wall."""
    by_day: dict[dt.date, list[Placed]] = defaultdict(list)
    for each in timed:
        if each.use is Use.USED and each.point.moment is not None:
            by_day[each.point.moment.date()].append(each)
    for day in sorted(by_day):
        if day - _DAY in by_day:
            return _of_days(by_day[day - _DAY], by_day[day], criterion)
    return _unknown(
        f"{criterion.name} asks for HLA-DR on two consecutive days, and the series has none",
        ferritin,
    )


def _of_days(before: Sequence[Placed], after: Sequence[Placed], criterion: Criterion) -> Entry:
    pairs = list(itertools.product(before, after))
    found = [_of_pair(*pair, criterion) for pair in pairs]
    last = after[-1]
    names = " and ".join(each.point.id for each in (*before, *after))
    if len({each.class_name for each in found}) > 1:
        return _unknown(f"results of the first two consecutive days contradict each other, {names}")
    why = "; ".join(found[-1].reasons)
    reason = f"class of the first two consecutive days, {names}: {why}"
    return Entry(found[-1].class_name, last.point.ferritin, reason, last.known_day)


def _of_pair(before: Placed, after: Placed, criterion: Criterion) -> Classification:
    return classify(
        criterion,
        abc=evidence_of(after.point.number),
        previous_day_abc=evidence_of(before.point.number),
        ferritin=after.point.ferritin,
    )


def _unknown(reason: str, ferritin: Ferritin | None = None) -> Entry:
    return Entry(ClassName.UNDETERMINED, ferritin, reason)
