"""Which arm a patient is eligible for, or what is missing to say it. No lot is drawn here.

Whatever rules out for certain decides, even where something else is missing; otherwise nothing is
said before everything is known. Every question is asked of everyone: a question that is asked only
of one class would tell the class.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hladr.criterion.definition import ClassName
from hladr.trial.blinding import WHY_WITHHELD, WITHHELD, outcome_tells_class
from hladr.trial.definition import Arm, Question, Trial
from hladr.trial.errors import ClassOfOtherTrial, UnknownQuestion
from hladr.trial.given import ImmuneClass, RecordedAnswer, Signature, Times
from hladr.trial.ruling import (
    Missing,
    Reason,
    drawn_too_late,
    missing_class,
    missing_times,
    no_arm,
    placed,
    remarks,
    ruled_out,
    unanswered,
    window_passed,
)

SCHEMA = "hladr.eligibility/1"
BEDSIDE_SCHEMA = "hladr.eligibility-bedside/1"
_NOTE = "Research use only. Not for diagnosis; not advice on treatment. No lot was drawn."


class Outcome(StrEnum):
    """What is known of a patient's eligibility."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not eligible"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Eligibility:
    """A record of what was known and what follows.

    Parameters
    ----------
    trial
        The definition.
    subject
        The patient's pseudonym; None when not said.
    outcome
        What follows.
    arm
        The arm a patient is eligible for; None unless eligible.
    immune_class, times, answers
        The inputs; `answers` by question.
    missing
        What is missing, as far as it is; also of a patient who is ruled out already.
    reasons
        What ruled out, or the class that chose the arm.
    remarks
        What a reader should know besides: documents that disagree, a class that is not decisive.
    assessed_at
        When, as the caller says it.
    signed
        Who stands behind the record.
    """

    trial: Trial
    subject: str | None
    outcome: Outcome
    arm: Arm | None
    immune_class: ImmuneClass
    times: Times
    answers: Mapping[str, RecordedAnswer]
    missing: tuple[Missing, ...]
    reasons: tuple[Reason, ...]
    remarks: tuple[str, ...]
    assessed_at: dt.datetime
    signed: tuple[Signature, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready object of schema ``hladr.eligibility/1``, for the randomisation system.

        It holds the class and the arm: `bedside_dict` is what may be shown at the bedside.
        """
        return {
            "schema": SCHEMA,
            **self._head(),
            "criterion": self.trial.criterion.to_dict(),
            "arm": None if self.arm is None else self.arm.name,
            "eligible_for": None if self.arm is None else self.arm.words,
            "classification": self.immune_class.to_dict(),
            "times": self.times.to_dict(),
            "answers": [self._answer(each) for each in self.trial.questions],
            "missing": [each.to_dict() for each in self.missing],
            "reasons": [each.to_dict() for each in self.reasons],
            "remarks": list(self.remarks),
            **self._foot(),
        }

    def bedside_dict(self) -> dict[str, Any]:
        """JSON-ready object of schema ``hladr.eligibility-bedside/1``: nothing of class or arm.

        Where the outcome would tell the class to whoever knows the answers it is ``withheld``,
        and `withheld` says why; null elsewhere.
        """
        tells = outcome_tells_class(self.trial, self.answers, self.times)
        return {
            "schema": BEDSIDE_SCHEMA,
            **self._head(),
            **({"outcome": WITHHELD} if tells else {}),
            "withheld": WHY_WITHHELD if tells else None,
            "missing": [each.to_dict() for each in self.missing],
            **self._foot(),
        }

    def _head(self) -> dict[str, Any]:
        trial = self.trial.reference
        return {
            "trial": {"name": trial.name, "version": trial.version, "sha256": trial.sha256},
            "subject": self.subject,
            "outcome": self.outcome.value,
        }

    def _foot(self) -> dict[str, Any]:
        blinding = self.trial.blinding
        return {
            "blinding": {"routes": list(blinding.routes), "words": blinding.words},
            "assessed_at": self.assessed_at.isoformat(),
            "signed": [each.to_dict() for each in self.signed],
            "note": _NOTE,
        }

    def _answer(self, question: Question) -> dict[str, Any]:
        given = self.answers.get(question.id)
        return {
            "question": question.id,
            "text": question.text,
            "needed": question.needed.value,
            **question.grounds.to_dict(),
            "answer": None if given is None else given.to_dict(),
        }


def eligibility(
    trial: Trial,
    answers: Mapping[str, RecordedAnswer],
    immune_class: ImmuneClass,
    times: Times,
    *,
    assessed_at: dt.datetime,
    subject: str | None = None,
    signed: Sequence[Signature] = (),
) -> Eligibility:
    """State the arm a patient is eligible for, that there is none, or what is missing.

    Parameters
    ----------
    trial
        The rules.
    answers
        By question; a question that is left out was not answered.
    immune_class
        By the trial's criterion.
    times
        Of sepsis and the first dose.
    assessed_at
        When; a library has no clock.
    subject, signed
        As the caller gives them.

    Raises
    ------
    UnknownQuestion
        An answer to a question that the trial does not ask.
    ClassOfOtherTrial
        The class was made by another criterion, or another version of it.
    """
    _check(trial, answers, immune_class)
    arm, out, missing = _judged(trial, answers, immune_class, times)
    outcome = Outcome.ELIGIBLE
    if out or missing:
        outcome = Outcome.NOT_ELIGIBLE if out else Outcome.UNDETERMINED
    entered = arm if outcome is Outcome.ELIGIBLE else None
    return Eligibility(
        trial=trial,
        subject=subject,
        outcome=outcome,
        arm=entered,
        immune_class=immune_class,
        times=times,
        answers=dict(answers),
        missing=missing,
        reasons=out if entered is None else (placed(entered, immune_class),),
        remarks=tuple(remarks(trial, immune_class)),
        assessed_at=assessed_at,
        signed=tuple(signed),
    )


def _judged(
    trial: Trial, answers: Mapping[str, RecordedAnswer], immune_class: ImmuneClass, times: Times
) -> tuple[Arm | None, tuple[Reason, ...], tuple[Missing, ...]]:
    """Find the arm of the class, what rules out, and what is missing."""
    late = tuple(drawn_too_late(immune_class, times))
    class_name = ClassName.UNDETERMINED if late else immune_class.class_name  # of no entry
    arm = trial.arm_of(class_name)
    out = (
        *window_passed(trial.window, times),
        *no_arm(trial, arm, class_name),
        *ruled_out(trial, answers, arm),
    )
    missing = (
        *missing_class(immune_class),
        *missing_times(times),
        *late,
        *unanswered(trial, answers),
    )
    return arm, out, missing


def _check(trial: Trial, answers: Mapping[str, RecordedAnswer], immune_class: ImmuneClass) -> None:
    known = tuple(question.id for question in trial.questions)
    for question in answers:
        if question not in known:
            raise UnknownQuestion(question=question, trial=trial.name, known=known)
    wanted, found = trial.criterion, immune_class.criterion
    same = (found.name, found.version) == (wanted.name, wanted.version)
    if not same or found.sha256 not in {None, wanted.sha256}:
        raise ClassOfOtherTrial(trial=trial.name, expected=str(wanted), found=str(found))
