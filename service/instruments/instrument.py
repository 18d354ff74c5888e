"""An instrument as a laboratory describes it."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from service.store.versions import Version
from service.texts import Sentence, Word


class Instrument(BaseModel):
    """A cytometer.

    `cytometer` and `serial` are what its files say ($CYT, $CYTSN); `preparation` is how blood is
    prepared for it unless a tube says otherwise.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Word
    cytometer: Word | None = None
    serial: Word | None = None
    site: Word | None = None
    preparation: Word | None = None
    note: Sentence | None = None


class InstrumentChange(Instrument):
    """An instrument as it is from now on, and why."""

    reason: Sentence


class InstrumentVersion(Instrument):
    """An instrument at one of its versions."""

    id: str
    version: int
    made_at: str
    made_by: str
    reason: str | None


class Instruments(BaseModel):
    """All instruments."""

    instruments: list[InstrumentVersion]


def instrument_of(version: Version) -> Instrument:
    """Return what was kept."""
    return Instrument.model_validate(version.content)


def told(version: Version) -> dict[str, Any]:
    """Return a version as it is answered."""
    return {
        **version.content,
        "id": version.id,
        "version": version.version,
        "made_at": version.made_at,
        "made_by": version.made_by,
        "reason": version.reason,
    }
