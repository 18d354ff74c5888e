"""What every call works with: settings, database, files, definitions, and places to measure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from service.archive import Archive
from service.archive.incoming import Incoming
from service.definitions import Definitions
from service.measuring.curves import Curves
from service.measuring.gates_read import GatesRead
from service.measuring.kept import KeptSamples
from service.measuring.turn import Turns
from service.settings import Settings
from service.store.database import Database


@dataclass(frozen=True, slots=True)
class Laboratory:
    """What every call works with."""

    settings: Settings
    database: Database
    archive: Archive
    definitions: Definitions
    curves: Curves
    turns: Turns
    samples: KeptSamples
    gates: GatesRead

    @classmethod
    def of(cls, settings: Settings) -> "Laboratory":
        """Return a laboratory whose database is as it is, see `service.start`."""
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        archive = Archive(settings.data_dir, settings.least_free)
        return cls(
            settings,
            Database(settings.url, settings.writers),
            archive,
            Definitions(settings.definitions_dir),
            Curves(archive),
            Turns(settings.places),
            KeptSamples(settings),
            GatesRead(),
        )


def laboratory_of(request: Request) -> Laboratory:
    """Return the laboratory of an application."""
    laboratory: Laboratory = request.app.state.laboratory
    return laboratory


Lab = Annotated[Laboratory, Depends(laboratory_of)]


def incoming_of(laboratory: Lab) -> Iterator[Incoming]:
    """Give a place for the files of a request; what was not kept is gone when it is answered."""
    incoming = laboratory.archive.incoming()
    try:
        yield incoming
    finally:
        incoming.end()


Coming = Annotated[Incoming, Depends(incoming_of)]
