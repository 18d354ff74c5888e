"""Studies, when their subjects were randomised, and whether the arms may be known."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import uuid4

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from service.errors import ServiceError
from service.store.audit import record
from service.store.database import Writing, keep_first
from service.store.heads import AlreadyThere, NotFound
from service.store.tables import randomisations, studies

_LOOK_ALIKE = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕКМНОРСТУХ", "ABEZHIKMNOPTYXABEKMHOPCTYX")


class RandomisedAlready(ServiceError):
    """The subject was randomised at another time."""

    code: ClassVar[str] = "RANDOMISED_ALREADY"
    status: ClassVar[int] = 409

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            f"expected a subject who is not randomised, found one who was at {found}. A time that "
            "results are hidden by is not moved."
        )

    @property
    def facts(self) -> dict[str, Any]:
        """When it was."""
        return {"randomised_at": self.found}


@dataclass(frozen=True, slots=True)
class Study:
    """A study; `unblinded_at` is None as long as results after randomisation are hidden.

    Ids of its subjects are `coded` if they tell nobody outside who is meant.
    """

    id: str
    name: str
    created_at: str
    created_by: str
    unblinded_at: str | None
    unblinded_by: str | None
    coded: bool


def add(writing: Writing, name: str, *, coded: bool) -> Study:
    """Keep a new study.

    Raises
    ------
    AlreadyThere
    """
    made = Study(str(uuid4()), name, writing.at, writing.actor, None, None, coded)
    row = {field: getattr(made, field) for field in Study.__dataclass_fields__}
    try:
        with writing.connection.begin_nested():
            writing.connection.execute(insert(studies).values(row))
    except IntegrityError as error:
        raise AlreadyThere(kind="study", label=name) from error
    record(writing, "study.made", made.id, {"name": name, "coded": coded})
    return made


def by_id(connection: Connection, id: str) -> Study:
    """Return a study.

    Raises
    ------
    NotFound
    """
    row = connection.execute(select(studies).where(studies.c.id == id)).mappings().one_or_none()
    if row is None:
        raise NotFound(kind="study", id=id)
    return _read(row)


def all_studies(connection: Connection) -> Iterator[Study]:
    """Return all, by name."""
    rows = connection.execute(select(studies).order_by(studies.c.name)).mappings()
    return map(_read, rows)


def randomise(writing: Writing, study: Study, subject: str, at: str) -> None:
    """Note when a subject was randomised; the same time may be noted again.

    Raises
    ------
    RandomisedAlready
    """
    row = {
        "study_id": study.id, "subject": subject, "randomised_at": at,
        "recorded_by": writing.actor, "plain_subject": plain(subject),
    }  # fmt: skip
    if keep_first(writing.connection, randomisations, row):
        facts = {"subject": subject, "randomised_at": at}
        record(writing, "subject.randomised", study.id, facts)
        return
    found = randomised_at(writing.connection, study.id, subject)
    if found is not None and found != at:
        raise RandomisedAlready(found=found)


def randomised_at(connection: Connection, study_id: str, subject: str) -> str | None:
    """When a subject was randomised; None: not yet."""
    wanted = select(randomisations.c.randomised_at).where(
        randomisations.c.study_id == study_id, randomisations.c.subject == subject
    )
    found = connection.execute(wanted).scalar_one_or_none()
    return None if found is None else str(found)


@dataclass(frozen=True, slots=True)
class Blinded:
    """A study whose arms may not be known, and since when a subject is in one of them.

    `since` is None where it is not known which subject is meant.
    """

    study_id: str
    since: str | None


def blinded(connection: Connection, subject: str) -> list[Blinded]:
    """Return all blinded studies that a subject was randomised in, however the id is written."""
    wanted = (
        select(randomisations.c.study_id, randomisations.c.randomised_at)
        .join_from(randomisations, studies)
        .where(studies.c.unblinded_at.is_(None), randomisations.c.plain_subject == plain(subject))
        .order_by(randomisations.c.randomised_at, randomisations.c.study_id)
    )
    return [Blinded(row.study_id, row.randomised_at) for row in connection.execute(wanted)]


@dataclass(frozen=True, slots=True)
class Known:
    """That a subject was randomised in a study whose arms may be known."""

    study_id: str
    study: str
    randomised_at: str


def known_randomisations(connection: Connection, subject: str) -> list[Known]:
    """Return when a subject was randomised in studies that are unblinded, the first one first."""
    wanted = (
        select(randomisations.c.study_id, studies.c.name, randomisations.c.randomised_at)
        .join_from(randomisations, studies)
        .where(
            studies.c.unblinded_at.is_not(None), randomisations.c.plain_subject == plain(subject)
        )
        .order_by(randomisations.c.randomised_at, randomisations.c.study_id)
    )
    return [Known(*row) for row in connection.execute(wanted)]


def blinded_ids(connection: Connection) -> list[str]:
    """Ids of all studies that are blinded, the first that was made first."""
    wanted = select(studies.c.id).where(studies.c.unblinded_at.is_(None))
    rows = connection.execute(wanted.order_by(studies.c.created_at, studies.c.id))
    return [str(id_) for id_ in rows.scalars()]


def plain(text: str) -> str:
    """Return an id by which one person is known: letters and digits, whichever their form.

    Capitals or not, wide or not; letters that look alike on a Greek or a Cyrillic keyboard are one.
    """
    capitals = unicodedata.normalize("NFKC", text).upper().translate(_LOOK_ALIKE)
    return "".join(sign for sign in capitals.casefold() if sign.isalnum())


def unblind(writing: Writing, study: Study, reason: str) -> Study:
    """Let everybody see the results of a study; once."""
    moved = writing.connection.execute(
        update(studies)
        .where(studies.c.id == study.id, studies.c.unblinded_at.is_(None))
        .values(unblinded_at=writing.at, unblinded_by=writing.actor)
    )
    if moved.rowcount == 1:
        record(writing, "study.unblinded", study.id, {"reason": reason})
    return by_id(writing.connection, study.id)


def _read(row: Mapping[Any, Any]) -> Study:
    return Study(**{**row, "coded": bool(row["coded"])})
