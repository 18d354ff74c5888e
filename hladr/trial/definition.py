"""The parts of a trial: window of time, questions, arms, blinding, each with its source."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from hladr.criterion.definition import Certainty, ClassName, Source
from hladr.definitions.digest import sha256_of

SCHEMA = "hladr.trial/1"


class AnswerValue(StrEnum):
    """What a person can answer."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Grounds:
    """How well a rule is known, and from where."""

    certainty: Certainty
    source: str

    def to_dict(self) -> dict[str, str]:
        """Write as the file holds it."""
        return {"certainty": self.certainty.value, "source": self.source}


@dataclass(frozen=True, slots=True)
class Window:
    """The first dose comes less than `below_hours` after sepsis was classified."""

    below_hours: float
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class Blinding:
    """The routes everyone is treated by, and what may be said of them at the bedside."""

    routes: tuple[str, ...]
    words: str
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class Arm:
    """What patients of a class may be randomised to."""

    name: str
    class_name: ClassName
    treatments: tuple[str, ...]
    grounds: Grounds

    @property
    def words(self) -> str:
        """The treatments as a choice: ``anakinra or placebo``."""
        return " or ".join(self.treatments)


@dataclass(frozen=True, slots=True)
class Limit:
    """A number as one document states it, where documents disagree."""

    value: float
    unit: str
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the person who enrols.

    Parameters
    ----------
    id, text
        Name, and the question.
    needed
        The only answer that lets a patient in.
    arms
        Names of the arms it is about; empty for all.
    grounds
        Certainty and source.
    note
        What whoever answers should know.
    limits
        Every number the documents give, where they disagree.
    """

    id: str
    text: str
    needed: AnswerValue
    arms: tuple[str, ...]
    grounds: Grounds
    note: str | None = None
    limits: tuple[Limit, ...] = ()

    def concerns(self, arm: Arm) -> bool:
        """Whether an answer to it can keep a patient out of an arm."""
        return not self.arms or arm.name in self.arms


@dataclass(frozen=True, slots=True)
class CriterionUsed:
    """Name, version and hash of the criterion that makes the classes.

    `sha256` is None for a class of a stored result, which does not carry it.
    """

    name: str
    version: str
    sha256: str | None

    def __str__(self) -> str:
        """As it stands in a sentence."""
        return f"{self.name}, version {self.version} ({(self.sha256 or 'no hash')[:12]})"

    def to_dict(self) -> dict[str, str | None]:
        """Write as the file holds it."""
        return {"name": self.name, "version": self.version, "sha256": self.sha256}


@dataclass(frozen=True, slots=True)
class TrialReference:
    """Which definition was used."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True)  # without slots: its hash is kept
class Trial:
    """A trial's rules, versioned.

    Parameters
    ----------
    name, version, title, source, notes
        As of a criterion.
    criterion
        By which classes are made.
    window, blinding, arms, questions
        The rules.
    without_arm
        Why a class without an arm is not randomised.
    """

    name: str
    version: str
    title: str
    source: Source
    criterion: CriterionUsed
    window: Window
    blinding: Blinding
    arms: tuple[Arm, ...]
    without_arm: Grounds
    questions: tuple[Question, ...]
    notes: tuple[str, ...] = ()

    def arm_of(self, class_name: ClassName) -> Arm | None:
        """Return the arm a class may enter; None where it has none."""
        return next((arm for arm in self.arms if arm.class_name is class_name), None)

    def to_dict(self) -> dict[str, Any]:
        """Write the definition as plain data, in the shape of its file."""
        return {
            "schema": SCHEMA,
            "name": self.name,
            "version": self.version,
            "title": self.title,
            "criterion": self.criterion.to_dict(),
            "notes": list(self.notes),
            "source": self.source.to_dict(),
            "window": {"below_hours": self.window.below_hours, **self.window.grounds.to_dict()},
            "blinding": {
                "routes": list(self.blinding.routes),
                "words": self.blinding.words,
                **self.blinding.grounds.to_dict(),
            },
            "without_arm": self.without_arm.to_dict(),
            "arm": [_arm(each) for each in self.arms],
            "question": [_question(each) for each in self.questions],
        }

    @cached_property
    def sha256(self) -> str:
        """Hash of the definition's content; comments and layout of the file do not count."""
        return sha256_of(self.to_dict())

    @property
    def reference(self) -> TrialReference:
        """Name, version and hash, to stand beside a record."""
        return TrialReference(self.name, self.version, self.sha256)


def _arm(arm: Arm) -> dict[str, Any]:
    return {
        "name": arm.name,
        "class": arm.class_name.value,
        "treatments": list(arm.treatments),
        **arm.grounds.to_dict(),
    }


def _question(question: Question) -> dict[str, Any]:
    record: dict[str, Any] = {
        "id": question.id,
        "text": question.text,
        "needed": question.needed.value,
        "arms": list(question.arms),
        **question.grounds.to_dict(),
    }
    if question.note is not None:
        record["note"] = question.note
    if question.limits:
        record["limit"] = [
            {"value": each.value, "unit": each.unit, **each.grounds.to_dict()}
            for each in question.limits
        ]
    return record
