"""``/instruments``."""

from typing import Any

from starlette.responses import Response

from service.instruments import routes as calls
from service.instruments.instrument import Instrument, InstrumentChange, instrument_of
from service.laboratory import Lab, Laboratory
from service.pages.form import Form, Posted
from service.pages.managing.answered import clock, told_by
from service.pages.managing.base import base_of, required_base
from service.pages.managing.filled import Filled
from service.pages.managing.lot_shown import pasts
from service.pages.managing.moved import Meantime, differences, merged
from service.pages.managing.next_steps import next_steps
from service.pages.page import onward, page
from service.pages.refusal import REFUSALS
from service.pages.route import page_router
from service.pages.visitor import Managing, Reading, Visitor
from service.store.heads import AlreadyThere, VersionMoved
from service.store.versions import INSTRUMENTS
from service.texts import Id

router = page_router()
NAMES = {
    "name": "Name",
    "cytometer": "Cytometer",
    "serial": "Serial number",
    "site": "Site",
    "preparation": "Preparation",
    "note": "Note",
}
"""Fields of an instrument, as people call them."""


@router.get("/instruments")
def instruments(visitor: Reading, laboratory: Lab) -> Response:
    """Show all instruments."""
    with laboratory.database.reading() as connection:
        rows = [(each, instrument_of(each)) for each in INSTRUMENTS.all(connection)]
    steps = next_steps(laboratory, visitor)
    return page("instruments.html", visitor, rows=rows, steps=steps, at=clock(laboratory))


@router.get("/instruments/new")
def new(visitor: Managing) -> Response:
    """Show an empty form."""
    return page("instrument_new.html", visitor, form=Filled())


@router.post("/instruments/new")
def make(visitor: Managing, posted: Form, laboratory: Lab) -> Response:
    """Register an instrument."""
    try:
        wanted = Instrument.model_validate(posted.said(*NAMES))
        made = told_by(calls.add(wanted, visitor.who, laboratory))
    except REFUSALS as error:
        form = Filled.of(posted).refused(error, name=AlreadyThere)
        return page("instrument_new.html", visitor, form.status, form=form)
    return onward(f"/instruments/{made['id']}")


@router.get("/instruments/{id}")
def one(id: Id, visitor: Reading, laboratory: Lab) -> Response:
    """Show an instrument."""
    with laboratory.database.reading() as connection:
        found = INSTRUMENTS.current(connection, id)
    form = Filled.showing(**_texts(instrument_of(found)), version=str(found.version))
    return _shown(id, visitor, laboratory, form)


@router.post("/instruments/{id}")
def change(id: Id, visitor: Managing, posted: Form, laboratory: Lab) -> Response:
    """Describe an instrument anew."""
    filled = Filled.of(posted)
    try:
        base = required_base(posted)
        wanted = InstrumentChange.model_validate(posted.said(*NAMES, "reason"))
        calls.change(id, wanted, visitor.who, laboratory, if_match=f'"{base}"')
    except VersionMoved as error:
        form, meantime = _moved(id, laboratory, posted, filled.refused(error))
        return _shown(id, visitor, laboratory, form, meantime)
    except REFUSALS as error:
        return _shown(id, visitor, laboratory, filled.refused(error, name=AlreadyThere))
    return onward(f"/instruments/{id}")


def _texts(instrument: Instrument) -> dict[str, str]:
    return {name: getattr(instrument, name) or "" for name in NAMES}


def _moved(
    id: str, laboratory: Laboratory, posted: Posted, form: Filled
) -> tuple[Filled, Meantime]:
    """Return the form on top of what somebody else made, and what that was."""
    with laboratory.database.reading() as connection:
        now = INSTRUMENTS.current(connection, id)
        then = INSTRUMENTS.at(connection, id, base_of(posted))
    before, after = _texts(instrument_of(then)), _texts(instrument_of(now))
    typed = {name: posted.text(name) for name in NAMES}
    told = Meantime(now.made_by, now.made_at, now.reason, differences(before, after, typed))
    return form.put(**merged(before, after, typed), version=str(now.version)), told


def _shown(
    id: str,
    visitor: Visitor,
    laboratory: Laboratory,
    form: Filled,
    meantime: Meantime | None = None,
) -> Response:
    with laboratory.database.reading() as connection:
        history = INSTRUMENTS.history(connection, id)
    said: dict[str, Any] = {
        "instrument": instrument_of(history[0]),
        "now": history[0],
        "history": pasts(history, lambda each: _texts(instrument_of(each))),
        "meantime": meantime,
        "names": NAMES,
        "at": clock(laboratory),
    }
    return page("instrument.html", visitor, form.status, form=form, **said)
