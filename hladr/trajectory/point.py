"""One moment of a subject: HLA-DR, ferritin, and how the tube was made and measured."""

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hladr.criterion.definition import ClassName
from hladr.ferritin import Ferritin
from hladr.result import Verdict
from hladr.trajectory.measured import MeasuredHlaDr


class MomentOf(StrEnum):
    """What the moment of a point is the moment of."""

    DRAW = "draw"
    ACQUISITION = "acquisition"  # where nobody said when blood was drawn
    UNKNOWN = "unknown"


class Use(StrEnum):
    """Whether the HLA-DR of a point is compared, and if not, why."""

    USED = "used"
    REJECTED = "rejected"
    NO_NUMBER = "no number"
    ABOVE = "above the beads"
    BELOW = "below the beads"
    TIME_UNKNOWN = "time unknown"
    SAME_MOMENT = "another draw at the same moment"


@dataclass(frozen=True, slots=True)
class Classified:
    """The class a result carries, and the criterion it was made by."""

    criterion: str
    version: str
    class_name: ClassName


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """What is known of one tube; None: not said, not recorded, not measured.

    Parameters
    ----------
    id
        How the point is called: the number of an analysis, or the file.
    subject
        Whose blood.
    moment, moment_of
        When, with or without a zone, and what that is the time of.
    acquired
        Start of the acquisition.
    hla_dr
        The number that may be used; None on `reject`, and where there is none.
    ferritin
        Of the same draw.
    classified
        The class of the result.
    preparation, cytometer, serial, algorithm
        How the tube was prepared, on what it was measured, and by which version of the algorithm.
    verdict
        Of the result; None for ferritin alone.
    """

    id: str
    subject: str | None = None
    moment: dt.datetime | None = None
    moment_of: MomentOf = MomentOf.UNKNOWN
    acquired: dt.datetime | None = None
    hla_dr: MeasuredHlaDr | None = None
    ferritin: Ferritin | None = None
    classified: Classified | None = None
    preparation: str | None = None
    cytometer: str | None = None
    serial: str | None = None
    algorithm: str | None = None
    verdict: Verdict | None = None

    @property
    def number(self) -> MeasuredHlaDr:
        """The HLA-DR of a point that has one."""
        if self.hla_dr is None:
            raise ValueError(f"point {self.id} has no HLA-DR")
        return self.hla_dr

    @property
    def method(self) -> str | None:
        """The preparation as it is compared: letters and digits, small; None when not said."""
        if self.preparation is None:
            return None
        return re.sub(r"[\W_]+", "", self.preparation.casefold()) or None

    def to_dict(self) -> dict[str, Any]:
        """Write as JSON holds it."""
        return {
            "id": self.id,
            "moment": None if self.moment is None else self.moment.isoformat(),
            "moment_of": self.moment_of.value,
            "hla_dr": None if self.hla_dr is None else self.hla_dr.to_dict(),
            "ferritin_ng_ml": None if self.ferritin is None else self.ferritin.canonical,
            "class": None if self.classified is None else self.classified.class_name.value,
            "preparation": self.preparation,
            "cytometer": self.cytometer,
            "serial": self.serial,
            "algorithm": self.algorithm,
            "verdict": None if self.verdict is None else self.verdict.value,
        }


def known_use(point: Point) -> Use:
    """Whether the number of a point may be compared, as far as the point alone tells."""
    if point.verdict is Verdict.REJECT:
        return Use.REJECTED
    if point.hla_dr is None:
        return Use.NO_NUMBER
    if point.moment is None:
        return Use.TIME_UNKNOWN
    places = {"above": Use.ABOVE, "below": Use.BELOW, "within": Use.USED}
    return places[point.hla_dr.range.value]
