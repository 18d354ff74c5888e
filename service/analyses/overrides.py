"""What each person decided in spite of findings, as the one who asks may see it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from service.analyses.embargo import hidden_by
from service.analyses.summary import flags_of
from service.laboratory import Laboratory
from service.principal import Principal
from service.store import analyses, overrides
from service.store.overrides import Decision, Way


@dataclass(frozen=True, slots=True)
class Override:
    """Decisions of a person.

    Parameters
    ----------
    codes
        Of the findings, and how often each was decided on.
    analyses
        Their ids, the last that was decided on first.
    """

    name: str
    full_name: str
    answers: int
    comments: int
    codes: Mapping[str, int]
    analyses: tuple[str, ...]


def overrides_since(
    connection: Connection, moment: str, laboratory: Laboratory, who: Principal
) -> list[Override]:
    """Return who answered for findings that block, or commented on those that warn.

    Who did so most stands first. A comment where nothing warned is none on a finding.
    """
    by_name: dict[str, list[tuple[Decision, tuple[str, ...]]]] = {}
    for each in overrides.since(connection, moment, who.site):
        codes = _codes(connection, each, laboratory, who)
        if codes:
            by_name.setdefault(each.name, []).append((each, codes))
    found = [_override(each) for each in by_name.values()]
    return sorted(found, key=lambda each: (-each.answers - each.comments, each.name))


def _override(decided: list[tuple[Decision, tuple[str, ...]]]) -> Override:
    ways = Counter(each.way for each, _ in decided)
    codes = Counter(code for _, said in decided for code in said)
    last = decided[0][0]
    return Override(
        last.name,
        last.full_name,
        ways[Way.ANSWER],
        ways[Way.COMMENT],
        dict(codes.most_common()),
        _once(each.analysis_id for each, _ in decided),
    )


def _codes(
    connection: Connection, decision: Decision, laboratory: Laboratory, who: Principal
) -> tuple[str, ...]:
    """Codes that a decision was about; those of a result that is hidden are not told."""
    if decision.finding is not None:
        return (decision.finding,)
    found = analyses.at(connection, decision.analysis_id, decision.version)
    hider = hidden_by(connection, found, laboratory.settings.zone, site=who.site)
    return flags_of(found, None if hider is not None else found.outcome.result)


def _once(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))
