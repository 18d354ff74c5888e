"""A tube is noted, described anew, closed, or has become an analysis."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from service.laboratory import Laboratory
from service.principal import Principal
from service.receptions.reception import (
    BarcodeNotTaken,
    NewReception,
    ReceptionChange,
    ReceptionEnded,
    arrival_of,
    visible,
)
from service.store import receptions, studies
from service.store.database import Writing
from service.store.heads import AlreadyThere, VersionMoved
from service.store.receptions import Reception, ReceptionState


def noted(
    writing: Writing, laboratory: Laboratory, who: Principal, wanted: NewReception
) -> Reception:
    """Note a tube that has come.

    Raises
    ------
    NotFound, NotAllowed, AlreadyThere, BarcodeNotTaken
    """
    _check_study(writing.connection, wanted)
    arrival = arrival_of(wanted, who, laboratory.settings.zone, writing.at)
    with _told_of_own(writing.connection, who, wanted.barcode):
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
    NotFound, NotAllowed, VersionMoved, ReceptionEnded, AlreadyThere, BarcodeNotTaken
    """
    before = waiting(writing.connection, who, target)
    _check_study(writing.connection, wanted)
    zone = laboratory.settings.zone
    arrival = arrival_of(wanted, who, zone, before.arrival.received_at)
    with _told_of_own(writing.connection, who, wanted.barcode):
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
    same site, or where one of both is not said to be of any.

    Parameters
    ----------
    tube
        Barcode and site of the analysis.
    """
    barcode, site = tube
    found = None if barcode is None else receptions.open_by_barcode(connection, barcode)
    if found is None:
        return None
    of = found.arrival.site
    return found if of == site or (who.site is None and None in {of, site}) else None


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


@contextmanager
def _told_of_own(connection: Connection, who: Principal, barcode: str) -> Iterator[None]:
    """Tell a site of no tube that waits elsewhere with a barcode."""
    try:
        yield
    except AlreadyThere:
        found = receptions.open_by_barcode(connection, barcode)
        if found is not None and who.site not in {None, found.arrival.site}:
            raise BarcodeNotTaken from None
        raise


def _check_study(connection: Connection, wanted: NewReception) -> None:
    if wanted.study is not None:
        studies.by_id(connection, wanted.study)
