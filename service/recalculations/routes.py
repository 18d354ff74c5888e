"""``/api/v1/recalculations``."""

from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.responses import Response

from service.http.authentication import Recalculator
from service.http.once import Act, Answer, Key, asked, once, shown
from service.http.problem import answers
from service.laboratory import Lab
from service.people.of_laboratory import require_laboratory
from service.principal import Scope
from service.recalculations.comparing import compared
from service.recalculations.wanted import RecalculationWanted, chosen, require_known
from service.store import recalculations
from service.store.database import Writing
from service.store.recalculation import ItemState, Recalculation
from service.texts import Id

PATH = "/api/v1/recalculations"
router = APIRouter(prefix=PATH, tags=["recalculations"])


class RecalculationTold(BaseModel):
    """A recalculation: how many items are where. `finished_at` is null while it runs."""

    id: str
    reason: str
    wanted: dict[str, Any]
    created_at: str
    created_by: str
    finished_at: str | None
    items: dict[str, int]


class RecalculationWhole(RecalculationTold):
    """A recalculation with what it changed: `comparison` is ``hladr.comparison/1``.

    It is null as long as the recalculation runs, and where nothing was measured again.
    """

    comparison: dict[str, Any] | None


class RecalculationsTold(BaseModel):
    """Recalculations, the newest first."""

    recalculations: list[RecalculationTold]


class ItemsTold(BaseModel):
    """The items of a recalculation, in their order."""

    items: list[dict[str, Any]]


@router.post("", status_code=201, response_model=RecalculationTold, responses=answers(404, 409))
def begin(
    wanted: RecalculationWanted, who: Recalculator, laboratory: Lab, key: Key = None
) -> Response:
    """Measure stored analyses again. It goes on by itself, over restarts, until it is finished."""
    require_laboratory(who, Scope.RECALCULATE)

    def prepare() -> Act:
        with laboratory.database.reading() as connection:
            items = chosen(connection, wanted)
        require_known(laboratory.definitions, wanted)

        def act(writing: Writing) -> Answer:
            content = wanted.model_dump(mode="json", exclude_none=True)
            made = recalculations.add(writing, str(uuid4()), wanted.reason, content, items)
            return Answer(_told(writing.connection, made), 201, location=f"{PATH}/{made.id}")

        return act

    return once(laboratory, asked(who, key, f"POST {PATH}", wanted), prepare)


@router.get("", response_model=RecalculationsTold, responses=answers())
def newest(
    who: Recalculator, laboratory: Lab, most: Annotated[int, Query(ge=1, le=200)] = 50
) -> Response:
    """List recalculations, the newest first."""
    require_laboratory(who, Scope.RECALCULATE)
    with laboratory.database.reading() as connection:
        found = recalculations.newest(connection, most)
        return shown(Answer({"recalculations": [_told(connection, each) for each in found]}))


@router.get("/{id}", response_model=RecalculationWhole, responses=answers(404))
def one(id: Id, who: Recalculator, laboratory: Lab) -> Response:
    """Return how far a recalculation is, and what it changed."""
    require_laboratory(who, Scope.RECALCULATE)
    with laboratory.database.reading() as connection:
        found = recalculations.by_id(connection, id)
        comparison = None if found.finished_at is None else compared(connection, id)
        return shown(Answer({**_told(connection, found), "comparison": comparison}))


@router.get("/{id}/items", response_model=ItemsTold, responses=answers(404))
def items_of(id: Id, who: Recalculator, laboratory: Lab) -> Response:
    """List the items of a recalculation."""
    require_laboratory(who, Scope.RECALCULATE)
    with laboratory.database.reading() as connection:
        recalculations.by_id(connection, id)
        told = [
            {
                "analysis_id": each.analysis_id,
                "state": each.state,
                "old_version": each.old_version,
                "new_version": each.new_version,
                "code": each.code,
                "message": each.message,
            }
            for each in recalculations.items(connection, id)
        ]
    return shown(Answer({"items": told}))


@router.delete("/{id}", response_model=RecalculationTold, responses=answers(404))
def cancel(id: Id, who: Recalculator, laboratory: Lab) -> Response:
    """Begin nothing more of a recalculation; what is done stays."""
    require_laboratory(who, Scope.RECALCULATE)
    with laboratory.database.writing(who.name) as writing:
        recalculations.by_id(writing.connection, id)
        recalculations.cancel(writing, id)
        found = recalculations.by_id(writing.connection, id)
        return shown(Answer(_told(writing.connection, found)))


def _told(connection: Any, recalculation: Recalculation) -> dict[str, Any]:  # noqa: ANN401
    counts = recalculations.counts(connection, recalculation.id)
    return {
        "id": recalculation.id,
        "reason": recalculation.reason,
        "wanted": dict(recalculation.wanted),
        "created_at": recalculation.created_at,
        "created_by": recalculation.created_by,
        "finished_at": recalculation.finished_at,
        "items": {state: counts[state] for state in ItemState},
    }
