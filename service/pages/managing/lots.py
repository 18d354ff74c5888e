"""``/lots`` and ``/lots/new``."""

from dataclasses import dataclass

from starlette.responses import Response

from hladr.report.page import Badge
from service.laboratory import Lab, Laboratory
from service.lots import routes as calls
from service.lots.lot import Lot, bead_lot
from service.pages.form import Form, Posted
from service.pages.managing.answered import clock, today, told_by
from service.pages.managing.expiry import expiry_badge
from service.pages.managing.filled import Filled
from service.pages.managing.levels import (
    NotEntered,
    ReadBack,
    Untouched,
    entry_of,
    levels_of,
    more_levels,
    written,
)
from service.pages.managing.lot_form import content_of
from service.pages.managing.lot_shown import levels_shown
from service.pages.managing.next_steps import next_steps
from service.pages.page import onward, page
from service.pages.refusal import REFUSALS
from service.pages.route import page_router
from service.pages.visitor import Managing, Reading, Visitor
from service.store import calibrations
from service.store.heads import AlreadyThere
from service.store.versions import LOTS, Version

router = page_router()
NO_VALUES = "expected the assigned values, typed twice or scanned, found none."


@dataclass(frozen=True, slots=True)
class LotRow:
    """A lot in the list of all."""

    id: str
    version: int
    lot: Lot
    assigned: str
    expiry: Badge
    runs: int
    made_at: str
    made_by: str


@router.get("/lots")
def lots(visitor: Reading, laboratory: Lab) -> Response:
    """Show all lots."""
    with laboratory.database.reading() as connection:
        runs = calibrations.numbers_by_lot(connection)
        rows = [_row(each, runs, laboratory) for each in LOTS.all(connection)]
    steps = next_steps(laboratory, visitor)
    return page("lots.html", visitor, lots=rows, steps=steps, at=clock(laboratory))


def _row(version: Version, runs: dict[str, int], laboratory: Laboratory) -> LotRow:
    lot = Lot.model_validate(version.content)
    return LotRow(
        version.id,
        version.version,
        lot,
        written(lot.assigned).replace(",", " · "),
        expiry_badge(lot.expires, today(laboratory)),
        runs.get(version.id, 0),
        version.made_at,
        version.made_by,
    )


@router.get("/lots/new")
def new(visitor: Managing) -> Response:
    """Show an empty form."""
    return _form(visitor, Filled(), Posted({}))


@router.post("/lots/new")
def make(visitor: Managing, posted: Form, laboratory: Lab) -> Response:
    """Register a lot, once its values were entered twice or read back."""
    filled = Filled.of(posted)
    if posted.text("do") == "more":
        return _form(visitor, filled, posted, levels=more_levels(posted))
    found = entry_of(posted)
    if isinstance(found, NotEntered):
        return _form(visitor, filled.told(found.sentence, found.wrong), posted)
    if isinstance(found, Untouched):
        return _form(visitor, filled.told(NO_VALUES, {"assigned": NO_VALUES}), posted)
    try:
        lot = Lot.model_validate(content_of(posted, found.assigned))
        bead_lot(lot)
        if isinstance(found, ReadBack):
            return _form(visitor, read_back(filled, found), posted, back=found)
        made = told_by(calls.add(lot, visitor.who, laboratory))
    except REFUSALS as error:
        return _form(visitor, filled.refused(error, number=AlreadyThere), posted)
    return onward(f"/lots/{made['id']}")


def read_back(filled: Filled, found: ReadBack) -> Filled:
    """Return the form with the values that somebody is to hold against the leaflet."""
    shown = filled.put(read=found.written, confirmed="")
    return shown.told("; ".join(found.wrong.values()), found.wrong) if found.wrong else shown


def _form(
    visitor: Visitor,
    form: Filled,
    posted: Posted,
    *,
    levels: int | None = None,
    back: ReadBack | None = None,
) -> Response:
    shown = None if back is None else levels_shown(back.assigned)
    wide = levels or levels_of(posted)
    return page("lot_new.html", visitor, form.status, form=form, levels=wide, back=shown)
