"""``/api/v1/analyses/{id}/gates/moved``: gates of a version, moved one by one."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from service.analyses import view
from service.analyses.gates_moved import GatesMoved
from service.analyses.gates_told import (
    drawn_gates,
    gates_told,
    is_hidden,
    opened_version,
    printed_of,
)
from service.analyses.moving import moved
from service.analyses.receiving import PATH
from service.analyses.view import AnalysisTold
from service.http.authentication import Analyst
from service.http.conditional import IfMatch, version_of
from service.http.heavy import Heavy
from service.http.once import Key, Tell, asked, once
from service.http.problem import answers
from service.laboratory import Coming, Lab, Laboratory
from service.principal import Principal
from service.texts import Id

router = APIRouter(prefix=PATH, tags=["analyses"])


class GatesMovedTold(AnalysisTold):
    """An analysis, and its gates that can be moved: `vertices` or `intervals`, and `in_data`.

    There are none where an embargo hides the result, or where the automatic gate cannot be said in
    gates on the channels of the file. `printed` is the number in words, never rounded across a
    cut-off; null where it is hidden.
    """

    gates: list[dict[str, Any]]
    printed: dict[str, str] | None


@router.post(
    "/{id}/gates/moved",
    status_code=201,
    response_model=GatesMovedTold,
    responses=answers(404, 409, 412, 428, 507),
)
async def move(  # noqa: PLR0913, PLR0917 - what is moved, in what, and where it is done
    id: Id,
    wanted: GatesMoved,
    who: Analyst,
    laboratory: Lab,
    incoming: Coming,
    heavy: Heavy,
    key: Key = None,
    if_match: IfMatch = None,
) -> Response:
    """Move one gate, or take the gates of an earlier version or the automatic ones. A new version.

    Values are on the scales of the gate's dimensions, or with `in_data` those of the channels.
    """
    target = id, version_of(if_match)
    what = asked(who, key, f"POST {PATH}/{id}/gates/moved {target[1]}", wanted)
    return await heavy.do(
        lambda: once(
            laboratory,
            what,
            lambda: moved(wanted, laboratory, who, target, incoming),
            _teller(laboratory, who),
        )
    )


def _teller(laboratory: Laboratory, who: Principal) -> Tell:
    def tell(connection: Connection, kept: Mapping[str, Any]) -> Mapping[str, Any]:
        found = view.seen_at(connection, str(kept["id"]), int(kept["version"]), who)
        told = view.told(connection, found, laboratory, who)
        if is_hidden(told, who):
            return {**told, "gates": [], "printed": None}
        sample, drawn = opened_version(laboratory, found), drawn_gates(laboratory, found)
        result = found.outcome.result or {}
        gates = gates_told(sample, drawn, result)
        return {**told, "gates": gates, "printed": printed_of(connection, found)}

    return tell
