"""People stand for a version: they sign it, answer for a finding, tell it by telephone."""

import datetime as dt

from pydantic import BaseModel, ConfigDict

from service.analyses import view
from service.analyses.belonging import as_of_now
from service.analyses.embargo import hidden_by
from service.analyses.receiving import address
from service.analyses.refusals import (
    FindingUnknown,
    NotReleased,
    ResultHidden,
    RoleMissing,
    SecondPersonNeeded,
    SignerElsewhere,
    ToldLater,
)
from service.analyses.release import release_of
from service.analyses.signing_rules import Signing, state_after
from service.http.once import Answer
from service.laboratory import Laboratory
from service.moment import now, written
from service.people.person import Password
from service.principal import Principal, Role
from service.store import analyses, analysis_lists, signatures
from service.store.analysis import Analysis
from service.store.database import Writing
from service.store.heads import VersionMoved
from service.store.signatures import Meaning
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
    target: tuple[str, int],
    user: User,
    wanted: SignatureWanted,
) -> Answer:
    """Sign the version that was looked at.

    Raises
    ------
    NotFound, VersionMoved, SigningRefused, SignedAlready
    """
    found = held(writing, who, target)
    _check_signer(writing, laboratory, who, found, user)
    said = signatures.said_of(writing.connection, found.id)
    meaning = _meaning(wanted.meaning, two_person=laboratory.settings.two_person)
    state = state_after(Signing(found, said, user, meaning, wanted.comment))
    signatures.sign(writing, (found.id, found.version), user, meaning, wanted.comment)
    analyses.set_state(writing, found, state)
    return _told(writing, laboratory, who, found.id)


def _check_signer(
    writing: Writing, laboratory: Laboratory, who: Principal, found: Analysis, user: User
) -> None:
    """Refuse who must not know of the analysis, or sees no result that could be signed."""
    _check_place(found, user)
    for site in (who.site, user.site):
        if hidden_by(writing.connection, found, laboratory.settings.zone, site=site) is not None:
            raise ResultHidden


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
    target: tuple[str, int],
    user: User,
    wanted: AnswerWanted,
) -> Answer:
    """Answer, as a person, for a finding that blocks the version that was looked at.

    Raises
    ------
    NotFound, VersionMoved, SigningRefused, AnsweredAlready
    """
    found = held(writing, who, target)
    _check_place(found, user)
    if not user.roles & set(_ANSWERS):
        raise RoleMissing(act="answer for a finding", roles=_ANSWERS)
    blocking = {each["code"] for each in found.outcome.findings if each["blocks"]}
    if wanted.finding not in blocking:
        raise FindingUnknown(finding=wanted.finding)
    signatures.answer(writing, (found.id, found.version), wanted.finding, wanted.answer, user)
    return _told(writing, laboratory, who, found.id)


def told_by_telephone(
    writing: Writing,
    laboratory: Laboratory,
    who: Principal,
    target: tuple[str, int],
    wanted: NoticeWanted,
) -> Answer:
    """Note who was told a result that has left the laboratory.

    Raises
    ------
    NotFound, VersionMoved, NotReleased, ToldLater
    """
    told_at = dt.datetime.fromisoformat(wanted.told_at)
    if told_at > now() + _CLOCKS_APART:
        raise ToldLater(found=wanted.told_at)
    found = held(writing, who, target)
    said = signatures.said_of(writing.connection, found.id)
    release = release_of(said, analysis_lists.verdicts(writing.connection, found.id))
    if release is None:
        raise NotReleased
    version = found.id, release.version
    signatures.notice(writing, version, wanted.told, written(told_at), read_back=wanted.read_back)
    return _told(writing, laboratory, who, found.id)


def held(writing: Writing, who: Principal, target: tuple[str, int]) -> Analysis:
    """Return an analysis at the version that was looked at, which nobody else can change now.

    Raises
    ------
    NotFound, VersionMoved
    """
    id_, base = target
    analyses.hold(writing, id_)
    found = view.visible(writing.connection, id_, who)
    if found.version != base:
        raise VersionMoved(kind="analysis", base=base, current=found.version)
    return as_of_now(writing.connection, found)


def _told(writing: Writing, laboratory: Laboratory, who: Principal, id: str) -> Answer:
    found = analyses.current(writing.connection, id)
    told = view.told(writing.connection, found, laboratory, who)
    return Answer(told, 201, found.version, address(found))
