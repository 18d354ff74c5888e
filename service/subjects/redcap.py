"""A record of eligibility as REDCap takes it, and the dictionary of a project that does."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection

from hladr.criterion import ClassName, format_abc, load_criterion
from hladr.criterion.definition import Quantity
from hladr.trial import AnswerValue, Outcome, Trial
from service.doors.outside import subject_outside
from service.doors.redcap.fields import RECORD_ID, Field, code
from service.doors.redcap.record import Record, clock
from service.laboratory import Laboratory
from service.subjects.export import Exported

FORM: Final = "hladr_eligibility"
_COMPLETE: Final = f"{FORM}_complete"
_TIME, _NUMBER = "datetime_seconds_ymd", "number"
_DECISIVE: Final = {"1": "yes", "0": "no"}


def fields_of(trial: Trial) -> tuple[Field, ...]:
    """Return the fields of a record: the questions of the trial among them."""
    arms = {code(each.name): f"{each.name}: {each.words}" for each in trial.arms}
    given = {code(each.value): each.value for each in AnswerValue}
    return (
        Field(RECORD_ID, "Record of eligibility"),
        Field("elig_subject", "Subject", identifies=True),
        Field("elig_trial", "Trial"),
        Field("elig_trial_version", "Version of its rules"),
        Field("elig_outcome", "Eligibility", choices={code(e.value): e.value for e in Outcome}),
        Field("elig_arm", "Arm the subject is eligible for", choices=arms),
        Field("elig_class", "Class", choices={code(e.value): e.value for e in ClassName}),
        Field("elig_decisive", "The intervals leave no other class", choices=_DECISIVE),
        Field("elig_criterion", "Criterion of the class"),
        Field("elig_criterion_version", "Version of the criterion"),
        Field("elig_abc", "HLA-DR, antibodies bound per monocyte (AB/c)", _NUMBER),
        Field("elig_abc_drawn_at", "HLA-DR drawn", _TIME, identifies=True),
        Field("elig_ferritin", "Ferritin (ng/mL)"),
        Field("elig_ferritin_drawn_at", "Ferritin drawn", _TIME, identifies=True),
        Field("elig_sepsis_at", "Sepsis classified", _TIME, identifies=True),
        Field("elig_first_dose_at", "First dose", _TIME, identifies=True),
        *(Field(_name(each.id), each.text, choices=given) for each in trial.questions),
        Field("elig_missing", "What is missing"),
        Field("elig_reasons", "What decided"),
        Field("elig_assessed_at", "Signed", _TIME, identifies=True),
        Field("elig_signed_by", "Signed by"),
    )


def record(connection: Connection, laboratory: Laboratory, found: Exported) -> Record:
    """Return the record: of people only those who signed are named.

    Raises
    ------
    PseudonymKeyUnknown
    """
    told, zone = found.kept.record, laboratory.settings.zone
    class_, times = told["classification"], told["times"]
    said = {
        RECORD_ID: found.kept.id,
        "elig_subject": subject_outside(connection, laboratory, found.leaving.tube) or "",
        "elig_trial": told["trial"]["name"],
        "elig_trial_version": told["trial"]["version"],
        "elig_outcome": code(told["outcome"]),
        "elig_arm": code(told["arm"] or ""),
        "elig_class": code(class_["class"]),
        **_grounds(told, zone),
        "elig_abc": abc_text(found.trial, class_["hla_dr"]["abc"]),
        "elig_ferritin": class_["ferritin"]["ng_ml"] or "",
        "elig_sepsis_at": clock(times["sepsis_classified_at"], zone),
        "elig_first_dose_at": clock(times["first_dose_at"], zone),
        **{_name(each["question"]): _given(each["answer"]) for each in told["answers"]},
        "elig_missing": ", ".join(each["item"] for each in told["missing"]),
        "elig_reasons": ", ".join(each["item"] for each in told["reasons"]),
        "elig_assessed_at": clock(told["assessed_at"], zone),
        "elig_signed_by": ", ".join(each["by"] for each in told["signed"]),
    }
    return {**said, _COMPLETE: "2" if told["outcome"] != Outcome.UNDETERMINED else "1"}


def _grounds(told: Mapping[str, Any], zone: dt.tzinfo) -> Record:
    """By which criterion the class is, how sure it is, and when the blood was drawn."""
    class_, criterion = told["classification"], told["criterion"]
    decisive = class_["decisive"]
    return {
        "elig_decisive": "" if decisive is None else str(int(decisive)),
        "elig_criterion": criterion["name"],
        "elig_criterion_version": criterion["version"],
        "elig_abc_drawn_at": clock(class_["hla_dr"]["drawn_at"], zone),
        "elig_ferritin_drawn_at": clock(class_["ferritin"]["drawn_at"], zone),
    }


def abc_text(trial: Trial, abc: float | None) -> str:
    """Return AB/c as machines read it, never rounded across a cut-off; empty where there is none.

    The criterion of a trial of the package is of the package, at the version that it names.
    """
    if abc is None:
        return ""
    cutoffs = load_criterion(trial.criterion.name).cutoffs(Quantity.ABC)
    return format_abc(abc, cutoffs).replace(",", "")


def _name(question: str) -> str:
    return f"elig_q_{question.replace('-', '_')}"


def _given(answer: dict[str, str] | None) -> str:
    return "" if answer is None else code(answer["value"])
