"""A study as a laboratory registers it."""

import dataclasses
import datetime as dt
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from service.errors import ServiceError
from service.moment import now, written
from service.store.studies import Study
from service.texts import Sentence, Word, ZonedMoment


class RandomisedLater(ServiceError):
    """The time of a randomisation has not come yet."""

    code: ClassVar[str] = "RANDOMISED_LATER"
    status: ClassVar[int] = 422

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            f"expected the time of a randomisation that has taken place, found {found}. Until then "
            "results would not be hidden; correct the time."
        )


def past(moment: str) -> str:
    """Return the time of a randomisation as it is kept.

    Raises
    ------
    RandomisedLater
    """
    at = dt.datetime.fromisoformat(moment)
    if at > now():
        raise RandomisedLater(found=moment)
    return written(at)


class NewStudy(BaseModel):
    """A study, by the name that people know it by.

    Where the ids of its subjects are codes that tell nobody outside who is meant, `coded` is true:
    they leave as they are, and others as pseudonyms.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Word
    coded: bool = False


class StudyRecord(NewStudy):
    """A study; results after randomisation are hidden as long as `unblinded_at` is null."""

    id: str
    created_at: str
    created_by: str
    unblinded_at: str | None
    unblinded_by: str | None


class Studies(BaseModel):
    """All studies."""

    studies: list[StudyRecord]


class Randomised(BaseModel):
    """When a subject was randomised."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    randomised_at: ZonedMoment


class Randomisation(BaseModel):
    """A subject of a study, and when they were randomised, in UTC."""

    study_id: str
    subject: str
    randomised_at: str


class Unblinding(BaseModel):
    """Why the arms of a study may be known."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Sentence


def told(study: Study) -> dict[str, Any]:
    """Return a study as it is answered."""
    return dataclasses.asdict(study)
