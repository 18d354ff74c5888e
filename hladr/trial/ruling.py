"""What rules a patient out, what is missing, and what else a reader should know."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hladr.clock import on_one_clock
from hladr.criterion.definition import Certainty, ClassName
from hladr.trial.definition import AnswerValue, Arm, Grounds, Trial, Window
from hladr.trial.errors import InvalidAnswer
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
    return _apart(times.sepsis_classified, times.first_dose) / _HOUR


def _apart(earlier: dt.datetime, later: dt.datetime) -> dt.timedelta:
    """Return the time between two moments, below zero if they come the other way round."""
    first, second = on_one_clock(earlier, later)
    if first.tzinfo is not None:  # in one zone, Python subtracts the clocks on the wall
        first, second = first.astimezone(dt.UTC), second.astimezone(dt.UTC)
    return second - first


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


def drawn_too_late(immune_class: ImmuneClass, times: Times) -> Iterator[Missing]:
    """Name the class when its blood was drawn after the first dose: the drug may have moved it.

    A draw that is told as a day alone is too late from the day after the dose on.

    Raises
    ------
    InvalidAnswer
        The time of a draw is none.
    """
    drawn = {
        "HLA-DR": immune_class.abc_drawn_at,
        "ferritin": immune_class.ferritin_drawn_at,
    }
    late = [
        name
        for name, text in drawn.items()
        if text is not None and times.first_dose is not None and _is_after(text, times.first_dose)
    ]
    if late:
        yield Missing(
            "class-before-dose",
            f"a class of blood that was drawn before the first dose: {' and '.join(late)} came "
            "after it",
        )


def _is_after(drawn: str, dose: dt.datetime) -> bool:
    try:
        moment = dt.datetime.fromisoformat(drawn)
    except ValueError as cause:
        raise InvalidAnswer(
            field="time of a draw", expected="a time in ISO 8601", found=drawn
        ) from cause
    if _is_day(drawn):
        return moment.date() > dose.date()
    return _apart(dose, moment) > dt.timedelta()


def _is_day(text: str) -> bool:
    """Whether a time is told as a day alone, which is no midnight."""
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


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
