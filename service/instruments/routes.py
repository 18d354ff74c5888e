"""``/api/v1/instruments``."""

from fastapi import APIRouter
from starlette.responses import Response

from service.http.authentication import Manager, Reader
from service.http.conditional import IfMatch, version_of
from service.http.once import Act, Answer, Key, asked, once, shown
from service.http.problem import answers
from service.instruments.instrument import (
    Instrument,
    InstrumentChange,
    Instruments,
    InstrumentVersion,
    told,
)
from service.laboratory import Lab
from service.store.database import Writing
from service.store.versions import INSTRUMENTS
from service.texts import Id, Version

PATH = "/api/v1/instruments"
router = APIRouter(prefix=PATH, tags=["instruments"])


@router.post("", status_code=201, response_model=InstrumentVersion, responses=answers(409))
def add(instrument: Instrument, who: Manager, laboratory: Lab, key: Key = None) -> Response:
    """Register an instrument."""
    content = instrument.model_dump(mode="json")

    def act(writing: Writing) -> Answer:
        made = INSTRUMENTS.add(writing, instrument.name, content)
        return Answer(told(made), 201, made.version, f"{PATH}/{made.id}")

    return once(laboratory, asked(who, key, f"POST {PATH}", instrument), lambda: act)


@router.get("", response_model=Instruments, responses=answers())
def every(who: Reader, laboratory: Lab) -> Response:  # noqa: ARG001 - that they may
    """All instruments, as they are now."""
    with laboratory.database.reading() as connection:
        return shown(Answer({"instruments": [told(each) for each in INSTRUMENTS.all(connection)]}))


@router.get("/{id}", response_model=InstrumentVersion, responses=answers(404))
def one(id: Id, who: Reader, laboratory: Lab) -> Response:  # noqa: ARG001
    """An instrument as it is now."""
    with laboratory.database.reading() as connection:
        found = INSTRUMENTS.current(connection, id)
    return shown(Answer(told(found), version=found.version))


@router.get("/{id}/versions/{version}", response_model=InstrumentVersion, responses=answers(404))
def as_it_was(id: Id, version: Version, who: Reader, laboratory: Lab) -> Response:  # noqa: ARG001
    """An instrument as it was."""
    with laboratory.database.reading() as connection:
        return shown(Answer(told(INSTRUMENTS.at(connection, id, version))))


@router.put("/{id}", response_model=InstrumentVersion, responses=answers(404, 409, 412, 428))
def change(
    id: Id,
    wanted: InstrumentChange,
    who: Manager,
    laboratory: Lab,
    key: Key = None,
    if_match: IfMatch = None,
) -> Response:
    """Describe an instrument anew: a new version; the old one stays."""
    base = version_of(if_match)
    content = wanted.model_dump(mode="json", exclude={"reason"})

    def act(writing: Writing) -> Answer:
        made = INSTRUMENTS.change(writing, id, base, wanted.name, content, wanted.reason)
        return Answer(told(made), version=made.version)

    def prepare() -> Act:
        return act

    return once(laboratory, asked(who, key, f"PUT {PATH}/{id} {base}", wanted), prepare)
