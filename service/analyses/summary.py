"""Analyses in a list: what a row says of each, as the one who looks may see it.

The same rules as in `service.analyses.view`, asked for many analyses at a time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from hladr.criterion.definition import Criterion, Quantity
from hladr.criterion.printing import format_abc
from service.analyses.awaited import Awaited, awaited, may_give
from service.analyses.embargo import hidden_by
from service.analyses.release import Status
from service.analyses.standing import Standing, standings_of
from service.analyses.withheld import withheld
from service.definitions import criterion_kept
from service.laboratory import Laboratory
from service.principal import Principal
from service.store.analysis import Analysis, State
from service.store.signatures import Meaning
from service.store.users import User

_GRAVE = frozenset({"warn", "reject"})


@dataclass(frozen=True, slots=True)
class Number:
    """AB/c with its 95 % interval, as they are printed."""

    abc: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed; what they wrote may hold a number, and is not told in lists."""

    user_id: str
    full_name: str


@dataclass(frozen=True, slots=True)
class Summary:
    """A row of a list.

    Parameters
    ----------
    tube
        What the laboratory says about it.
    hidden
        Whether an embargo hides the result; then there is no number, class or verdict.
    number
        None also where nothing was measured, or the number may not be used.
    label, decisive
        The class by its name, and whether it is decisive; None where there is none.
    flags
        Codes of findings that warn or reject, those of the result among them unless it is hidden.
    open_findings
        Codes of those that block and that nobody has answered for.
    signers
        Who signed its version, by what that says.
    changed_at
        When the newest version was made, or somebody last said something of it.
    released
        What has left the laboratory last; None if nothing has.
    """

    id: str
    version: int
    state: State
    created_at: str
    changed_at: str
    tube: Mapping[str, Any]
    file_name: str | None
    run_id: str | None
    hidden: bool
    verdict: str | None
    number: Number | None
    label: str | None
    decisive: bool | None
    flags: tuple[str, ...]
    open_findings: tuple[str, ...]
    signers: Mapping[Meaning, Signer]
    released: Status | None

    @property
    def awaits(self) -> Awaited:
        """What it waits for."""
        return awaited(self.state, self.verdict, self.open_findings)

    def waits_for(self, user: User) -> bool:
        """Whether somebody may give what it waits for."""
        if self.hidden or user.site not in {None, self.tube.get("site")}:
            return False
        ids = {meaning: each.user_id for meaning, each in self.signers.items()}
        return may_give(self.awaits, user, ids)


def summaries(
    connection: Connection, found: Sequence[Analysis], laboratory: Laboratory, who: Principal
) -> list[Summary]:
    """Return a row for each analysis, all of which the one who looks may know of."""
    zone, criteria = laboratory.settings.zone, dict[str, Criterion]()
    rows = []
    for standing in standings_of(connection, found):
        hider = hidden_by(connection, standing.analysis, zone, site=who.site)
        named = standing.analysis.outcome.criterion_sha256
        if named is not None and named not in criteria:
            criteria[named] = criterion_kept(connection, named)
        criterion = None if hider is not None or named is None else criteria[named]
        rows.append(_summary(standing, criterion, hidden=hider is not None))
    return rows


def _summary(standing: Standing, criterion: Criterion | None, *, hidden: bool) -> Summary:
    analysis, release = standing.analysis, standing.history.release
    result = None if hidden else analysis.outcome.result
    if result is not None and criterion is not None and standing.withheld:
        result = withheld(result, criterion)
    classified = None if result is None else result["classification"]
    used = analysis.outcome.calibration
    return Summary(
        id=analysis.id,
        version=analysis.version,
        state=analysis.state,
        created_at=analysis.created_at,
        changed_at=_changed_at(standing),
        tube=analysis.outcome.tube,
        file_name=None if analysis.tube.file is None else analysis.tube.file[1],
        run_id=None if used is None else used[0],
        hidden=hidden,
        verdict=None if hidden else standing.verdict,
        number=None if result is None or criterion is None else _number(result, criterion),
        label=None if classified is None else str(classified["class"]),
        decisive=None if classified is None else classified["decisive"],
        flags=flags_of(analysis, result),
        open_findings=standing.open_findings,
        signers=_signers(standing),
        released=None if release is None else release.status,
    )


def _number(result: Mapping[str, Any], criterion: Criterion) -> Number | None:
    measured = result["hla_dr"]
    if measured is None:
        return None
    cutoffs = criterion.cutoffs(Quantity.ABC)
    values = (measured["abc"], *measured["ci95"])
    return Number(*(format_abc(value, cutoffs) for value in values))


def flags_of(analysis: Analysis, result: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Codes of what warns or rejects, each once, those that block first."""
    own = sorted(analysis.outcome.findings, key=lambda each: not each["blocks"])
    found = [*own, *(() if result is None else result["findings"])]
    return tuple(dict.fromkeys(str(each["code"]) for each in found if each["severity"] in _GRAVE))


def _signers(standing: Standing) -> dict[Meaning, Signer]:
    signed = standing.said.signed(standing.analysis.version)
    return {meaning: Signer(each.user_id, each.full_name) for meaning, each in signed.items()}


def _changed_at(standing: Standing) -> str:
    said = standing.said
    spoken = [each.at for each in said.signatures] + [each.at for each in said.answers]
    return max([standing.analysis.made.at, *spoken])
