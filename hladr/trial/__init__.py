"""A trial's rules as data, and which arm a patient is eligible for. No lot is drawn here.

From answers to a record::

    trial = load_trial("immunosep-2025")
    record = eligibility(trial, answers, ImmuneClass.of_record(result), times, assessed_at=now)
    record.outcome          # eligible, not eligible, undetermined
    record.to_dict()        # for the trial's randomisation system: class and arm are in it
    record.bedside_dict()   # for the bedside: neither is

What to use when: `ImmuneClass.of` for a classification at hand, `ImmuneClass.of_record` for a
stored result; `RecordedAnswer` for what a person answered.
"""

from hladr.trial.blinding import WITHHELD
from hladr.trial.definition import (
    AnswerValue,
    Arm,
    Blinding,
    CriterionUsed,
    Grounds,
    Limit,
    Question,
    Trial,
    TrialReference,
    Window,
)
from hladr.trial.eligibility import Eligibility, Outcome, eligibility
from hladr.trial.errors import (
    ClassOfOtherTrial,
    InvalidAnswer,
    InvalidTrial,
    TrialError,
    UnknownQuestion,
    UnknownTrial,
)
from hladr.trial.given import ImmuneClass, RecordedAnswer, Signature, Times
from hladr.trial.loading import available_trials, load_trial
from hladr.trial.ruling import Missing, Reason

__all__ = [
    "WITHHELD",
    "AnswerValue",
    "Arm",
    "Blinding",
    "ClassOfOtherTrial",
    "CriterionUsed",
    "Eligibility",
    "Grounds",
    "ImmuneClass",
    "InvalidAnswer",
    "InvalidTrial",
    "Limit",
    "Missing",
    "Outcome",
    "Question",
    "Reason",
    "RecordedAnswer",
    "Signature",
    "Times",
    "Trial",
    "TrialError",
    "TrialReference",
    "UnknownQuestion",
    "UnknownTrial",
    "Window",
    "available_trials",
    "eligibility",
    "load_trial",
]
