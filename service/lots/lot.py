"""A bead lot as a laboratory enters it from the flyer."""

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from calibration.lot import MOST_LEVELS, PE_MOLECULES, BeadLot
from service.store.label import BETWEEN, UNSAID
from service.store.versions import Version
from service.texts import Sentence, Word

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _written_day(value: object) -> object:
    """Refuse the numbers that pydantic would take for seconds since 1970."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("expected a day such as 2027-05-31")
    return value


Day = Annotated[dt.date, BeforeValidator(_written_day)]
Level = Annotated[float, Field(strict=True, allow_inf_nan=False)] | None


class Lot(BaseModel):
    """A bead lot.

    `assigned` are the values of its levels, dimmest first, null for a level without one;
    `expires` is the last day it may be used.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    maker: Word | None = None
    product: Word | None = None
    number: Word
    expires: Day | None = None
    unit: Literal["PE molecules"] = PE_MOLECULES
    assigned: Annotated[tuple[Level, ...], Field(min_length=2, max_length=MOST_LEVELS)]

    @property
    def label(self) -> str:
        """By what it is told from others: maker, product, number, ``?`` for what is not said."""
        return BETWEEN.join((self.maker or UNSAID, self.product or UNSAID, self.number))


class LotChange(Lot):
    """A lot as it is from now on, and why."""

    reason: Sentence


class LotVersion(Lot):
    """A lot at one of its versions; `sha256` as results name it."""

    id: str
    version: int
    sha256: str
    made_at: str
    made_by: str
    reason: str | None


class Lots(BaseModel):
    """All lots."""

    lots: list[LotVersion]


class Outdated(BaseModel):
    """Analyses whose newest version rests on an older version of a lot, oldest first.

    `more`: there are others.
    """

    lot_id: str
    lot_version: int
    analyses: list[str]
    more: bool


def bead_lot(lot: Lot) -> BeadLot:
    """Return a lot as beads are calibrated by it.

    Raises
    ------
    InvalidLot
    """
    return BeadLot(lot.assigned, lot.maker, lot.product, lot.number, lot.expires, lot.unit)


def bead_lot_of(version: Version) -> BeadLot:
    """Return what was kept, as beads are calibrated by it."""
    return bead_lot(Lot.model_validate(version.content))


def told(version: Version) -> dict[str, Any]:
    """Return a version as it is answered."""
    return {
        **version.content,
        "id": version.id,
        "version": version.version,
        "sha256": bead_lot_of(version).sha256,
        "made_at": version.made_at,
        "made_by": version.made_by,
        "reason": version.reason,
    }
