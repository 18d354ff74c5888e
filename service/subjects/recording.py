"""Eligibility as a person signs it: every answer with who gave it and when."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from hladr.trial import AnswerValue, RecordedAnswer, Signature, Times, Trial, eligibility
from service.analyses.refusals import RoleMissing, SignerElsewhere
from service.http.once import Answer
from service.laboratory import Laboratory
from service.moment import read
from service.people.person import Password
from service.people.signing_in import SignInRefused
from service.principal import Principal, Role
from service.store import eligibility as store
from service.store import users
from service.store.database import Writing
from service.store.eligibility import Of
from service.store.users import User
from service.subjects.basis import basis_of, trial_of
from service.subjects.left import left_of
from service.subjects.telling import address, told
from service.texts import Id, Moment, UserName, Word
from service.told_time import required

_ROLES = (Role.TECHNICIAN, Role.REVIEWER)


class EligibilityMeaning(StrEnum):
    """What a signature under an eligibility says: I asked these questions, and stand for them."""

    ASSESSED = "assessed"


def _with_time(text: str) -> str:
    """Refuse a day alone: hours count."""
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return text
    raise ValueError("expected a date with its time, such as 2026-03-14T09:31")


Hour = Annotated[Moment, AfterValidator(_with_time)]


class TimesWanted(BaseModel):
    """When sepsis was classified, and when the first dose is or would be given; null: not known.

    Times without a zone are those of the laboratory.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    sepsis_classified_at: Hour | None = None
    first_dose_at: Hour | None = None


class EligibilityWanted(BaseModel):
    """Answers to a trial's questions, signed by a person, by their password.

    `answers` by the id of the question: ``yes``, ``no`` or ``not known``. `site` as in the course.
    `analysis_id` null: the last draw that was released with a class by the trial's criterion.
    `name` may be left out by somebody who is signed in.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    trial: Word
    answers: Annotated[dict[Word, AnswerValue], Field(max_length=100)]
    times: TimesWanted = TimesWanted()
    meaning: EligibilityMeaning
    password: Password
    name: UserName | None = None
    site: Annotated[str, Field(max_length=200)] | None = None
    analysis_id: Id | None = None


def recorded(
    writing: Writing,
    laboratory: Laboratory,
    who: Principal,
    subject: str,
    user: User,
    wanted: EligibilityWanted,
) -> Answer:
    """Keep what somebody answered and signed, and what follows by the trial's rules.

    Raises
    ------
    NotFound, SubjectAtSeveralSites, ClassNotReleased, Embargoed, SigningRefused, SignInRefused
    DefinitionUnknown
        No such trial.
    TrialError
        An answer to no question of it, or a class by another criterion.
    """
    connection, trial = writing.connection, trial_of(wanted.trial)
    left = left_of(connection, laboratory, who, subject, wanted.site)
    _check_signer(writing, user, left.site)
    basis = basis_of(left, trial, wanted.analysis_id)
    at, by = read(writing.at), f"{user.full_name} ({user.name})"
    record = eligibility(
        trial,
        {name: RecordedAnswer(value, by, at) for name, value in wanted.answers.items()},
        basis.immune_class,
        _times(wanted.times, laboratory.settings.zone),
        assessed_at=at,
        subject=left.subject,
        signed=[Signature(by, at, wanted.meaning)],
    )
    analysis = basis.leaving.id, basis.leaving.departure.version
    of = Of(left.subject, left.site, trial.name)
    kept = store.add(writing, of, analysis, (record.to_dict(), record.bedside_dict()), user)
    body = told(connection, laboratory, who, kept)
    return Answer(body, 201, location=address(subject, trial))


def _check_signer(writing: Writing, user: User, site: str | None) -> None:
    if users.by_id(writing.connection, user.id) != user:
        raise SignInRefused  # changed since their password was read
    if not user.roles & set(_ROLES):
        raise RoleMissing(act="record an eligibility", roles=_ROLES)
    if user.site is not None and user.site != site:
        raise SignerElsewhere


def _times(said: TimesWanted, zone: dt.tzinfo) -> Times:
    """Return the times by the clock of the laboratory, which draws without a zone are told by."""
    sepsis, dose = said.sepsis_classified_at, said.first_dose_at
    return Times(
        None if sepsis is None else required(sepsis, zone).astimezone(zone),
        None if dose is None else required(dose, zone).astimezone(zone),
    )


def questions_of(trial: Trial) -> list[dict[str, Any]]:
    """Return every question of a trial; all are asked of everyone, whatever the class."""
    return [
        {"id": each.id, "text": each.text, "note": each.note, **each.grounds.to_dict()}
        for each in trial.questions
    ]
