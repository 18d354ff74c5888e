"""An analysis as it is kept: a tube of blood, and what was said about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from service.store.calibration import Made


class State(StrEnum):
    """Where the newest version of an analysis is.

    ├── OPEN         nobody has signed it
    ├── PRELIMINARY  one person released it for the time being
    ├── PERFORMED    signed by who did it, waits for a reviewer
    ├── FINAL        signed by all who must
    ├── REJECTED     signed: no number is given
    └── NO_RESULT    there is nothing to measure, and the reason is the result
    """

    OPEN = "open"
    PRELIMINARY = "preliminary"
    PERFORMED = "performed"
    FINAL = "final"
    REJECTED = "rejected"
    NO_RESULT = "no_result"


class Cause(StrEnum):
    """Why there is a version."""

    ANALYSED = "analysed"
    GATED = "gated"
    CONTEXT = "context"
    RECALCULATED = "recalculated"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was said about a tube, and all it rests on.

    Parameters
    ----------
    cause
        Why it was said.
    calibration
        Id and version; None where nothing was measured.
    gates_sha256, population
        Gates drawn by hand and which of them holds the monocytes; None: the automatic gate.
    assay_sha256, criterion_sha256
        Of the definitions.
    tube
        What the laboratory says about the tube, see `service.analyses.tube`.
    result
        Object of schema ``hladr.result/1``; None where nothing was measured.
    findings
        Of the service, beside those of the result: `code`, `severity`, `message`, `blocks` each.
    """

    cause: Cause
    calibration: tuple[str, int] | None
    gates_sha256: str | None
    population: str | None
    assay_sha256: str | None
    criterion_sha256: str | None
    tube: Mapping[str, Any]
    result: Mapping[str, Any] | None
    findings: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class TubeHead:
    """Who a tube is of, as far as lists ask for it.

    Parameters
    ----------
    file
        SHA-256 and name; None where there is none.
    kind
        ``patient`` or ``control``.
    related_to, relation
        Another analysis, of which this is a ``duplicate`` or a ``reacquisition``.
    barcode
        Of the tube; None where nobody said it.
    """

    file: tuple[str, str] | None
    kind: str
    subject: str | None
    study_id: str | None
    site: str | None
    related_to: str | None
    relation: str | None
    barcode: str | None


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose blood a tube is said to be; `subject` as `service.store.studies.plain` writes it."""

    kind: str
    subject: str

    def is_of_another(self, now: "Whose") -> bool:
        """Whether a patient was told of what is another's now, or nobody's."""
        return self.kind == "patient" and self != now


@dataclass(frozen=True, slots=True)
class VersionSaid:
    """What was said of a version: the verdict of the software, None where nothing was measured."""

    verdict: str | None
    whose: Whose


@dataclass(frozen=True, slots=True)
class Analysis:
    """An analysis at one of its versions.

    Parameters
    ----------
    version
        The one it is looked at; `newest` is the last there is.
    state
        Of the newest version.
    """

    id: str
    version: int
    newest: int
    state: State
    tube: TubeHead
    created_at: str
    created_by: str
    made: Made
    outcome: Outcome

    @property
    def verdict(self) -> str | None:
        """Verdict of the software; None where nothing was measured."""
        return None if self.outcome.result is None else str(self.outcome.result["verdict"])
