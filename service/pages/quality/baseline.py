"""``/quality/{id}/baseline``: what would be locked, and locking it."""

import secrets
from dataclasses import dataclass

from starlette.responses import Response

from calibration.control import LEAST_RUNS, Baseline, Run
from service.instruments.instrument import instrument_of
from service.laboratory import Lab, Laboratory
from service.pages.form import Form
from service.pages.managing.filled import Filled
from service.pages.page import onward, page
from service.pages.quality.charts_shown import numbers_of
from service.pages.quality.instrument import once_of
from service.pages.quality.runs_shown import lot_names, run_rows, shown_moment
from service.pages.refusal import REFUSALS, sentence_of, status_of
from service.pages.route import page_router
from service.pages.visitor import Managing, Visitor
from service.quality import routes as calls
from service.quality.entry import NewBaseline
from service.quality.looking import Seen, seen
from service.quality.window import Window, locked_from
from service.store.heads import NotFound
from service.texts import Id

router = page_router()
_MOST = 200
"""Runs that a window is chosen from, the newest."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A quantity of which a baseline would be locked.

    Parameters
    ----------
    has_one
        Whether there is one for its lot and service already: this one would take its place.
    """

    key: str
    name: str
    mean: str
    sd: str
    runs: int
    has_one: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be locked from a window.

    Parameters
    ----------
    said
        Which runs, in words.
    problem
        Why nothing can be locked; empty where something can.
    """

    runs: tuple[Run, ...]
    said: str
    wanted: tuple[Wanted, ...]
    problem: str
    status: int


@router.get("/quality/{id}/baseline")
def preview(
    id: Id, visitor: Managing, laboratory: Lab, first: Id | None = None, last: Id | None = None
) -> Response:
    """Show what would be locked from a window; without one, from the present lot and service."""
    return _shown(id, visitor, laboratory, first or "", last or "", Filled())


@router.post("/quality/{id}/baseline")
def lock(id: Id, visitor: Managing, posted: Form, laboratory: Lab) -> Response:
    """Lock what was shown."""
    first, last = posted.text("first"), posted.text("last")
    said = {
        "runs": posted.all("runs"),
        "quantities": posted.all("quantities"),
        "reason": posted.text("reason"),
    }
    try:
        log = calls.Log(id, visitor.who, laboratory, once_of(posted))
        calls.baseline(NewBaseline.model_validate(said), log)
    except NotFound:
        raise
    except REFUSALS as error:
        filled = Filled.of(posted).refused(error)
        return _shown(id, visitor, laboratory, first, last, filled)
    return onward(f"/quality/{id}#log")


def _shown(
    id: str, visitor: Visitor, laboratory: Laboratory, first: str, last: str, form: Filled
) -> Response:
    with laboratory.database.reading() as connection:
        found = seen(connection, id, _MOST)
    made = _preview(found, first, last)
    status = form.status if form.problem else made.status
    return page(
        "quality_baseline.html", visitor, status,
        id=id, name=instrument_of(found.instrument).name, rows=tuple(reversed(run_rows(found))),
        preview=made, form=form, least=LEAST_RUNS, once=secrets.token_hex(16),
        first=made.runs[0].id if made.runs else "", last=made.runs[-1].id if made.runs else "",
    )  # fmt: skip


def _preview(found: Seen, first: str, last: str) -> Preview:
    runs = [made.run for made, _ in found.runs]
    if not runs:
        return Preview((), "There is no run yet.", (), "", 200)
    try:
        window = Window.between(runs, first, last) if first or last else Window.of_present(runs)
    except REFUSALS as error:
        return Preview((), "", (), sentence_of(error), status_of(error))
    said = _said(window, lot_names(found))
    try:
        made = locked_from(window.runs)
    except REFUSALS as error:
        return Preview(window.runs, said, (), sentence_of(error), 200)
    known = {(each.quantity, each.epoch) for each in found.book.baselines}
    wanted = tuple(_wanted(each, has_one=(each.quantity, each.epoch) in known) for each in made)
    return Preview(window.runs, said, wanted, "", 200)


def _said(window: Window, names: dict[str, str]) -> str:
    first, last = (shown_moment(window.runs[place].moment) for place in (0, -1))
    lot = names[window.runs[0].epoch.beads]
    left = window.left_out
    others = f" {left} runs of other lots or services among them are left out." if left else ""
    return f"{len(window.runs)} runs of lot {lot}, {first} to {last}.{others}"


def _wanted(baseline: Baseline, *, has_one: bool) -> Wanted:
    mean, sd = numbers_of(baseline)
    runs = getattr(baseline.origin, "runs", ())
    return Wanted(baseline.quantity.key, baseline.quantity.words, mean, sd, len(runs), has_one)
