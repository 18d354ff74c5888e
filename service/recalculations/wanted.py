"""Which analyses are to be measured again, and what is to be different."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import Connection

from service.definitions import Definitions
from service.errors import ServiceError
from service.store import outdated, recalculations
from service.store.heads import NotFound
from service.store.versions import LOTS
from service.texts import Id, Sentence, Word

MOST = 20_000


class RecalculationWanted(BaseModel):
    """A recalculation: which analyses, what is to be different, and why.

    One of these chooses them: `lot_id` (those that rest on other values than the lot has now),
    `calibration_id`, `analyses` (ids), `everything`. What a person signed as rejected stays. Each
    is measured with the newest versions of its lot and instrument and by the software as it is
    now; `assay` and `criterion` stay unless they are given. A criterion that is given is said of
    the tube from then on; another assay brings its own where none is said of the tube.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Sentence
    lot_id: Id | None = None
    calibration_id: Id | None = None
    analyses: Annotated[list[Id], Field(min_length=1, max_length=MOST)] | None = None
    everything: bool = False
    assay: Word | None = None
    criterion: Word | None = None

    @model_validator(mode="after")
    def _one_choice(self) -> "RecalculationWanted":
        chosen = [self.lot_id, self.calibration_id, self.analyses, self.everything or None]
        if sum(each is not None for each in chosen) != 1:
            raise ValueError("expected one of lot_id, calibration_id, analyses, everything")
        return self


class TooManyAnalyses(ServiceError):
    """More analyses than one recalculation holds."""

    code: ClassVar[str] = "TOO_MANY_ANALYSES"
    status: ClassVar[int] = 422

    def __init__(self, *, limit: int) -> None:
        self.limit = limit
        super().__init__(
            f"expected at most {limit} analyses in a recalculation, found more. Choose them by "
            "lot, by calibration or by their ids."
        )


def chosen(connection: Connection, wanted: RecalculationWanted) -> list[tuple[str, int]]:
    """Return the analyses that are meant, id and newest version; those that have a number.

    Raises
    ------
    NotFound
        One that is named is not there.
    TooManyAnalyses
    """
    ids = list(dict.fromkeys(_ids(connection, wanted)))
    if len(ids) > MOST:
        raise TooManyAnalyses(limit=MOST)
    found = recalculations.newest_versions(connection, ids)
    for id_ in ids:
        if id_ not in found:
            raise NotFound(kind="analysis", id=id_)
    newest = ((id_, found[id_]) for id_ in ids)
    return [(id_, version) for id_, version in newest if version is not None]


def require_known(known: Definitions, wanted: RecalculationWanted) -> None:
    """See that the assay and the criterion that are asked for are there.

    Raises
    ------
    DefinitionUnknown
    """
    if wanted.assay is not None:
        known.assay(wanted.assay)
    if wanted.criterion is not None:
        known.criterion(wanted.criterion)


def _ids(connection: Connection, wanted: RecalculationWanted) -> list[str]:
    if wanted.analyses is not None:
        return list(wanted.analyses)
    if wanted.lot_id is not None:
        sha256 = LOTS.current(connection, wanted.lot_id).sha256
        return outdated.outdated_by_lot(connection, wanted.lot_id, sha256, MOST + 1)
    if wanted.calibration_id is not None:
        return list(outdated.resting_on_calibration(connection, wanted.calibration_id, MOST + 1))
    return list(outdated.all_measured(connection, MOST + 1))
