"""``/keys``: what systems are known by, made once, shown once, revoked."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request
from starlette.responses import Response

from hladr.report.badges import CROSS, TICK, TRIANGLE, icon
from hladr.report.page import Badge
from service.accounts import keys as calls
from service.laboratory import Lab, Laboratory
from service.moment import now, read
from service.pages.form import Form, Posted
from service.pages.managing.answered import clock, today, told_by
from service.pages.managing.filled import Filled
from service.pages.managing.roles import SCOPES
from service.pages.page import onward, page
from service.pages.refusal import REFUSALS
from service.pages.route import page_router
from service.pages.visitor import Administering, Visitor
from service.store import keys as store
from service.store.keys import ApiKey
from service.texts import Id

router = page_router()
_GIB: Final = 1 << 30
_MOST: Final = {"requests_a_minute": 1_000_000, "bytes_a_day": 1 << 20}  # of bytes GiB
_AGAIN = (
    "expected a form that was not sent before, found that another key was made since it was "
    "opened. Look at the list: if the key is there and its secret is lost, revoke it. Then send "
    "this again."
)
_NO_DAY = "expected a day such as 2031-05-31, today or later, or nothing."


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key in the list of all."""

    key: ApiKey
    badge: Badge
    gib_a_day: str


@router.get("/keys")
def keys(visitor: Administering, laboratory: Lab) -> Response:
    """Show all keys, also those that are over."""
    with laboratory.database.reading() as connection:
        rows = [
            KeyRow(each, _badge(each), f"{each.bytes_a_day / _GIB:,.4g}")
            for each in store.all_keys(connection)
        ]
    return page("keys.html", visitor, rows=rows, at=clock(laboratory))


@router.get("/keys/new")
def new(visitor: Administering, laboratory: Lab) -> Response:
    """Show an empty form."""
    return _form(visitor, laboratory, Filled())


@router.post("/keys/new")
def make(request: Request, visitor: Administering, posted: Form, laboratory: Lab) -> Response:
    """Make a key and show its secret; a form that comes a second time makes none."""
    filled = Filled.of(posted)
    with laboratory.database.reading() as connection:
        known = str(store.number(connection))
    if posted.text("known") != known:
        return _form(visitor, laboratory, filled.told(_AGAIN, {}, 409))
    content, wrong = _content(posted, laboratory)
    if wrong:
        return _form(visitor, laboratory, filled.told(next(iter(wrong.values())), wrong))
    try:
        wanted = calls.NewKey.model_validate(content)
        made = told_by(calls.add(request, wanted, visitor.who, laboratory))
    except REFUSALS as error:
        told = filled.refused(error, expires_at=calls.KeyExpired, scopes=calls.ScopeTooWide)
        return _form(visitor, laboratory, told)
    return page("key_made.html", visitor, 201, made=made)


@router.get("/keys/{id}/revocation")
def confirm(id: Id, visitor: Administering, laboratory: Lab) -> Response:
    """Ask once more before a key becomes useless."""
    with laboratory.database.reading() as connection:
        found = store.by_id(connection, id)
    return page("key_revoke.html", visitor, key=found, at=clock(laboratory))


@router.post("/keys/{id}/revocation")
def revoke(id: Id, visitor: Administering, posted: Form, laboratory: Lab) -> Response:  # noqa: ARG001 - that it is ours
    """Make a key useless."""
    calls.revoke(id, visitor.who, laboratory)
    return onward("/keys")


def _badge(key: ApiKey) -> Badge:
    if key.revoked_at is not None:
        return Badge("reject", "Revoked", icon(CROSS))
    if key.expires_at is not None and read(key.expires_at) <= now():
        return Badge("review", "Over", icon(TRIANGLE))
    return Badge("pass", "Valid", icon(TICK))


def _content(posted: Posted, laboratory: Laboratory) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what is asked for, and what of it is none."""
    content: dict[str, Any] = {**posted.said("label", "site"), "scopes": posted.all("scopes")}
    wrong = {}
    for name, most in _MOST.items():
        text = posted.text(name)
        if text and not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= most):
            wrong[name] = f"expected a whole number from 1 to {most}, or nothing."
        elif text:
            content[name] = int(text) * (_GIB if name == "bytes_a_day" else 1)
    day = posted.text("expires_at")
    try:
        content |= {"expires_at": _end_of(day, laboratory)} if day else {}
    except (ValueError, OverflowError):
        wrong["expires_at"] = _NO_DAY
    return content, wrong


def _end_of(day: str, laboratory: Laboratory) -> str:
    """Return the end of a day on the laboratory's clock; ValueError for one that is over."""
    last = dt.date.fromisoformat(day)
    if last < today(laboratory):
        raise ValueError(day)
    after = last + dt.timedelta(days=1)
    return dt.datetime.combine(after, dt.time(), laboratory.settings.zone).isoformat()


def _form(visitor: Visitor, laboratory: Laboratory, form: Filled) -> Response:
    with laboratory.database.reading() as connection:
        known = store.number(connection)
    settings = laboratory.settings
    return page(
        "key_new.html", visitor, form.status, form=form, known=known, scopes=SCOPES,
        requests=settings.requests_a_minute, gib=f"{settings.bytes_a_day / _GIB:,.4g}",
    )  # fmt: skip
