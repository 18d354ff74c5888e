"""``/studies``: names, randomisations, and letting the arms be known."""

import contextlib
import datetime as dt
from typing import Any

from starlette.responses import Response

from service.laboratory import Lab, Laboratory
from service.pages.form import Form
from service.pages.managing.answered import clock, told_by
from service.pages.managing.filled import Filled
from service.pages.page import onward, page
from service.pages.refusal import REFUSALS
from service.pages.route import page_router
from service.pages.visitor import Administering, Managing, Visitor
from service.store import studies as store
from service.store.heads import AlreadyThere
from service.store.studies import RandomisedAlready
from service.studies import routes as calls
from service.studies.study import NewStudy, Randomised, RandomisedLater, Unblinding
from service.texts import Id, Word

router = page_router()
_NOT_SURE = "expected that this is meant: it cannot be taken back. Tick it, or leave the page."


class _Randomisation(Randomised):
    """Who was randomised, and when."""

    subject: Word


@router.get("/studies")
def studies(visitor: Managing, laboratory: Lab) -> Response:
    """Show all studies."""
    return _all(visitor, laboratory, Filled())


@router.post("/studies")
def make(visitor: Managing, posted: Form, laboratory: Lab) -> Response:
    """Register a study."""
    try:
        wanted = NewStudy.model_validate(
            {**posted.said("name"), "coded": posted.text("coded") == "yes"}
        )
        made = told_by(calls.add(wanted, visitor.who, laboratory))
    except REFUSALS as error:
        return _all(visitor, laboratory, Filled.of(posted).refused(error, name=AlreadyThere))
    return onward(f"/studies/{made['id']}")


@router.get("/studies/{id}")
def one(id: Id, visitor: Managing, laboratory: Lab) -> Response:
    """Show a study."""
    return _one(id, visitor, laboratory)


@router.post("/studies/{id}/subjects")
def randomise(id: Id, visitor: Managing, posted: Form, laboratory: Lab) -> Response:
    """Note when a subject was randomised."""
    form, subject = Filled.of(posted), posted.text("subject")
    try:
        wanted = _Randomisation.model_validate(
            {"subject": subject, "randomised_at": _zoned(posted.text("randomised_at"), laboratory)}
        )
        at = Randomised(randomised_at=wanted.randomised_at)
        noted = told_by(calls.randomise(id, wanted.subject, at, visitor.who, laboratory))
    except REFUSALS as error:
        told = form.refused(error, subject=RandomisedAlready, randomised_at=RandomisedLater)
        return _one(id, visitor, laboratory, randomising=told)
    return _one(id, visitor, laboratory, noted=noted)


@router.post("/studies/{id}/unblinding")
def unblind(id: Id, visitor: Administering, posted: Form, laboratory: Lab) -> Response:
    """Let everybody see the results of a study."""
    form = Filled.of(posted)
    if posted.text("sure") != "yes":
        told = form.told(_NOT_SURE, {"sure": _NOT_SURE})
        return _one(id, visitor, laboratory, unblinding=told)
    try:
        wanted = Unblinding.model_validate(posted.said("reason"))
        calls.unblind(id, wanted, visitor.who, laboratory)
    except REFUSALS as error:
        return _one(id, visitor, laboratory, unblinding=form.refused(error))
    return onward(f"/studies/{id}")


def _zoned(text: str, laboratory: Laboratory) -> str:
    """Return a time with its zone; one that says none is of the laboratory's clock."""
    with contextlib.suppress(ValueError):
        dt.date.fromisoformat(text)
        return text  # a day alone stays one, and is refused
    with contextlib.suppress(ValueError):
        moment = dt.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return moment.replace(tzinfo=laboratory.settings.zone).isoformat()
    return text


def _all(visitor: Visitor, laboratory: Laboratory, form: Filled) -> Response:
    with laboratory.database.reading() as connection:
        found = list(store.all_studies(connection))
    said = {"form": form, "studies": found, "at": clock(laboratory)}
    return page("studies.html", visitor, form.status, **said)


def _one(
    id: str,
    visitor: Visitor,
    laboratory: Laboratory,
    *,
    randomising: Filled | None = None,
    unblinding: Filled | None = None,
    noted: dict[str, Any] | None = None,
) -> Response:
    with laboratory.database.reading() as connection:
        study = store.by_id(connection, id)
    forms = {"randomising": randomising or Filled(), "unblinding": unblinding or Filled()}
    status = max(form.status for form in forms.values())
    said = {**forms, "study": study, "noted": noted, "at": clock(laboratory)}
    return page("study.html", visitor, status, **said)
