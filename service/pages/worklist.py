"""``/``: what is at work, and what waits; where a tube is found by its barcode."""

from dataclasses import dataclass, replace
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import Query
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection
from starlette.responses import Response

from hladr.report.badges import verdict_badge
from hladr.report.page import Badge
from hladr.result import Verdict
from service.analyses.awaited import AT_WORK
from service.laboratory import Lab, Laboratory
from service.pages.page import onward, page
from service.pages.reception_rows import ReceptionRow, holds, reception_rows
from service.pages.route import page_router
from service.pages.sample_rows import SampleRow, sample_rows
from service.pages.visitor import Reading, Visitor
from service.pages.when import present, when
from service.store import receptions, worklists
from service.store.analysis import State
from service.store.label import called
from service.store.worklists import Run, Sought
from service.texts import Word

router = page_router()
ROWS: Final = 50
_MOST_RECEIVED: Final = 100
_LAST_PAGE: Final = 100_000
_WORD: TypeAdapter[str] = TypeAdapter(Word)
_RECEIVED: Final = "received"
# No key is the word of a state: these are lists of their own.
_GROUPS: Final[dict[str, tuple[str, frozenset[State]]]] = {
    "work": ("At work", AT_WORK),
    _RECEIVED: ("Received", frozenset()),
    "review": ("To review", AT_WORK),
    "signed": ("Signed", frozenset({State.FINAL})),
    "without": ("Rejected, no result", frozenset({State.REJECTED, State.NO_RESULT})),
    "all": ("All", frozenset(State)),
}
_WITH_RECEIVED: Final = frozenset({"work", _RECEIVED, "all"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked at.

    Parameters
    ----------
    group
        A key of the groups.
    text
        That is searched for; empty: nothing is.
    number
        Of the page, from 1.
    """

    group: str
    states: frozenset[State]
    text: str
    number: int

    def address(self, **other: str | int) -> str:
        """Return the address of this list, or of another one beside it."""
        said = {"state": self.group, "q": self.text, "page": self.number, **other}
        kept = {name: value for name, value in said.items() if value not in {"", 1}}
        return f"/?{urlencode(kept)}"

    def sought(self, site: str | None, states: frozenset[State] | None) -> Sought:
        """Return what the database is asked for."""
        return Sought(site, states, self.text or None)


@router.get("/")
def worklist(
    visitor: Reading,
    laboratory: Lab,
    state: str = "",
    q: str = "",
    barcode: str = "",
    number: Annotated[int, Query(alias="page", ge=1, le=_LAST_PAGE)] = 1,
) -> Response:
    """Show the worklist; a barcode that one sample has leads there."""
    asked = _asked(state, q.strip(), number)
    if not barcode.strip():
        return page("worklist.html", visitor, **listed(laboratory, visitor, asked), scan=None)
    scan = _scanned(laboratory, visitor, barcode.strip())
    if len(scan.samples) == 1 and not scan.waiting:
        return onward(scan.samples[0].address)
    return page("worklist.html", visitor, **listed(laboratory, visitor, asked), scan=scan)


def listed(laboratory: Laboratory, visitor: Visitor, asked: Asked) -> dict[str, Any]:
    """Return what the page shows of a list."""
    site, zone = visitor.who.site, laboratory.settings.zone
    as_of = present(zone)
    readable = asked.text.isprintable()
    with laboratory.database.reading() as connection:
        waiting = _received(connection, laboratory, site, asked) if readable else []
        counts = worklists.numbers(connection, asked.sought(site, None)) if readable else {}
        found = worklists.page(
            connection, asked.sought(site, asked.states), (asked.number - 1) * ROWS, ROWS
        ) if readable and asked.states else []  # fmt: skip
        rows = sample_rows(connection, found, laboratory, visitor)
        runs = worklists.runs(connection)
        run_counts = worklists.numbers_of_runs(connection, [each.id for each in runs], site)
    total = sum(counts.get(each, 0) for each in asked.states)
    return {
        "asked": asked,
        "groups": _groups(asked, counts, len(waiting)),
        "waiting": waiting[:_MOST_RECEIVED] if asked.group in _WITH_RECEIVED else [],
        "more_waiting": max(0, len(waiting) - _MOST_RECEIVED),
        "rows": rows,
        "total": total,
        "first": (asked.number - 1) * ROWS + 1,
        "pages": max(1, -(-total // ROWS)),
        "runs": [
            (
                replace(run, lot=called(run.lot)),
                when(run.created_at, zone),
                _accepted(run),
                _of_run(run.id, run_counts),
            )
            for run in runs
        ],
        "as_of": as_of,
    }


def first_list() -> Asked:
    """Return what is looked at where nobody asked for anything else."""
    return _asked("", "", 1)


@dataclass(frozen=True, slots=True)
class Scan:
    """What a barcode leads to.

    Parameters
    ----------
    problem
        Why it is none; empty where it is one.
    samples
        Analyses of tubes with this barcode.
    waiting
        Tubes that wait with it, one of a site.
    said
        Fields of the form of a tube that nobody knows.
    """

    barcode: str
    problem: str
    samples: tuple[SampleRow, ...]
    waiting: tuple[ReceptionRow, ...]
    said: dict[str, str]


def _scanned(laboratory: Laboratory, visitor: Visitor, barcode: str) -> Scan:
    try:
        _WORD.validate_python(barcode)
    except ValidationError:
        problem = "Expected a barcode of at most 200 signs that can be seen. Scan it again."
        return Scan("", problem, (), (), {})
    site = visitor.who.site
    with laboratory.database.reading() as connection:
        found = worklists.page(connection, Sought(site, barcode=barcode), 0, ROWS)
        samples = tuple(sample_rows(connection, found, laboratory, visitor))
        waits = receptions.open_by_barcode(connection, barcode, site)
    waiting = tuple(reception_rows(waits, laboratory.settings.zone))
    return Scan(barcode, "", samples, waiting, {"barcode": barcode})


def _asked(state: str, text: str, number: int) -> Asked:
    """Return what is looked at; a search looks everywhere, unless somebody says where."""
    if state in set(State):
        return Asked(state, frozenset({State(state)}), text, number)
    group = state if state in _GROUPS else ("all" if text else "work")
    return Asked(group, _GROUPS[group][1], text, number)


def _received(
    connection: Connection, laboratory: Laboratory, site: str | None, asked: Asked
) -> list[ReceptionRow]:
    found = receptions.waiting(connection, site, 10 * _MOST_RECEIVED)
    chosen = [each for each in found if holds(each, asked.text)]
    return reception_rows(chosen, laboratory.settings.zone)


def _groups(
    asked: Asked, counts: dict[State, int], received: int
) -> list[tuple[str, int, str, bool]]:
    """Name, number and address of each group, and whether it is the one that is looked at."""
    found = []
    for key, (name, states) in _GROUPS.items():
        number = sum(counts.get(each, 0) for each in states)
        number += received if key in _WITH_RECEIVED else 0
        found.append((name, number, asked.address(state=key, page=1), key == asked.group))
    return found


def _accepted(run: Run) -> Badge:
    badge = verdict_badge(Verdict.PASS if run.accepted else Verdict.REJECT)
    return replace(badge, word="Accepted" if run.accepted else "Not accepted")


def _of_run(id: str, counts: dict[tuple[str, State], int]) -> tuple[int, int]:
    """How many samples of a run there are, and how many of them wait."""
    of_run = {state: number for (run, state), number in counts.items() if run == id}
    return sum(of_run.values()), sum(number for state, number in of_run.items() if state in AT_WORK)
