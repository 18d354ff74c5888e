"""``/api/v1/lots``."""

from fastapi import APIRouter
from starlette.responses import Response

from service.http.authentication import Manager, Reader, Recalculator
from service.http.conditional import IfMatch, version_of
from service.http.once import Act, Answer, Key, asked, once, shown
from service.http.problem import answers
from service.laboratory import Lab
from service.lots.lot import Lot, LotChange, Lots, LotVersion, Outdated, bead_lot, told
from service.people.of_laboratory import require_laboratory
from service.principal import Scope
from service.store.database import Writing
from service.store.outdated import outdated_by_lot
from service.store.versions import LOTS
from service.texts import Id, Version

PATH = "/api/v1/lots"
MOST_OUTDATED = 1000
router = APIRouter(prefix=PATH, tags=["lots"])


@router.post("", status_code=201, response_model=LotVersion, responses=answers(409))
def add(lot: Lot, who: Manager, laboratory: Lab, key: Key = None) -> Response:
    """Register a lot."""
    content = lot.model_dump(mode="json")

    def act(writing: Writing) -> Answer:
        made = LOTS.add(writing, lot.label, content)
        return Answer(told(made), 201, made.version, f"{PATH}/{made.id}")

    def prepare() -> Act:
        bead_lot(lot)
        return act

    return once(laboratory, asked(who, key, f"POST {PATH}", lot), prepare)


@router.get("", response_model=Lots, responses=answers())
def every(who: Reader, laboratory: Lab) -> Response:  # noqa: ARG001 - that they may
    """All lots, as they are now."""
    with laboratory.database.reading() as connection:
        return shown(Answer({"lots": [told(each) for each in LOTS.all(connection)]}))


@router.get("/{id}", response_model=LotVersion, responses=answers(404))
def one(id: Id, who: Reader, laboratory: Lab) -> Response:  # noqa: ARG001
    """A lot as it is now."""
    with laboratory.database.reading() as connection:
        found = LOTS.current(connection, id)
    return shown(Answer(told(found), version=found.version))


@router.get("/{id}/versions/{version}", response_model=LotVersion, responses=answers(404))
def as_it_was(id: Id, version: Version, who: Reader, laboratory: Lab) -> Response:  # noqa: ARG001
    """A lot as it was."""
    with laboratory.database.reading() as connection:
        return shown(Answer(told(LOTS.at(connection, id, version))))


@router.get("/{id}/outdated", response_model=Outdated, responses=answers(404))
def outdated(id: Id, who: Recalculator, laboratory: Lab) -> Response:
    """Analyses whose newest version rests on other values of a lot; they can be recalculated."""
    require_laboratory(who, Scope.RECALCULATE)
    with laboratory.database.reading() as connection:
        lot = LOTS.current(connection, id)
        found = outdated_by_lot(connection, id, lot.sha256, MOST_OUTDATED + 1)
    said = {
        "lot_id": id,
        "lot_version": lot.version,
        "analyses": found[:MOST_OUTDATED],
        "more": len(found) > MOST_OUTDATED,
    }
    return shown(Answer(said))


@router.put("/{id}", response_model=LotVersion, responses=answers(404, 409, 412, 428))
def change(
    id: Id,
    wanted: LotChange,
    who: Manager,
    laboratory: Lab,
    key: Key = None,
    if_match: IfMatch = None,
) -> Response:
    """Correct a lot: a new version; the old one stays, and what rests on it."""
    base = version_of(if_match)
    content = wanted.model_dump(mode="json", exclude={"reason"})

    def act(writing: Writing) -> Answer:
        made = LOTS.change(writing, id, base, wanted.label, content, wanted.reason)
        return Answer(told(made), version=made.version)

    def prepare() -> Act:
        bead_lot(wanted)
        return act

    return once(laboratory, asked(who, key, f"PUT {PATH}/{id} {base}", wanted), prepare)
