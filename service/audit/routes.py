"""``/api/v1/audit``."""

import dataclasses
import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.responses import Response

from service.http.authentication import Administrator
from service.http.once import Answer, shown
from service.http.problem import answers
from service.laboratory import Lab
from service.store import audit
from service.store.audit import Entry

PATH = "/api/v1/audit"
MOST = 1000
router = APIRouter(prefix=PATH, tags=["audit"])

After = Annotated[int, Query(ge=0, lt=1 << 63, description="The last row of the page before.")]
Most = Annotated[int, Query(ge=1, le=MOST)]


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
    who: Administrator,  # noqa: ARG001 - that they may
    laboratory: Lab,
    after: After = 0,
    most: Most = 100,
) -> Response:
    """Rows of the audit, those after a number."""
    with laboratory.database.reading() as connection:
        found = [_told(each) for each in audit.entries(connection, after=after, most=most)]
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
