"""``/audit``: who did what, and whether the record of it is whole."""

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import Query
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from service.audit import routes as calls
from service.laboratory import Lab, Laboratory
from service.moment import written
from service.pages.form import Form
from service.pages.managing.answered import clock, told_by
from service.pages.managing.filled import Filled
from service.pages.page import page
from service.pages.route import page_router
from service.pages.visitor import Administering, Visitor
from service.store import audit, users
from service.store.audit import Entry
from service.store.audit_search import Looked, newest

router = page_router()
_AT_ONCE: Final = 50
_HASH: Final = re.compile("[0-9a-f]{64}")
_LONGEST: Final = 300  # signs of the facts of a row
_PAGES: Final = {
    "analysis": "/samples/{}",
    "calibration": "/runs/{}",
    "lot": "/lots/{}",
    "instrument": "/instruments/{}",
    "recalculation": "/recalculations/{}",
    "user": "/users/{}",
    "study": "/studies/{}",
}
_NO_DAY = "expected a day such as 2031-05-31."
_UNSEEN = "expected signs that can be seen, found one that cannot."
Words = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]


class Search(BaseModel):
    """What is looked for, as the form says it; empty: whatever.

    `before` is the number of a row; 0: up to the last one.
    """

    actor: Words = ""
    action: Words = ""
    subject: Words = ""
    since: Words = ""
    until: Words = ""
    before: Annotated[int, Field(ge=0, lt=1 << 63)] = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the audit: `address` is where its subject is shown, empty where nowhere is."""

    entry: Entry
    facts: str
    address: str


@router.get("/audit")
def rows(visitor: Administering, laboratory: Lab, search: Annotated[Search, Query()]) -> Response:
    """Show the last rows, of those that are looked for."""
    return _shown(visitor, laboratory, search)


@router.post("/audit")
def verify(visitor: Administering, posted: Form, laboratory: Lab) -> Response:  # noqa: ARG001 - that it is ours
    """Follow the chain from its beginning, and say what came of it."""
    found = told_by(calls.verify(visitor.who, laboratory))
    return _shown(visitor, laboratory, Search(), verified=found)


def _shown(
    visitor: Visitor,
    laboratory: Laboratory,
    search: Search,
    verified: dict[str, Any] | None = None,
) -> Response:
    said: dict[str, str] = search.model_dump(exclude={"before"})
    looked, wrong = _looked(search, laboratory)
    form = Filled.showing(**said)
    if wrong:
        form = form.told(next(iter(wrong.values())), wrong)
    with laboratory.database.reading() as connection:
        people = {each.name: each.full_name for each in users.everybody(connection)}
        looked = replace(looked, known_as=_known_as(search.actor, people))
        found = [] if wrong else newest(connection, looked, _AT_ONCE + 1)
        alone = Looked(looked.actor, known_as=looked.known_as)
        nobody = bool(looked.actor) and not wrong and not (found or newest(connection, alone, 1))
        head = audit.head(connection)
    shown = [_row(each) for each in found[:_AT_ONCE]]
    more = {**said, "before": shown[-1].entry.seq} if len(found) > _AT_ONCE else {}
    return page(
        "audit.html", visitor, form.status, form=form, rows=shown, head=head, verified=verified,
        older=urlencode({name: value for name, value in more.items() if value}),
        looked=any(said.values()), before=search.before, at=clock(laboratory),
        people=people, nobody=nobody,
    )  # fmt: skip


def _looked(search: Search, laboratory: Laboratory) -> tuple[Looked, dict[str, str]]:
    """Return what is looked for, and which days are none."""
    moments: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for name, said, later in (("since", search.since, 0), ("until", search.until, 1)):
        try:
            if said:
                day = dt.date.fromisoformat(said) + dt.timedelta(days=later)
                begun = dt.datetime.combine(day, dt.time(), laboratory.settings.zone)
                moments[name] = written(begun)
        except (ValueError, OverflowError):
            wrong[name] = _NO_DAY
    words = {"actor": search.actor, "action": search.action, "subject": search.subject}
    texts = {name: text or None for name, text in words.items()}
    wrong |= {name: _UNSEEN for name, text in texts.items() if text and not text.isprintable()}
    looked = Looked(
        texts["actor"], texts["action"], texts["subject"], moments.get("since"),
        moments.get("until"), search.before or None,
    )  # fmt: skip
    return looked, wrong


def _known_as(text: str, people: Mapping[str, str]) -> frozenset[str]:
    """Return the names of those whose full name, or a word of it, begins so."""
    begun = text.casefold()
    return frozenset(
        name
        for name, full in people.items()
        if begun and f" {full.casefold()}".find(f" {begun}") >= 0
    )


def _row(entry: Entry) -> Row:
    pattern = _PAGES.get(entry.action.partition(".")[0], "")
    return Row(entry, _facts(entry.facts), pattern.format(entry.subject))


def _facts(facts: str) -> str:
    """Return what a row tells, a pair each; cut where it is long."""
    told = ((name, value) for name, value in json.loads(facts).items() if value is not None)
    pairs = (f"{name} {_plain(value)}" for name, value in told)
    text = " · ".join(pairs)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _plain(value: object) -> str:
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return f"{value[:12]}…" if _HASH.fullmatch(value) else value
