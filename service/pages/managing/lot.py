"""``/lots/{id}``: what a lot is and was, what rests on it, and its correction."""

from typing import Any

from starlette.responses import Response

from service.laboratory import Lab, Laboratory
from service.lots import routes as calls
from service.lots.lot import Lot, LotChange, bead_lot
from service.pages.form import Form, Posted
from service.pages.managing.answered import told_by
from service.pages.managing.base import base_of, required_base
from service.pages.managing.filled import Filled
from service.pages.managing.levels import (
    Assigned,
    NotEntered,
    ReadBack,
    Untouched,
    entry_of,
    levels_of,
    more_levels,
)
from service.pages.managing.lot_form import NAMES, content_of, texts_of, typed_in
from service.pages.managing.lot_shown import levels_shown, lot_shown
from service.pages.managing.lots import read_back
from service.pages.managing.moved import Meantime, differences, merged
from service.pages.page import onward, page
from service.pages.refusal import REFUSALS
from service.pages.route import page_router
from service.pages.visitor import Managing, Reading, Recalculating, Visitor
from service.recalculations import routes as recalculations
from service.recalculations.wanted import RecalculationWanted
from service.store.heads import AlreadyThere, VersionMoved
from service.store.versions import LOTS
from service.texts import Id

router = page_router()


@router.get("/lots/{id}")
def one(id: Id, visitor: Reading, laboratory: Lab) -> Response:
    """Show a lot."""
    with laboratory.database.reading() as connection:
        found = LOTS.current(connection, id)
    texts = {**texts_of(Lot.model_validate(found.content)), "assigned": ""}
    form = Filled.showing(**texts, version=str(found.version))
    return _shown(id, visitor, laboratory, form, Posted({}))


@router.post("/lots/{id}")
def correct(id: Id, visitor: Managing, posted: Form, laboratory: Lab) -> Response:
    """Correct a lot; values that nobody entered stay."""
    filled = Filled.of(posted)
    if posted.text("do") == "more":
        return _shown(id, visitor, laboratory, filled, posted, levels=more_levels(posted))
    found = entry_of(posted)
    if isinstance(found, NotEntered):
        told = filled.told(found.sentence, found.wrong)
        return _shown(id, visitor, laboratory, told, posted)
    entered = None if isinstance(found, Untouched) else found.assigned
    try:
        base = required_base(posted)
        with laboratory.database.reading() as connection:
            assigned = entered or LOTS.at(connection, id, base).content["assigned"]
        content = content_of(posted, assigned)
        wanted = LotChange.model_validate({**content, **posted.said("reason")})
        bead_lot(wanted)
        if isinstance(found, ReadBack):
            form = read_back(filled, found)
            return _shown(id, visitor, laboratory, form, posted, back=levels_shown(found.assigned))
        calls.change(id, wanted, visitor.who, laboratory, if_match=f'"{base}"')
    except VersionMoved as error:
        form, meantime = _moved(id, laboratory, posted, filled.refused(error), entered)
        return _shown(id, visitor, laboratory, form, posted, meantime=meantime)
    except REFUSALS as error:
        form = filled.refused(error, number=AlreadyThere)
        return _shown(id, visitor, laboratory, form, posted)
    return onward(f"/lots/{id}")


@router.post("/lots/{id}/recalculation")
def recalculate(id: Id, visitor: Recalculating, posted: Form, laboratory: Lab) -> Response:
    """Measure again what rests on other values than the lot has now."""
    filled = Filled.of(posted)
    try:
        wanted = RecalculationWanted.model_validate({**posted.said("reason"), "lot_id": id})
        running = lot_shown(id, visitor, laboratory)["running"]
        if running:
            return onward(f"/recalculations/{running}")
        made = told_by(recalculations.begin(wanted, visitor.who, laboratory))
    except REFUSALS as error:
        return _shown(id, visitor, laboratory, Filled(), Posted({}), again=filled.refused(error))
    return onward(f"/recalculations/{made['id']}")


def _moved(
    id: str, laboratory: Laboratory, posted: Posted, form: Filled, entered: Assigned | None
) -> tuple[Filled, Meantime]:
    """Return the form on top of what somebody else made, and what that was."""
    with laboratory.database.reading() as connection:
        now, then = LOTS.current(connection, id), LOTS.at(connection, id, base_of(posted))
    before, after = (texts_of(Lot.model_validate(each.content)) for each in (then, now))
    typed = typed_in(posted, entered)
    texts = merged(before, after, typed)
    texts.pop("assigned")  # its fields stay as they are
    told = Meantime(now.made_by, now.made_at, now.reason, differences(before, after, typed))
    return form.put(**texts, version=str(now.version)), told


def _shown(
    id: str,
    visitor: Visitor,
    laboratory: Laboratory,
    form: Filled,
    posted: Posted,
    **more: Any,  # noqa: ANN401
) -> Response:
    said: dict[str, Any] = {
        "levels": levels_of(posted), "back": None, "meantime": None, "again": None, "names": NAMES,
        **more,
    }  # fmt: skip
    again: Filled | None = said["again"]
    status = form.status if again is None else again.status
    return page(
        "lot.html", visitor, status, form=form, **said, **lot_shown(id, visitor, laboratory)
    )
