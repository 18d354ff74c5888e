"""What an eligibility says at the bedside: nothing from which the class follows.

Whoever treats a patient knows the answers. Where an answer keeps a patient out of one arm and not
of another, as COVID-19 does, the outcome would tell them the class; it is then told to the
randomisation system alone, whatever the class is.
"""

from collections.abc import Mapping

from hladr.trial.definition import Trial
from hladr.trial.given import RecordedAnswer, Times
from hladr.trial.ruling import ruled_out, window_passed

WITHHELD = "withheld"
"""Outcome at the bedside where the outcome itself would tell the class."""

WHY_WITHHELD = (
    "An answer keeps patients out of one arm and not of another, so that the outcome would tell "
    "the class. The trial's randomisation system has it."
)


def outcome_tells_class(trial: Trial, answers: Mapping[str, RecordedAnswer], times: Times) -> bool:
    """Whether an outcome would tell the class to whoever knows the answers.

    It rests on answers and times alone, which the bedside knows, so that it tells nothing itself.

    Parameters
    ----------
    trial
        The rules.
    answers
        By question.
    times
        Of sepsis and the first dose: too late is too late for every arm.
    """
    if any(window_passed(trial.window, times)):
        return False
    barred = {any(ruled_out(trial, answers, arm)) for arm in trial.arms}
    return len(barred) > 1
