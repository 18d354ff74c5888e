"""``/api/v1/audit``."""

import dataclasses
import datetime as dt
import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from service.http.authentication import Administrator
from service.http.once import Answer, shown
from service.http.problem import answers
from service.laboratory import Lab
from service.moment import written
from service.store import audit
from service.store.audit import Entry
from service.store.audit_search import Looked, found_after
from service.texts import Word, ZonedMoment

PATH = "/api/v1/audit"
MOST = 1000
router = APIRouter(prefix=PATH, tags=["audit"])

Row = Annotated[int, Field(ge=0, lt=1 << 63)]


class Chosen(BaseModel):
    """Which rows are listed, in their order; null: whichever.

    `action` is how it begins: `lot` finds what was done to lots. Rows are from `since` on and
    before `until`; `after` is the last row of the page before.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    actor: Word | None = None
    action: Word | None = None
    subject: Word | None = None
    since: ZonedMoment | None = None
    until: ZonedMoment | None = None
    after: Row = 0
    most: Annotated[int, Field(ge=1, le=MOST)] = 100

    @property
    def looked(self) -> Looked:
        """What is looked for, with moments as they are kept."""
        since, until = (
            None if said is None else written(dt.datetime.fromisoformat(said))
            for said in (self.since, self.until)
        )
        return Looked(self.actor, self.action, self.subject, since, until)


class AuditEntry(BaseModel):
    """A row: who did what to what, chained to the one before.

    `hash` is SHA-256 of `previous`, a line end, and the others as canonical JSON with `facts` as
    a text of it.
    """

    seq: int
    at: str
    actor: str
    action: str
    subject: str
    facts: dict[str, Any]
    previous: str
    hash: str


class AuditEntries(BaseModel):
    """Rows in their order."""

    entries: list[AuditEntry]


class AuditHead(BaseModel):
    """The last row; its number is 0 where there is none."""

    seq: int
    hash: str


class Intact(AuditHead):
    """The chain holds from its beginning to this row."""

    intact: Literal[True]


class Broken(BaseModel):
    """The first row where the chain does not hold, and what is wrong there."""

    intact: Literal[False]
    seq: int
    problem: str


@router.get("", response_model=AuditEntries, responses=answers())
def entries(
    chosen: Annotated[Chosen, Query()],
    who: Administrator,  # noqa: ARG001 - that they may
    laboratory: Lab,
) -> Response:
    """Rows of the audit in their order, those after a number that are looked for."""
    after, most = chosen.after, chosen.most
    with laboratory.database.reading() as connection:
        found = list(map(_told, found_after(connection, chosen.looked, after, most)))
    return shown(Answer({"entries": found}))


@router.get("/head", response_model=AuditHead, responses=answers())
def head(who: Administrator, laboratory: Lab) -> Response:  # noqa: ARG001
    """The last row's number and hash, as reports print them."""
    with laboratory.database.reading() as connection:
        return shown(Answer(dataclasses.asdict(audit.head(connection))))


@router.post("/verification", response_model=Intact | Broken, responses=answers())
def verify(who: Administrator, laboratory: Lab) -> Response:  # noqa: ARG001
    """Follow the chain from its beginning; the answer is its end, or the first break."""
    with laboratory.database.reading() as connection:
        found = audit.verify(connection)
    return shown(Answer({"intact": isinstance(found, audit.Head), **dataclasses.asdict(found)}))


def _told(entry: Entry) -> dict[str, Any]:
    return {**dataclasses.asdict(entry), "facts": json.loads(entry.facts)}
