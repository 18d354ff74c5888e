"""What people hand to an eligibility: answers, times, signatures, and the class with its inputs."""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hladr.criterion.classification import Classification
from hladr.criterion.definition import ClassName
from hladr.trial.definition import AnswerValue, CriterionUsed
from hladr.trial.errors import InvalidAnswer


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """An answer to a question of the trial.

    Parameters
    ----------
    value
        Yes, no, or that it is not known.
    by
        Who answered.
    at
        When.

    Raises
    ------
    InvalidAnswer
        Nobody answered.
    """

    value: AnswerValue
    by: str
    at: dt.datetime

    def __post_init__(self) -> None:
        """Refuse an answer that nobody gave."""
        _require_person(self.by, "answer, by")

    def to_dict(self) -> dict[str, str]:
        """Write as JSON holds it."""
        return {"value": self.value.value, "by": self.by, "at": self.at.isoformat()}


@dataclass(frozen=True, slots=True)
class Signature:
    """Who stands behind the record, when, and as what; nothing here is cryptography.

    Raises
    ------
    InvalidAnswer
        Nobody signed.
    """

    by: str
    at: dt.datetime
    meaning: str

    def __post_init__(self) -> None:
        """Refuse a signature that nobody gave."""
        _require_person(self.by, "signature, by")

    def to_dict(self) -> dict[str, str]:
        """Write as JSON holds it."""
        return {"by": self.by, "at": self.at.isoformat(), "meaning": self.meaning}


@dataclass(frozen=True, slots=True)
class Times:
    """When sepsis was classified, and when the first dose is or would be given; None: not known.

    With a zone on one side only, the clocks on the wall are compared.
    """

    sepsis_classified: dt.datetime | None = None
    first_dose: dt.datetime | None = None

    def to_dict(self) -> dict[str, str | None]:
        """Write as JSON holds it."""
        return {
            "sepsis_classified_at": _written(self.sepsis_classified),
            "first_dose_at": _written(self.first_dose),
        }


@dataclass(frozen=True, slots=True)
class ImmuneClass:
    """The class of a patient and the two numbers it rests on, with their times.

    Parameters
    ----------
    class_name
        `ClassName.UNDETERMINED` when an input is missing.
    criterion
        By which it was made.
    decisive, probability
        As `hladr.criterion.Classification` states them.
    abc
        HLA-DR in AB/c; None when missing or not usable.
    ferritin_ng_ml
        As it was reported, ``812`` or ``>40000``; None when missing.
    abc_drawn_at, ferritin_drawn_at
        ISO 8601 as the laboratory said it; None: not said.
    """

    class_name: ClassName
    criterion: CriterionUsed
    decisive: bool | None = None
    probability: float | None = None
    abc: float | None = None
    ferritin_ng_ml: str | None = None
    abc_drawn_at: str | None = None
    ferritin_drawn_at: str | None = None

    @classmethod
    def of(
        cls,
        classification: Classification,
        *,
        abc: float | None,
        abc_drawn_at: str | None = None,
        ferritin_drawn_at: str | None = None,
    ) -> "ImmuneClass":
        """Class from a classification and the HLA-DR that was classified."""
        reference, ferritin = classification.criterion, classification.ferritin
        return cls(
            class_name=classification.class_name,
            criterion=CriterionUsed(reference.name, reference.version, reference.sha256),
            decisive=classification.decisive,
            probability=classification.probability,
            abc=abc,
            ferritin_ng_ml=None if ferritin is None else ferritin.canonical,
            abc_drawn_at=abc_drawn_at,
            ferritin_drawn_at=ferritin_drawn_at,
        )

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> "ImmuneClass":
        """Class from an object of schema ``hladr.result/1``, whose ferritin is of the same draw.

        Raises
        ------
        InvalidAnswer
            It is no such object.
        """
        try:
            found, criterion = record["classification"], record["classification"]["criterion"]
            drawn, measured = record["context"]["drawn_at"], record["hla_dr"]
            ferritin = found["ferritin_ng_ml"]
            return cls(
                class_name=ClassName(found["class"]),
                criterion=CriterionUsed(str(criterion["name"]), str(criterion["version"]), None),
                decisive=found["decisive"],
                probability=found["probability"],
                abc=None if measured is None else measured["abc"],
                ferritin_ng_ml=ferritin,
                abc_drawn_at=None if measured is None else drawn,
                ferritin_drawn_at=None if ferritin is None else drawn,
            )
        except (KeyError, TypeError, ValueError) as cause:
            raise InvalidAnswer(
                field="result", expected="an object of schema hladr.result/1", found=repr(cause)
            ) from cause

    def to_dict(self) -> dict[str, Any]:
        """Write as JSON holds it."""
        usable = self.abc is not None and math.isfinite(self.abc)
        return {
            "class": self.class_name.value,
            "decisive": self.decisive,
            "probability": self.probability,
            "hla_dr": {"abc": self.abc if usable else None, "drawn_at": self.abc_drawn_at},
            "ferritin": {"ng_ml": self.ferritin_ng_ml, "drawn_at": self.ferritin_drawn_at},
        }


def _require_person(by: str, field: str) -> None:
    if not by.strip():
        raise InvalidAnswer(field=field, expected="the name of a person", found=by)


def _written(moment: dt.datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
