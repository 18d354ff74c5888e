"""``/release``: what waits for whom. Samples are opened from here; nothing is signed here."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection
from starlette.responses import Response

from service.analyses.awaited import AT_WORK, BENCH, Awaited
from service.analyses.overrides import overrides_since
from service.analyses.release import Status
from service.laboratory import Lab
from service.moment import now, written
from service.pages.page import page
from service.pages.route import page_router
from service.pages.sample_rows import SampleRow, sample_rows
from service.pages.states import STATES
from service.pages.visitor import Reading, Visitor
from service.pages.when import present
from service.principal import Role, Scope
from service.store import deliveries, worklists
from service.store.worklists import Sought

router = page_router()
MOST: Final = 200
_DAYS: Final = 30
_MOST_LINKS: Final = 8
_OTHER: Final = "Not known here"
_VERDICTS: Final = {"pass": "Pass", "review": "Review", "reject": "Reject"}


@dataclass(frozen=True, slots=True)
class Section:
    """Samples that wait for the same; `about` says for what, and for whom."""

    key: str
    title: str
    about: str
    rows: Sequence[SampleRow]


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that samples can be chosen by, and how many have it."""

    value: str
    word: str
    number: int


@router.get("/release")
def release_list(visitor: Reading, laboratory: Lab, reason: str = "") -> Response:
    """Show what waits for whom."""
    as_of = present(laboratory.settings.zone)
    site, since = visitor.who.site, now() - dt.timedelta(days=_DAYS)
    with laboratory.database.reading() as connection:
        sought = Sought(site, AT_WORK)
        total = sum(worklists.numbers(connection, sought).values())
        found = worklists.oldest(connection, sought, MOST)
        rows = sample_rows(connection, found, laboratory, visitor)
        decided = overrides_since(connection, written(since), laboratory, visitor.who)
        messages = _messages(connection, visitor)
    chosen = [row for row in rows if reason in {"", *_reasons(row)}]
    return page(
        "release_list.html",
        visitor,
        sections=_sections(chosen, visitor),
        reasons=_all_reasons(rows, reason),
        reason=reason,
        shown=len(chosen),
        number=len(rows),
        more=max(0, total - MOST),
        most=MOST,
        overrides=decided,
        links=_MOST_LINKS,
        days=_DAYS,
        messages=messages,
        as_of=as_of,
    )


def _sections(rows: Sequence[SampleRow], visitor: Visitor) -> list[Section]:
    """Return what waits for what, and whether the one who looks may give it."""
    reviews = Role.REVIEWER in visitor.user.roles
    yours = "you" if BENCH & visitor.user.roles else "a technician or a reviewer"
    reviewed = [row for row in rows if _waits(row) is Awaited.REVIEWED]
    own = [row for row in reviewed if row.summary.waits_for(visitor.user)]
    others = [row for row in reviewed if not row.summary.waits_for(visitor.user)]
    blocked = [row for row in rows if _waits(row) in {Awaited.ANSWER, Awaited.DECISION}]
    performed = [row for row in rows if _waits(row) is Awaited.PERFORMED]
    given = [row for row in rows if row.summary.released is Status.PRELIMINARY]
    review = Section("review", "For you to review", "Others stand for the measurement.", own)
    return [
        *([review] if reviews else []),
        Section("perform", "To be signed as performed", f"Waits for {yours}.", performed),
        Section("blocked", "Blocked", f"A finding has no answer, or the number may not be used. "
                f"Waits for {yours}.", blocked),
        Section("others", "To be reviewed by somebody else",
                "Waits for another reviewer than you." if reviews else "Waits for a reviewer.",
                others),
        Section("preliminary", "Released preliminary",
                "One person stands for a number that has left.", given),
    ]  # fmt: skip


def _waits(row: SampleRow) -> Awaited:
    return row.summary.awaits


def _reasons(row: SampleRow) -> Iterable[str]:
    """What a sample can be chosen by."""
    told = row.summary
    yield f"state:{told.state}"
    if told.verdict is not None:
        yield f"verdict:{told.verdict}"
    for code in dict.fromkeys((*told.flags, *told.open_findings)):
        yield f"finding:{code}"


def _all_reasons(rows: Sequence[SampleRow], chosen: str) -> dict[str, list[Reason]]:
    """Return what there is to choose by, by its kind; what is chosen stays, though none has it."""
    counts = Counter(reason for row in rows for reason in _reasons(row))
    if chosen:
        counts.setdefault(chosen, 0)
    words: dict[str, dict[str, str]] = {
        "state": {str(state): word for state, word in STATES.items()},
        "verdict": _VERDICTS,
        "finding": {},
    }
    kinds: dict[str, list[Reason]] = {"State": [], "Verdict": [], "Finding": [], _OTHER: []}
    for value, number in sorted(counts.items()):
        kind, _, name = value.partition(":")
        word = words[kind].get(name, name) if kind in words else value
        kinds[kind.capitalize() if kind in words else _OTHER].append(Reason(value, word, number))
    return {kind: found for kind, found in kinds.items() if found}


def _messages(connection: Connection, visitor: Visitor) -> dict[tuple[str, str], int]:
    """How many messages have not been taken, for whoever may look after them."""
    if not visitor.who.may(Scope.MANAGE) or visitor.who.site is not None:
        return {}
    return deliveries.untaken(connection)
