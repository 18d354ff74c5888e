"""A tube as it is noted when it comes, and until when it is to be stained."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar, Final

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection

from hladr.context import stain_limit_hours
from service.errors import ServiceError
from service.moment import now, read, written
from service.people.who import NotAllowed
from service.principal import Principal, Scope
from service.receptions.drawn import check_drawn
from service.store import receptions
from service.store.heads import NotFound
from service.store.reception import Arrival, Reception, ReceptionState
from service.texts import Id, Moment, Sentence, Word
from service.told_time import Moment as Instant
from service.told_time import required
from service.told_time import told as told_time

_OF_TUBE: Final = ("subject", "barcode", "drawn_at", "received_at", "tube_type", "site", "visit")


class ReceptionEnded(ServiceError):
    """A tube that does not wait any more is to be described or closed."""

    code: ClassVar[str] = "RECEPTION_ENDED"
    status: ClassVar[int] = 409

    def __init__(self, *, state: ReceptionState) -> None:
        self.state = state
        super().__init__(
            f"expected a tube that waits, found one that is {state}. Describe its analysis anew, "
            "or note the tube again."
        )


class BarcodeAmbiguous(ServiceError):
    """The laboratory measures a tube, and tubes of several sites wait with its barcode."""

    code: ClassVar[str] = "BARCODE_AMBIGUOUS"
    status: ClassVar[int] = 409

    def __init__(self, *, sites: Sequence[str]) -> None:
        self.sites = tuple(sites)
        super().__init__(
            f"expected one tube that waits with this barcode, found one each of "
            f"{', '.join(self.sites)}. Look at the tube, and say of which site it is."
        )


class NewReception(BaseModel):
    """A tube that comes, before it is stained and measured; null: not said.

    Times without a zone are those of the laboratory; `received_at` is now if it is left out.
    `study` is the id of a study.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    barcode: Word
    subject: Word | None = None
    drawn_at: Moment | None = None
    received_at: Moment | None = None
    tube_type: Word | None = None
    site: Word | None = None
    study: Id | None = None
    visit: Word | None = None


class ReceptionChange(NewReception):
    """A tube as it is described from now on, and why."""

    reason: Sentence


class Closing(BaseModel):
    """Why a tube will not be measured."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Sentence


class ReceptionTold(BaseModel):
    """A tube that has come.

    `state` is ``open`` while it waits, ``analysed`` when there is an analysis with its barcode
    (`analysis_id`), ``closed`` when nobody will measure it. `due_at` is the draw and the time that
    blood of this tube type keeps until it is stained, null where either is not known.
    """

    id: str
    version: int
    state: ReceptionState
    barcode: str
    subject: str | None
    drawn_at: str | None
    received_at: str
    due_at: str | None
    tube_type: str | None
    site: str | None
    study: str | None
    visit: str | None
    analysis_id: str | None
    reason: str | None
    created_at: str
    created_by: str
    changed_at: str
    changed_by: str


class ReceptionsTold(BaseModel):
    """Receptions, the oldest first; `next` asks for those that follow, null at the end."""

    receptions: list[ReceptionTold]
    next: str | None


def arrival_of(said: NewReception, who: Principal, zone: dt.tzinfo, at: str) -> Arrival:
    """Return what is kept of a tube that comes.

    Parameters
    ----------
    zone
        Of the laboratory.
    at
        When it came, unless that was said.

    Raises
    ------
    NotAllowed
        It is said to be of another site than that of the one who sends it.
    DrawnLater
    """
    if who.site is not None and said.site not in {None, who.site}:
        raise NotAllowed(scope=Scope.ANALYSE)
    given = said.received_at
    received = read(at) if given is None else required(given, zone)
    check_drawn(said.drawn_at, given or at, zone, now())
    return Arrival(
        barcode=said.barcode,
        subject=said.subject,
        received_at=written(received),
        due_at=due_at(said.drawn_at, said.tube_type, zone),
        drawn_at=said.drawn_at,
        tube_type=said.tube_type,
        site=said.site or who.site,
        study_id=said.study,
        visit=said.visit,
    )


def due_at(drawn_at: str | None, tube_type: str | None, zone: dt.tzinfo) -> str | None:
    """Until when a tube is to be stained; None where the draw, or a limit, is not known.

    Of a draw whose day alone is known nobody can say the hour.
    """
    drawn, hours = told_time(drawn_at, zone), stain_limit_hours(tube_type)
    if not isinstance(drawn, Instant) or hours is None:
        return None
    return written(drawn.at + dt.timedelta(hours=hours))


def visible(connection: Connection, id: str, who: Principal) -> Reception:
    """Return a reception that somebody may know of.

    Raises
    ------
    NotFound
    """
    found = receptions.by_id(connection, id)
    if who.site not in {None, found.arrival.site}:
        raise NotFound(kind="reception", id=id)
    return found


def tube_noted(reception: Reception) -> dict[str, str]:
    """Return what was noted of a tube, as it is said of an analysis."""
    said = {name: getattr(reception.arrival, name) for name in _OF_TUBE}
    said["study"] = reception.arrival.study_id
    return {name: str(value) for name, value in said.items() if value is not None}


def told(reception: Reception) -> dict[str, Any]:
    """Return a reception as it is answered."""
    said = dataclasses.asdict(reception)
    arrival = said.pop("arrival")
    arrival["study"] = arrival.pop("study_id")
    return {**said, **arrival}
