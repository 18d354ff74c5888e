"""What people say of a version of an analysis: signatures, answers to findings, telephone calls."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import Column, Connection, Row, Table, insert, select

from service.errors import ServiceError
from service.store.audit import record
from service.store.database import Writing, keep_first
from service.store.tables import answers, notices, signatures
from service.store.users import User

_ANEW = "#"


class Meaning(StrEnum):
    """What a signature says.

    ├── PERFORMED        I measured this, looked at it, and stand for it
    ├── PERFORMED_ALONE  the same, where the laboratory's rule asks for no second person
    ├── PRELIMINARY      the same, alone and at night: it may be used until it is reviewed
    ├── REVIEWED         I looked at it as another person, and it may be used
    └── REJECTED         I looked at it, and no number is to be given
    """

    PERFORMED = "performed"
    PERFORMED_ALONE = "performed_alone"
    PRELIMINARY = "preliminary"
    REVIEWED = "reviewed"
    REJECTED = "rejected"


class SignedAlready(ServiceError):
    """A version has a signature of this meaning."""

    code = "SIGNED_ALREADY"
    status = 409

    def __init__(self, *, meaning: Meaning, by: str) -> None:
        self.meaning, self.by = meaning, by
        super().__init__(
            f"expected a version that nobody has signed as {meaning}, found the signature of "
            f"{by}. A signature stands; a change makes a new version, to be signed anew."
        )


class AnsweredAlready(ServiceError):
    """Somebody has answered for a finding."""

    code = "ANSWERED_ALREADY"
    status = 409

    def __init__(self, *, finding: str) -> None:
        self.finding = finding
        super().__init__(
            f"expected a finding that nobody has answered for, found an answer to {finding}. It "
            "stands; comment when you sign."
        )


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed a version, when, and what that says."""

    version: int
    meaning: Meaning
    user_id: str
    user_name: str
    full_name: str
    at: str
    comment: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """Who stands for a finding that blocks, and why it does not.

    A finding that came up anew is answered anew: it is kept with a number behind its code.
    """

    version: int
    finding: str
    answer: str
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Who was told a result by telephone, and whether it was read back."""

    version: int
    told: str
    told_at: str
    read_back: bool
    by: str


@dataclass(frozen=True, slots=True)
class Said:
    """All that was said of an analysis, in the order it was."""

    signatures: tuple[Signature, ...]
    answers: tuple[Answer, ...]
    notices: tuple[Notice, ...]

    def signed(self, version: int) -> dict[Meaning, Signature]:
        """Signatures of a version."""
        return {each.meaning: each for each in self.signatures if each.version == version}

    def answered(self, version: int) -> dict[str, Answer]:
        """Answers to findings of a version, the last to each."""
        return {each.finding: each for each in self.answers if each.version == version}


def said_of(connection: Connection, analysis_id: str) -> Said:
    """Return all that was said of an analysis."""
    return said_of_all(connection, [analysis_id])[analysis_id]


def said_of_all(connection: Connection, ids: Collection[str]) -> dict[str, Said]:
    """Return all that was said of some analyses, by their ids."""
    signed = _by_analysis(connection, signatures, signatures.c.at, ids)
    answered = _by_analysis(connection, answers, answers.c.at, ids)
    told = _by_analysis(connection, notices, notices.c.told_at, ids)
    return {
        id_: Said(
            tuple(map(_signature, signed[id_])),
            tuple(map(_answer, answered[id_])),
            tuple(map(_notice, told[id_])),
        )
        for id_ in ids
    }


def _by_analysis(
    connection: Connection, table: Table, order: Column[str], ids: Collection[str]
) -> dict[str, list[Row[Any]]]:
    wanted = select(table).where(table.c.analysis_id.in_(list(ids))).order_by(order)
    found = defaultdict[str, list[Row[Any]]](list)
    for row in connection.execute(wanted):
        found[row.analysis_id].append(row)
    return found


def _signature(row: Row[Any]) -> Signature:
    return Signature(
        row.analysis_version, Meaning(row.meaning), row.user_id, row.user_name, row.full_name,
        row.at, row.comment,
    )  # fmt: skip


def _answer(row: Row[Any]) -> Answer:
    return Answer(row.analysis_version, finding_of(row.finding), row.answer, row.at, row.by)


def _notice(row: Row[Any]) -> Notice:
    return Notice(row.analysis_version, row.told, row.told_at, bool(row.read_back), row.by)


def finding_of(kept: str) -> str:
    """Code of a finding as an answer to it is kept."""
    return kept.partition(_ANEW)[0]


def sign(  # who signs what, and what that says
    writing: Writing, version: tuple[str, int], user: User, meaning: Meaning, comment: str | None
) -> Signature:
    """Keep a signature of a version (id of the analysis, number).

    Raises
    ------
    SignedAlready
    """
    analysis_id, number = version
    row = {
        "id": str(uuid4()),
        "analysis_id": analysis_id,
        "analysis_version": number,
        "meaning": meaning,
        "user_id": user.id,
        "user_name": user.name,
        "full_name": user.full_name,
        "at": writing.at,
        "comment": comment,
    }
    if not keep_first(writing.connection, signatures, row):
        there = said_of(writing.connection, analysis_id).signed(number)[meaning]
        raise SignedAlready(meaning=meaning, by=there.full_name)
    facts = {"version": number, "meaning": meaning, "user": user.name, "comment": comment}
    record(writing, "analysis.signed", analysis_id, facts)
    return Signature(number, meaning, user.id, user.name, user.full_name, writing.at, comment)


def answer(  # who answers for which finding of what, and how
    writing: Writing, version: tuple[str, int], finding: str, text: str, user: User
) -> None:
    """Keep a person's answer to a finding that blocks a version.

    Raises
    ------
    AnsweredAlready
        While this was asked for.
    """
    analysis_id, number = version
    before = said_of(writing.connection, analysis_id).answers
    times = sum(each.version == number and each.finding == finding for each in before)
    row = {
        "id": str(uuid4()),
        "analysis_id": analysis_id,
        "analysis_version": number,
        "finding": f"{finding}{_ANEW}{times + 1}" if times else finding,
        "answer": text,
        "at": writing.at,
        "by": user.name,
    }
    if not keep_first(writing.connection, answers, row):
        raise AnsweredAlready(finding=finding)
    facts = {"version": number, "finding": finding, "user": user.name, "answer": text}
    record(writing, "analysis.answered", analysis_id, facts)


def notice(
    writing: Writing, version: tuple[str, int], told: str, told_at: str, *, read_back: bool
) -> None:
    """Keep who was told a version by telephone."""
    analysis_id, number = version
    writing.connection.execute(
        insert(notices).values(
            id=str(uuid4()),
            analysis_id=analysis_id,
            analysis_version=number,
            told=told,
            told_at=told_at,
            read_back=read_back,
            by=writing.actor,
        )
    )
    facts = {"version": number, "told": told, "told_at": told_at, "read_back": read_back}
    record(writing, "analysis.told", analysis_id, facts)
