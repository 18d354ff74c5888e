"""Which instrument and which bead lot a run is of: what is offered, and what was chosen."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import Connection

from service.errors import ServiceError
from service.instruments.instrument import instrument_of
from service.lots.lot import Lot
from service.principal import Principal
from service.store import calibrations
from service.store.label import called
from service.store.versions import INSTRUMENTS, LOTS, Version


class LotNotChosen(ServiceError):
    """It is not clear which lot is meant."""

    code: ClassVar[str] = "LOT_NOT_CHOSEN"
    status: ClassVar[int] = 422

    def __init__(self, *, found: str) -> None:
        super().__init__(
            f"expected the number of one lot, scanned or typed twice alike; found {found}. Look at "
            "the vial, and type it again; a lot that is not known here is entered under Lots."
        )


@dataclass(frozen=True, slots=True)
class InstrumentOffered:
    """An instrument; `lot_id` is of the lot that was used on it last, empty before the first."""

    id: str
    name: str
    lot_id: str


@dataclass(frozen=True, slots=True)
class LotOffered:
    """A lot; `expires` is empty where nobody said it, `used_on` names instruments."""

    id: str
    number: str
    label: str
    expires: str
    expired: bool
    used_on: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be chosen.

    Parameters
    ----------
    instrument_id
        The one that is likely meant, or empty.
    last
        Name of the one that this person ran last; empty where they never did.
    """

    instruments: tuple[InstrumentOffered, ...]
    lots: tuple[LotOffered, ...]
    instrument_id: str
    last: str

    @property
    def lot_id(self) -> str:
        """Lot that was used last on that instrument; empty before the first."""
        of = {each.id: each.lot_id for each in self.instruments}
        return of.get(self.instrument_id, "")

    @property
    def used(self) -> tuple[LotOffered, ...]:
        """Lots that were used last on some instrument: these can be chosen by a press."""
        return tuple(each for each in self.lots if each.used_on)


def offered(connection: Connection, who: Principal, asked: str, today: dt.date) -> Choice:
    """Return what can be chosen.

    Parameters
    ----------
    asked
        Id of the instrument that is asked for; empty: that of this person's last run.
    """
    instruments = tuple(_instrument(connection, each) for each in INSTRUMENTS.all(connection))
    known = [each.id for each in instruments]
    mine = calibrations.newest(connection, created_by=who.name, most=1)
    last = next((each.outcome.instrument[0] for each in mine), "")
    likely = [asked, last]
    if len(known) == 1:
        likely += known
    chosen = next((each for each in likely if each in known), "")
    lots = tuple(_lot(each, instruments, today) for each in LOTS.all(connection))
    name = next((each.name for each in instruments if each.id == last), "")
    return Choice(instruments, lots, chosen, name)


def lot_of(choice: Choice, said: Mapping[str, str]) -> str:
    """Return the id of the lot that a form names: one that was used last, or a number typed twice.

    Raises
    ------
    LotNotChosen
    """
    pressed = said.get("lot_id", "")
    first, again = said.get("lot_number", "").strip(), said.get("lot_again", "").strip()
    typed = {first, again} - {""}
    if pressed:
        of = {each.id: each.lot_id for each in choice.instruments}
        if of.get(said.get("instrument_id", "")) != pressed:
            raise LotNotChosen(found="one that was not used last on this instrument")
        lot = next(each for each in choice.lots if each.id == pressed)
        if not typed <= {lot.number, lot.label}:
            raise LotNotChosen(found=f"lot {lot.number} chosen, and another number typed")
        return pressed
    if first != again:
        raise LotNotChosen(found="two that differ")
    found = [each.id for each in choice.lots if first in {each.number, each.label}]
    if len(found) != 1:
        number = "several of this number" if found else "none of this number"
        raise LotNotChosen(found=number if first else "none")
    return found[0]


def _instrument(connection: Connection, version: Version) -> InstrumentOffered:
    last = next(calibrations.newest(connection, instrument_id=version.id, most=1), None)
    lot_id = "" if last is None else last.outcome.lot[0]
    return InstrumentOffered(version.id, instrument_of(version).name, lot_id)


def _lot(
    version: Version, instruments: tuple[InstrumentOffered, ...], today: dt.date
) -> LotOffered:
    lot = Lot.model_validate(version.content)
    return LotOffered(
        version.id,
        lot.number,
        called(lot.label),
        "" if lot.expires is None else lot.expires.isoformat(),
        lot.expires is not None and lot.expires < today,
        ", ".join(each.name for each in instruments if each.lot_id == version.id),
    )
