"""What rules a patient out, what is missing, and what else a reader should know."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hladr.clock import on_one_clock
from hladr.criterion.definition import Certainty, ClassName
from hladr.trial.definition import AnswerValue, Arm, Grounds, Trial, Window
from hladr.trial.given import ImmuneClass, RecordedAnswer, Times

_HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that must be known before eligibility can be stated."""

    item: str
    text: str

    def to_dict(self) -> dict[str, str]:
        """Write as JSON holds it."""
        return {"item": self.item, "text": self.text}


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that rules a patient out, or places one in an arm."""

    item: str
    text: str
    grounds: Grounds

    def to_dict(self) -> dict[str, str]:
        """Write as JSON holds it."""
        return {"item": self.item, "text": self.text, **self.grounds.to_dict()}


def _hours(times: Times) -> float | None:
    """Hours from the classification of sepsis to the first dose; None when not known."""
    if times.sepsis_classified is None or times.first_dose is None:
        return None
    sepsis, dose = on_one_clock(times.sepsis_classified, times.first_dose)
    if sepsis.tzinfo is not None:  # in one zone, Python subtracts the clocks on the wall
        sepsis, dose = sepsis.astimezone(dt.UTC), dose.astimezone(dt.UTC)
    return (dose - sepsis) / _HOUR


def window_passed(window: Window, times: Times) -> Iterator[Reason]:
    """Rule out by time: the first dose comes too late."""
    hours = _hours(times)
    if hours is not None and hours >= window.below_hours:
        yield Reason(
            "window",
            f"the first dose comes {hours:.1f} h after sepsis was classified; less than "
            f"{window.below_hours:g} h is needed",
            window.grounds,
        )


def no_arm(trial: Trial, arm: Arm | None, class_name: ClassName) -> Iterator[Reason]:
    """Rule out by class: the trial has no arm for it."""
    if arm is None and class_name is not ClassName.UNDETERMINED:
        yield Reason(
            "class", f"{trial.name} has no arm for the class {class_name}", trial.without_arm
        )


def ruled_out(
    trial: Trial, answers: Mapping[str, RecordedAnswer], arm: Arm | None
) -> Iterator[Reason]:
    """Rule out by answers, those about another arm left aside."""
    for question in trial.questions:
        given = answers.get(question.id)
        if given is None or given.value in {question.needed, AnswerValue.NOT_KNOWN}:
            continue
        if question.arms and (arm is None or not question.concerns(arm)):
            continue
        text = f"{question.text} {given.value.value}; {question.needed.value} is needed"
        yield Reason(question.id, text, question.grounds)


def missing_class(immune_class: ImmuneClass) -> Iterator[Missing]:
    """Name the class when it is not known."""
    if immune_class.class_name is ClassName.UNDETERMINED:
        yield Missing("class", "the immune classification: HLA-DR and ferritin of the patient")


def missing_times(times: Times) -> Iterator[Missing]:
    """Name the times that are not known, or contradict each other."""
    if times.sepsis_classified is None:
        yield Missing("sepsis-classified-at", "when sepsis was classified")
    if times.first_dose is None:
        yield Missing("first-dose-at", "when the first dose is to be given")
    hours = _hours(times)
    if hours is not None and hours < 0.0:
        yield Missing(
            "times-in-order",
            "times in order: the first dose comes before the classification of sepsis",
        )


def unanswered(trial: Trial, answers: Mapping[str, RecordedAnswer]) -> Iterator[Missing]:
    """Name the questions without an answer."""
    for question in trial.questions:
        given = answers.get(question.id)
        if given is None or given.value is AnswerValue.NOT_KNOWN:
            yield Missing(question.id, question.text)


def placed(arm: Arm, immune_class: ImmuneClass) -> Reason:
    """State what a patient is eligible for."""
    text = f"class {immune_class.class_name}: {arm.words}, by the trial's own lot"
    return Reason("class", text, arm.grounds)


def remarks(trial: Trial, immune_class: ImmuneClass) -> Iterator[str]:
    """State what a reader of the record should know besides."""
    if immune_class.decisive is False:
        yield "the class is not decisive: its 95 % intervals hold another class"
    for question in trial.questions:
        if question.note is not None:
            yield f"{question.id}: {question.note}"
        if question.grounds.certainty is Certainty.UNVERIFIED:
            yield f"{question.id}: this rule is unverified ({question.grounds.source})"
