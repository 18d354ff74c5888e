"""Patients of a trial: answers that let them in, a class of each kind, and who may enter."""

import datetime as dt
import math

from hladr.criterion import classify_numbers, load_criterion
from hladr.trial import (
    AnswerValue,
    ImmuneClass,
    RecordedAnswer,
    Times,
    eligibility,
    load_trial,
)

TRIAL = load_trial("immunosep-2025")
IMMUNOSEP = load_criterion("immunosep-2025")
NOW = dt.datetime(2026, 3, 14, 12, 0, tzinfo=dt.UTC)
SEPSIS = dt.datetime(2026, 3, 13, 9, 0, tzinfo=dt.UTC)
IN_TIME = Times(SEPSIS, SEPSIS + dt.timedelta(hours=30))
YES, NO, NOT_KNOWN = AnswerValue.YES, AnswerValue.NO, AnswerValue.NOT_KNOWN
OPPOSITE = {YES: NO, NO: YES}
ALL_NEEDED = {each.id: each.needed for each in TRIAL.questions}
ARM_ONLY = {each.id for each in TRIAL.questions if each.arms}
JUST_BELOW_5000 = math.nextafter(5000.0, 0.0)


def answers(**changes):
    given_ = {**ALL_NEEDED, **{name.replace("_", "-"): value for name, value in changes.items()}}
    return {
        name: RecordedAnswer(value, "A. Nurse", NOW)
        for name, value in given_.items()
        if value is not None
    }


def immune(abc, ferritin):
    return ImmuneClass.of(classify_numbers(IMMUNOSEP, abc=abc, ferritin=ferritin), abc=abc)


MALS, LOW, NEITHER = immune(3394.0, "9000"), immune(3394.0, "812"), immune(9000.0, "812")
OPEN = immune(3394.0, None)


def judged(immune_class=LOW, times=IN_TIME, **changes):
    return eligibility(TRIAL, answers(**changes), immune_class, times, assessed_at=NOW)
