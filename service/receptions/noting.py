"""A tube is noted, described anew, closed, or has become an analysis."""

from sqlalchemy import Connection

from service.laboratory import Laboratory
from service.principal import Principal
from service.receptions.reception import (
    BarcodeAmbiguous,
    NewReception,
    ReceptionChange,
    ReceptionEnded,
    arrival_of,
    visible,
)
from service.store import receptions, studies
from service.store.database import Writing
from service.store.heads import VersionMoved
from service.store.reception import Reception, ReceptionState


def noted(
    writing: Writing, laboratory: Laboratory, who: Principal, wanted: NewReception
) -> Reception:
    """Note a tube that has come.

    Raises
    ------
    NotFound, NotAllowed, DrawnLater, AlreadyThere
    """
    _check_study(writing.connection, wanted)
    arrival = arrival_of(wanted, who, laboratory.settings.zone, writing.at)
    return receptions.add(writing, arrival)


def described(
    writing: Writing,
    laboratory: Laboratory,
    who: Principal,
    target: tuple[str, int],
    wanted: ReceptionChange,
) -> Reception:
    """Describe a tube that waits anew.

    Raises
    ------
    NotFound, NotAllowed, DrawnLater, VersionMoved, ReceptionEnded, AlreadyThere
    """
    before = waiting(writing.connection, who, target)
    _check_study(writing.connection, wanted)
    zone = laboratory.settings.zone
    arrival = arrival_of(wanted, who, zone, before.arrival.received_at)
    return receptions.change(writing, target, arrival, wanted.reason)


def closed(writing: Writing, who: Principal, target: tuple[str, int], reason: str) -> Reception:
    """Note that a tube that waits will not be measured.

    Raises
    ------
    NotFound, VersionMoved, ReceptionEnded
    """
    waiting(writing.connection, who, target)
    return receptions.close(writing, target, reason)


def awaited(
    connection: Connection, who: Principal, tube: tuple[str | None, str | None]
) -> Reception | None:
    """Return the tube that waits for an analysis; None without one.

    A site's analysis ends what the site has noted alone; the laboratory's ends what is of the
    same site, or else the one where either of both is not said to be of any.

    Parameters
    ----------
    tube
        Barcode and site of the analysis.

    Raises
    ------
    BarcodeAmbiguous
        The laboratory does not say of which of several sites it is.
    """
    barcode, site = tube
    if barcode is None:
        return None
    waits = receptions.open_by_barcode(connection, barcode, who.site)
    found = {each.arrival.site: each for each in waits}
    if site in found or who.site is not None:
        return found.get(site)
    if site is not None:
        return found.get(None)
    if len(found) > 1:
        raise BarcodeAmbiguous(sites=sorted(filter(None, found)))
    return next(iter(found.values()), None)


def waiting(connection: Connection, who: Principal, target: tuple[str, int]) -> Reception:
    """Return a tube that waits, at the version that was looked at.

    Raises
    ------
    NotFound, VersionMoved, ReceptionEnded
    """
    id_, base = target
    found = visible(connection, id_, who)
    if found.version != base:
        raise VersionMoved(kind="reception", base=base, current=found.version)
    if found.state is not ReceptionState.OPEN:
        raise ReceptionEnded(state=found.state)
    return found


def _check_study(connection: Connection, wanted: NewReception) -> None:
    if wanted.study is not None:
        studies.by_id(connection, wanted.study)
