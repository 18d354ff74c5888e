"""``/quality/{id}/bridging``: two lots that were run side by side."""

from dataclasses import dataclass

from starlette.responses import Response

from calibration.control import Bias
from calibration.number_text import signed_text
from service.instruments.instrument import instrument_of
from service.laboratory import Lab
from service.pages.page import page
from service.pages.quality.runs_shown import shown_moment
from service.pages.refusal import REFUSALS, sentence_of, status_of
from service.pages.route import page_router
from service.pages.visitor import Reading
from service.quality.bridging import CUT_OFF, SideBySide, day_percent, side_by_side
from service.quality.keeping import MOST_RUNS
from service.store.heads import NotFound
from service.store.versions import INSTRUMENTS, LOTS
from service.texts import Id

router = page_router()


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two runs of one day."""

    day: str
    old: str
    old_at: str
    new: str
    new_at: str
    percent: str


@dataclass(frozen=True, slots=True)
class BridgedShown:
    """Two lots side by side: bias with its interval, at the cut-off and over the common range."""

    at: str
    bias: str
    interval: str
    span: str
    average: str
    anywhere: str
    pairs: tuple[PairRow, ...]
    alone: int


@router.get("/quality/{id}/bridging")
def bridging(
    id: Id, visitor: Reading, laboratory: Lab, old: Id | None = None, new: Id | None = None
) -> Response:
    """Show by how much one lot reads above the other; without two lots, the form alone."""
    shown, problem, status = None, "", 200
    with laboratory.database.reading() as connection:
        instrument = INSTRUMENTS.current(connection, id)
        lots = [(each.id, str(each.content["number"] or "")) for each in LOTS.all(connection)]
        if old and new:
            try:
                shown = _shown(side_by_side(connection, id, old, new, MOST_RUNS))
            except NotFound:
                raise
            except REFUSALS as error:
                problem, status = sentence_of(error), status_of(error)
    return page(
        "quality_bridging.html", visitor, status,
        id=id, name=instrument_of(instrument).name, lots=lots, old=old or "", new=new or "",
        shown=shown, problem=problem,
    )  # fmt: skip


def _shown(found: SideBySide) -> BridgedShown:
    bridging = found.bridging
    at, average = bridging.at(CUT_OFF), bridging.on_average()
    low, high = bridging.anywhere()
    return BridgedShown(
        at=f"{CUT_OFF:,.0f}",
        bias=_percent(at.percent),
        interval=_interval(at),
        span=f"{bridging.lowest:,.6g} to {bridging.top:,.6g}",
        average=f"{_percent(average.percent)} ({_interval(average)})",
        anywhere=f"{_percent(low)} to {_percent(high)}",
        pairs=tuple(
            PairRow(
                day=each.day,
                old=each.old.run.id,
                old_at=shown_moment(each.old.run.moment)[11:],
                new=each.new.run.id,
                new_at=shown_moment(each.new.run.moment)[11:],
                percent=_percent(day_percent(each)),
            )
            for each in found.pairs
        ),
        alone=found.alone,
    )


def _interval(bias: Bias) -> str:
    return f"{_percent(bias.low)} to {_percent(bias.high)}"


def _percent(value: float) -> str:
    return f"{signed_text(value, 2)} %"
