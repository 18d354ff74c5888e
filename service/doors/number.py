"""A number on its way out, or that there is none; and the class that rests on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hladr.criterion.definition import Criterion, Quantity
from hladr.criterion.printing import format_abc


class Absence(StrEnum):
    """Why there is no number.

    ├── REJECTED      it was measured, and may not be used
    ├── WITHDRAWN     one was given out, and may not be used any more
    ├── INSUFFICIENT  too little blood
    ├── CLOTTED       the blood was clotted
    ├── NOT_DONE      nobody measured it
    └── LOST          the tube was lost
    """

    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    INSUFFICIENT = "insufficient"
    CLOTTED = "clotted"
    NOT_DONE = "not done"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Absent:
    """That there is no number, and what people said about it."""

    why: Absence
    comment: str | None

    @property
    def sentence(self) -> str:
        """In words, with what was said."""
        words = {
            Absence.REJECTED: "Measured; the number may not be used",
            Absence.WITHDRAWN: "Withdrawn: the number that was given out may not be used",
            Absence.INSUFFICIENT: "Not measured: too little blood",
            Absence.CLOTTED: "Not measured: the blood was clotted",
            Absence.NOT_DONE: "Not measured",
            Absence.LOST: "Not measured: the tube was lost",
        }[self.why]
        return f"{words}: {self.comment}" if self.comment else f"{words}."


@dataclass(frozen=True, slots=True)
class Number:
    """AB/c and its 95 % interval, unrounded, and how every door prints them.

    Parameters
    ----------
    range
        ``within`` the beads, ``above`` or ``below``.
    monocytes
        Cells that it was measured on.
    """

    abc: float
    low: float
    high: float
    monocytes: int
    range: str
    criterion: Criterion

    @property
    def text(self) -> str:
        """AB/c as machines read it: rounded as it is printed, without signs between thousands."""
        return self._printed(self.abc)

    @property
    def interval(self) -> tuple[str, str]:
        """Ends of the interval, as `text` is."""
        return self._printed(self.low), self._printed(self.high)

    def _printed(self, value: float) -> str:
        return format_abc(value, self.criterion.cutoffs(Quantity.ABC)).replace(",", "")


@dataclass(frozen=True, slots=True)
class Classified:
    """The class under a criterion; undetermined, it has no `decisive` and no `probability`."""

    criterion: str
    criterion_version: str
    name: str
    decisive: bool | None
    probability: float | None
    ferritin_ng_ml: str | None

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Classified":
        """Read the object ``classification`` of a result."""
        criterion = told["criterion"]
        return cls(
            criterion["name"],
            criterion["version"],
            told["class"],
            told["decisive"],
            told["probability"],
            told["ferritin_ng_ml"],
        )
