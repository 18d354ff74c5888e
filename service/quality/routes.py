"""``/api/v1/quality``."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from service.http.authentication import Manager, Reader
from service.http.once import Answer, Key, asked, once, shown
from service.http.problem import answers
from service.laboratory import Lab
from service.people.of_laboratory import require_laboratory
from service.principal import Scope
from service.quality.bridging import BridgingTold, bridging_told, side_by_side
from service.quality.entry import NewBaseline, NewService, RuleSwitch, RunUse, Withdrawal
from service.quality.keeping import (
    MOST_RUNS,
    baseline_locked,
    rule_switched,
    run_used,
    service_noted,
    taken_back,
)
from service.quality.log_told import EntryTold, entry_told
from service.quality.looking import seen
from service.quality.told import QualityTold, told
from service.store.quality_log import Entry
from service.texts import Id

PATH = "/api/v1/quality"
router = APIRouter(prefix=PATH, tags=["quality"])


@router.get("/{instrument_id}", response_model=QualityTold, responses=answers(404))
def charts(
    instrument_id: Id,
    who: Reader,  # noqa: ARG001 - that they may
    laboratory: Lab,
    most: Annotated[int, Query(ge=1, le=MOST_RUNS)] = 200,
) -> Response:
    """Levey-Jennings series of an instrument, and the rules that its newest runs violate."""
    with laboratory.database.reading() as connection:
        found = seen(connection, instrument_id, most)
    body = told(instrument_id, found.runs, found.judged, found.book, found.log)
    return shown(Answer(body))


@router.get("/{instrument_id}/bridging", response_model=BridgingTold, responses=answers(404))
def bridging(
    instrument_id: Id,
    old: Annotated[Id, Query(description="Id of the lot that is used up.")],
    new: Annotated[Id, Query(description="Id of the lot that comes after it.")],
    who: Reader,  # noqa: ARG001 - that they may
    laboratory: Lab,
) -> Response:
    """Two bead lots that were run side by side on the same days: bias, with its interval."""
    with laboratory.database.reading() as connection:
        found = side_by_side(connection, instrument_id, old, new, MOST_RUNS)
    return shown(Answer(bridging_told(instrument_id, (old, new), found)))


@router.post(
    "/{instrument_id}/services", status_code=201, response_model=EntryTold, responses=answers(404)
)
def service(
    instrument_id: Id, said: NewService, who: Manager, laboratory: Lab, key: Key = None
) -> Response:
    """Note that the instrument was serviced: a new baseline begins."""
    require_laboratory(who, Scope.MANAGE)
    return once(
        laboratory,
        asked(who, key, f"POST {PATH}/{instrument_id}/services", said),
        lambda: lambda writing: _made(service_noted(writing, instrument_id, said)),
    )


@router.post(
    "/{instrument_id}/baselines", status_code=201, response_model=EntryTold, responses=answers(404)
)
def baseline(
    instrument_id: Id, said: NewBaseline, who: Manager, laboratory: Lab, key: Key = None
) -> Response:
    """Lock mean and SD, from a window of at least 20 runs or by hand."""
    require_laboratory(who, Scope.MANAGE)
    return once(
        laboratory,
        asked(who, key, f"POST {PATH}/{instrument_id}/baselines", said),
        lambda: lambda writing: _made(baseline_locked(writing, instrument_id, said)),
    )


@router.post(
    "/{instrument_id}/rules", status_code=201, response_model=EntryTold, responses=answers(404)
)
def rule(
    instrument_id: Id, said: RuleSwitch, who: Manager, laboratory: Lab, key: Key = None
) -> Response:
    """Say what a rule does for a quantity, or for all of a kind: off, warn or reject."""
    require_laboratory(who, Scope.MANAGE)
    return once(
        laboratory,
        asked(who, key, f"POST {PATH}/{instrument_id}/rules", said),
        lambda: lambda writing: _made(rule_switched(writing, instrument_id, said)),
    )


@router.post(
    "/{instrument_id}/uses", status_code=201, response_model=EntryTold, responses=answers(404, 409)
)
def use(
    instrument_id: Id, said: RunUse, who: Manager, laboratory: Lab, key: Key = None
) -> Response:
    """Let a run be used for patients in spite of a rule that it violates, and say why."""
    require_laboratory(who, Scope.MANAGE)
    return once(
        laboratory,
        asked(who, key, f"POST {PATH}/{instrument_id}/uses", said),
        lambda: lambda writing: _made(run_used(writing, instrument_id, said)),
    )


@router.post(
    "/{instrument_id}/withdrawals",
    status_code=201,
    response_model=EntryTold,
    responses=answers(404, 409),
)
def withdrawal(
    instrument_id: Id, said: Withdrawal, who: Manager, laboratory: Lab, key: Key = None
) -> Response:
    """Take an entry of the log back that was a mistake: it counts as if it had not been there."""
    require_laboratory(who, Scope.MANAGE)
    return once(
        laboratory,
        asked(who, key, f"POST {PATH}/{instrument_id}/withdrawals", said),
        lambda: lambda writing: _made(taken_back(writing, instrument_id, said)),
    )


def _made(entry: Entry) -> Answer:
    return Answer(entry_told(entry), 201)
