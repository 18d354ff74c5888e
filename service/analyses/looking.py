"""An analysis that somebody looked at, before they change it or stand for it."""

from sqlalchemy import Connection

from service.analyses import view
from service.analyses.embargo import hidden_by
from service.analyses.refusals import ResultHidden
from service.laboratory import Laboratory
from service.principal import Principal
from service.store.analysis import Analysis
from service.store.heads import VersionMoved


def at_version(connection: Connection, who: Principal, target: tuple[str, int]) -> Analysis:
    """Return an analysis at its newest version, which is the one that was looked at.

    Parameters
    ----------
    target
        Its id, and the version that was looked at.

    Raises
    ------
    NotFound, VersionMoved
    """
    id_, base = target
    found = view.visible(connection, id_, who)
    if found.version != base:
        raise VersionMoved(kind="analysis", base=base, current=found.version)
    return found


def require_shown(
    connection: Connection, laboratory: Laboratory, who: Principal, found: Analysis
) -> None:
    """Refuse other gates by somebody from whom an embargo hides the result.

    What their gates hold, and that they hold nothing, would tell of the numbers.

    Raises
    ------
    ResultHidden
    """
    if hidden_by(connection, found, laboratory.settings.zone, site=who.site) is not None:
        raise ResultHidden
