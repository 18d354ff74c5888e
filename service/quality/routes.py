"""``/api/v1/quality``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel
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
from service.store.database import Writing
from service.store.quality_log import Entry
from service.texts import Id

PATH = "/api/v1/quality"
router = APIRouter(prefix=PATH, tags=["quality"])
Said = TypeVar("Said", bound=BaseModel)


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


@dataclass(frozen=True, slots=True)
class Log:
    """The log of an instrument, for whoever writes into it."""

    instrument_id: Id
    who: Manager
    laboratory: Lab
    key: Key = None

    def write(self, kind: str, said: Said, note: Callable[[Writing, str, Said], Entry]) -> Response:
        """Note what somebody said, once for each key.

        Parameters
        ----------
        kind
            Last word of the address that it was said to.
        """
        require_laboratory(self.who, Scope.MANAGE)
        request = asked(self.who, self.key, f"POST {PATH}/{self.instrument_id}/{kind}", said)

        def noted(writing: Writing) -> Answer:
            return Answer(entry_told(note(writing, self.instrument_id, said)), 201)

        return once(self.laboratory, request, lambda: noted)


_Log = Annotated[Log, Depends()]
_NOTED: Final[dict[str, Any]] = {"status_code": 201, "response_model": EntryTold}


@router.post("/{instrument_id}/services", **_NOTED, responses=answers(404))
def service(said: NewService, log: _Log) -> Response:
    """Note that the instrument was serviced: a new baseline begins."""
    return log.write("services", said, service_noted)


@router.post("/{instrument_id}/baselines", **_NOTED, responses=answers(404))
def baseline(said: NewBaseline, log: _Log) -> Response:
    """Lock mean and SD, from a window of at least 20 runs or by hand."""
    return log.write("baselines", said, baseline_locked)


@router.post("/{instrument_id}/rules", **_NOTED, responses=answers(404))
def rule(said: RuleSwitch, log: _Log) -> Response:
    """Say what a rule does for a quantity, or for all of a kind: off, warn or reject."""
    return log.write("rules", said, rule_switched)


@router.post("/{instrument_id}/uses", **_NOTED, responses=answers(404, 409))
def use(said: RunUse, log: _Log) -> Response:
    """Let a run be used for patients in spite of a rule that it violates, and say why."""
    return log.write("uses", said, run_used)


@router.post("/{instrument_id}/withdrawals", **_NOTED, responses=answers(404, 409))
def withdrawal(said: Withdrawal, log: _Log) -> Response:
    """Take an entry of the log back that was a mistake: it counts as if it had not been there."""
    return log.write("withdrawals", said, taken_back)
