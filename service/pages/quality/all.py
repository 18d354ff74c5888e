"""``/quality``: every instrument with its last run."""

from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.responses import Response

from hladr.report.page import Badge
from service.instruments.instrument import instrument_of
from service.laboratory import Lab
from service.pages.page import onward, page
from service.pages.quality.runs_shown import SHOWN, badge_of, is_open, shown_moment
from service.pages.quality.words import NO_RUN
from service.pages.route import page_router
from service.pages.visitor import Reading
from service.quality.keeping import MOST_RUNS
from service.quality.looking import Seen, seen
from service.store import calibration_runs, calibrations
from service.store.bead_copies import counted_for
from service.store.versions import INSTRUMENTS, Version
from service.texts import Id

router = page_router()
_MOST = 40
"""Runs of each instrument that are looked at."""


@dataclass(frozen=True, slots=True)
class InstrumentRow:
    """An instrument in the list.

    Parameters
    ----------
    last
        Moment of its last run; empty before the first.
    open_runs
        How many of its last runs are rejected, and let be used by nobody.
    baseline
        Of how many quantities the lot and service of its last run have one, in words.
    """

    id: str
    name: str
    last: str
    run: str
    outcome: Badge
    open_runs: int
    baseline: str


@router.get("/quality")
def quality(visitor: Reading, laboratory: Lab) -> Response:
    """Show all instruments."""
    with laboratory.database.reading() as connection:
        rows = [_row(connection, each) for each in INSTRUMENTS.all(connection)]
    return page("quality.html", visitor, rows=rows, most=_MOST)


@router.get("/quality/runs/{id}")
def of_run(id: Id, visitor: Reading, laboratory: Lab) -> Response:  # noqa: ARG001 - that they may
    """Go to the quality of the instrument of a run."""
    with laboratory.database.reading() as connection:
        run = calibrations.current(connection, id)
        place, at = run.outcome.instrument[0], run.created_at
        if counted := counted_for(connection, [id]).get(id):
            at = counted.at
        since = calibration_runs.number_since(connection, place, at)
    more = f"?most={min(since, MOST_RUNS)}" if since > SHOWN else ""
    return onward(f"/quality/{place}{more}#run-{id}")


def baseline_words(found: Seen) -> str:
    """Of how many quantities of the newest run there is a baseline for its lot and service."""
    run = found.runs[-1][0].run
    known = {(each.quantity, each.epoch) for each in found.book.baselines}
    with_one = sum((each, run.epoch.of(each)) in known for each in run.values)
    if with_one == 0:
        return "none for this lot and service"
    return f"locked for {with_one} of {len(run.values)} quantities"


def _row(connection: Connection, instrument: Version) -> InstrumentRow:
    found, name = seen(connection, instrument.id, _MOST), instrument_of(instrument).name
    if not found.runs:
        return InstrumentRow(instrument.id, name, "", "", NO_RUN, 0, "none")
    last = found.runs[-1][0]
    return InstrumentRow(
        id=instrument.id,
        name=name,
        last=shown_moment(last.run.moment),
        run=last.run.id,
        outcome=badge_of(found, last),
        open_runs=sum(is_open(found, made) for made, _ in found.runs),
        baseline=baseline_words(found),
    )
