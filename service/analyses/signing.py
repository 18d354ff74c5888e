"""People stand for a version: they sign it, answer for a finding, tell it by telephone."""

import datetime as dt
from dataclasses import replace

from pydantic import BaseModel, ConfigDict

from service.analyses import view
from service.analyses.embargo import hidden_by
from service.analyses.looked_at import LookedAt
from service.analyses.looking import at_version
from service.analyses.queueing import queue
from service.analyses.receiving import address
from service.analyses.refusals import (
    AdministratorSigns,
    FindingUnknown,
    NotReleased,
    ResultHidden,
    RoleMissing,
    RunNotUsed,
    SecondPersonNeeded,
    SignerElsewhere,
    ToldLater,
)
from service.analyses.release import Release, history_of
from service.analyses.signing_rules import Signing, state_after
from service.analyses.standing import Standing, standing_of
from service.http.once import Answer
from service.laboratory import Laboratory
from service.moment import now, read, written
from service.people.person import Password
from service.people.signing_in import SignInRefused
from service.principal import Principal, Role
from service.quality.in_use import OUT_OF_CONTROL
from service.store import analyses, analysis_lists, signatures, users
from service.store.analysis import Analysis
from service.store.database import Writing
from service.store.signatures import AnsweredAlready, Meaning
from service.store.users import User
from service.texts import Sentence, UserName, Word, ZonedMoment

_ANSWERS = (Role.TECHNICIAN, Role.REVIEWER)
_CLOCKS_APART = dt.timedelta(minutes=5)
"""How far the clock of who notes a call may be ahead."""


class SignatureWanted(BaseModel):
    """A signature: who signs, by their password, and what that says.

    `name` may be left out by somebody who is signed in.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    meaning: Meaning
    password: Password
    name: UserName | None = None
    comment: Sentence | None = None


class AnswerWanted(BaseModel):
    """Why a finding does not stand in the way: who says so, by their password.

    `name` may be left out by somebody who is signed in.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    finding: Word
    answer: Sentence
    password: Password
    name: UserName | None = None


class NoticeWanted(BaseModel):
    """Who was told a result by telephone, and whether they read it back."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    told: Word
    told_at: ZonedMoment
    read_back: bool


def signed(
    writing: Writing,
    laboratory: Laboratory,
    who: Principal,
    looked: LookedAt,
    user: User,
    wanted: SignatureWanted,
) -> Answer:
    """Sign the version that was looked at.

    Raises
    ------
    NotFound, VersionMoved, SigningRefused, SignedAlready
    """
    standing = held(writing, who, looked.target)
    found = standing.analysis
    _check_still(writing, user)
    _check_signer(writing, laboratory, who, found, user)
    looked.require_seen(standing)
    meaning = _meaning(wanted.meaning, two_person=laboratory.settings.two_person)
    state = state_after(Signing(standing, user, meaning, wanted.comment))
    signatures.sign(writing, (found.id, found.version), user, meaning, wanted.comment)
    analyses.set_state(writing, found, state)
    queue(writing, laboratory, found.id)
    return _told(writing, laboratory, who, found.id)


def _check_signer(
    writing: Writing, laboratory: Laboratory, who: Principal, found: Analysis, user: User
) -> None:
    """Refuse who must not know of the analysis, or sees no result that could be signed."""
    _check_place(found, user)
    for site in (who.site, user.site):
        if hidden_by(writing.connection, found, laboratory.settings.zone, site=site) is not None:
            raise ResultHidden


def _check_still(writing: Writing, user: User) -> None:
    """Refuse who was changed since their password was read: they may not be who they were."""
    if users.by_id(writing.connection, user.id) != user:
        raise SignInRefused


def _check_place(found: Analysis, user: User) -> None:
    if user.site is not None and user.site != found.tube.site:
        raise SignerElsewhere


def _meaning(wanted: Meaning, *, two_person: bool) -> Meaning:
    """What a signature says by the rule of the laboratory."""
    if two_person and wanted is Meaning.PERFORMED_ALONE:
        raise SecondPersonNeeded
    if not two_person and wanted is Meaning.PERFORMED:
        return Meaning.PERFORMED_ALONE
    return wanted


def answered(
    writing: Writing,
    laboratory: Laboratory,
    who: Principal,
    looked: LookedAt,
    user: User,
    wanted: AnswerWanted,
) -> Answer:
    """Answer, as a person, for a finding that blocks the version that was looked at.

    Raises
    ------
    NotFound, VersionMoved, SigningRefused, AnsweredAlready
    """
    standing = held(writing, who, looked.target)
    found = standing.analysis
    _check_still(writing, user)
    _check_place(found, user)
    if not user.roles & set(_ANSWERS):
        raise RoleMissing(act="answer for a finding", roles=_ANSWERS)
    if Role.ADMINISTRATOR in user.roles:
        raise AdministratorSigns
    looked.require_seen(standing)
    blocking = {each["code"] for each in found.outcome.findings if each["blocks"]}
    if wanted.finding not in blocking:
        raise FindingUnknown(finding=wanted.finding)
    if wanted.finding == OUT_OF_CONTROL:
        raise RunNotUsed
    if wanted.finding not in standing.open_findings:
        raise AnsweredAlready(finding=wanted.finding)
    signatures.answer(writing, (found.id, found.version), wanted.finding, wanted.answer, user)
    return _told(writing, laboratory, who, found.id)


def told_by_telephone(
    writing: Writing,
    laboratory: Laboratory,
    who: Principal,
    target: tuple[str, int],
    wanted: NoticeWanted,
) -> Answer:
    """Note who was told what had left the laboratory when they were called.

    Raises
    ------
    NotFound, VersionMoved, NotReleased, ToldLater
    """
    told_at = dt.datetime.fromisoformat(wanted.told_at)
    if told_at > now() + _CLOCKS_APART:
        raise ToldLater(found=wanted.told_at)
    found = held(writing, who, target).analysis
    release = _release_at(writing, found.id, told_at + _CLOCKS_APART)
    if release is None:
        raise NotReleased
    version = found.id, release.version
    signatures.notice(writing, version, wanted.told, written(told_at), read_back=wanted.read_back)
    return _told(writing, laboratory, who, found.id)


def _release_at(writing: Writing, id: str, moment: dt.datetime) -> Release | None:
    """What had left the laboratory by a moment: who was called then was told that."""
    said = signatures.said_of(writing.connection, id)
    until = tuple(each for each in said.signatures if read(each.at) <= moment)
    versions = analysis_lists.versions_said(writing.connection, id)
    return history_of(replace(said, signatures=until), versions).release


def held(writing: Writing, who: Principal, target: tuple[str, int]) -> Standing:
    """Return an analysis at the version that was looked at, which nobody else can change now.

    Raises
    ------
    NotFound, VersionMoved
    """
    analyses.hold(writing, target[0])
    return standing_of(writing.connection, at_version(writing.connection, who, target))


def _told(writing: Writing, laboratory: Laboratory, who: Principal, id: str) -> Answer:
    found = analyses.current(writing.connection, id)
    told = view.told(writing.connection, found, laboratory, who)
    return Answer(told, 201, found.version, address(found))
