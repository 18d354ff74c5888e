"""``/recalculations``: how far they are, and what they changed."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import Connection
from starlette.responses import Response

from hladr.number_format import format_count
from hladr.recalculation import compare
from hladr.recalculation.matching import Matched
from hladr.recalculation.wording import abc_text, change_text, printed_cutoffs
from hladr.recalculation_report.composing import comparison_page
from hladr.report.badges import CROSS, DOT, TICK, icon
from hladr.report.page import Badge
from service.laboratory import Lab
from service.pages.form import Form
from service.pages.managing.answered import clock, told_by
from service.pages.page import onward, page
from service.pages.route import page_router
from service.pages.visitor import Recalculating
from service.people.of_laboratory import require_laboratory
from service.principal import Scope
from service.recalculations import routes as calls
from service.recalculations.comparing import before_and_after
from service.store import recalculations as store
from service.store.recalculation import Item, ItemState
from service.texts import Id

router = page_router()
_AT_ONCE = 100  # items on a page
_WORDS = {
    ItemState.WAITING: ("note", "Waits", DOT),
    ItemState.RUNNING: ("note", "At work", DOT),
    ItemState.DONE: ("pass", "New version", TICK),
    ItemState.SAME: ("pass", "As it was", TICK),
    ItemState.REFUSED: ("reject", "No number", CROSS),
    ItemState.DEAD: ("reject", "Given up", CROSS),
    ItemState.CANCELLED: ("note", "Cancelled", DOT),
}
_ENDED = frozenset(ItemState) - {ItemState.WAITING, ItemState.RUNNING}


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An analysis, before and now."""

    item: Item
    badge: Badge
    subject: str
    before: str
    now: str
    change: str


def badge_of(state: ItemState) -> Badge:
    """Badge of where an item is."""
    kind, word, shape = _WORDS[state]
    return Badge(kind, word, icon(shape))


@router.get("/recalculations")
def newest(visitor: Recalculating, laboratory: Lab) -> Response:
    """Show the newest recalculations."""
    found = told_by(calls.newest(visitor.who, laboratory, most=100))["recalculations"]
    rows = [(each, _ended(each["items"]), sum(each["items"].values())) for each in found]
    return page("recalculations.html", visitor, rows=rows, at=clock(laboratory))


@router.get("/recalculations/{id}")
def one(
    id: Id,
    visitor: Recalculating,
    laboratory: Lab,
    after: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """Show how far a recalculation is, and what it changed."""
    require_laboratory(visitor.who, Scope.RECALCULATE)
    with laboratory.database.reading() as connection:
        found = store.by_id(connection, id)
        counts = store.counts(connection, id)
        said = _shown(connection, id, after, finished=found.finished_at is not None)
    return page(
        "recalculation.html", visitor, found=found, lot=found.wanted.get("lot_id", ""),
        counts=[(badge_of(state), format_count(counts[state])) for state in ItemState
                if counts[state]],
        ended=_ended(counts), total=sum(counts.values()), after=after, at=clock(laboratory),
        **said,
    )  # fmt: skip


@router.post("/recalculations/{id}/cancellation")
def cancel(id: Id, visitor: Recalculating, posted: Form, laboratory: Lab) -> Response:  # noqa: ARG001 - that it is ours
    """Begin nothing more; what is done stays."""
    calls.cancel(id, visitor.who, laboratory)
    return onward(f"/recalculations/{id}")


def _shown(connection: Connection, id: str, after: int, *, finished: bool) -> dict[str, Any]:
    """Return the items of a page, and what all of them came to once they have ended."""
    items = list(store.items(connection, id))
    old, new = before_and_after(connection, id)
    comparison = compare(old, new) if new.rows else None
    cutoffs = () if comparison is None else printed_cutoffs(comparison)
    sides = {now.sample: (before, now) for before, now in zip(old.rows, new.rows, strict=True)}
    rows = []
    for item in items[after : after + _AT_ONCE]:
        side = sides.get(item.analysis_id)
        texts = ("", "", "", "")
        if side is not None:
            before, now = side
            moved = change_text(Matched(before, now, "sample"))
            texts = (now.subject, abc_text(before, cutoffs), abc_text(now, cutoffs), moved)
        rows.append(ItemRow(item, badge_of(item.state), *texts))
    return {
        "rows": rows,
        "further": after + _AT_ONCE if after + _AT_ONCE < len(items) else 0,
        "comparison": comparison_page(comparison) if comparison and finished else None,
    }


def _ended(counts: dict[Any, int]) -> int:
    return sum(counts[state] for state in _ENDED)
