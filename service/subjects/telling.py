"""Eligibility as it is told: class and arm to the laboratory, neither to a site or a bedside."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel
from sqlalchemy import Connection

from calibration.finding import Severity
from hladr.trial import Times, Trial, eligibility
from service.analyses.departure import departure_of
from service.analyses.embargo import embargo_of
from service.analyses.release import Status
from service.analyses.standing import standing_of
from service.doors.refusals import Embargoed
from service.finding import ServiceFinding
from service.http.once import Tell
from service.laboratory import Laboratory
from service.moment import now
from service.principal import Principal
from service.store import analyses
from service.store import eligibility as store
from service.store.eligibility import Recorded
from service.store.heads import NotFound
from service.subjects.basis import last_basis, no_class, trial_of
from service.subjects.left import Left


class EligibilityTold(BaseModel):
    """The last record of eligibility; null where nobody made one, and `missing` what it needs.

    To the laboratory `record` is ``hladr.eligibility/1``, with class and arm; to a site it is
    ``hladr.eligibility-bedside/1``, with neither. `version` counts the records of the subject and
    trial; `analysis` is what it rests on.
    """

    id: str | None
    version: int | None
    trial: dict[str, str]
    subject: str
    site: str | None
    analysis: dict[str, Any] | None
    record: dict[str, Any] | None
    missing: list[dict[str, str]]
    findings: list[dict[str, Any]]
    made_at: str | None
    made_by: str | None


def address(subject: str, trial: Trial) -> str:
    """Where the last record of a subject is told."""
    path = f"/api/v1/subjects/{quote(subject, safe='')}/eligibility"
    return f"{path}?trial={quote(trial.name, safe='')}"


def told(
    connection: Connection, laboratory: Laboratory, who: Principal, kept: Recorded
) -> dict[str, Any]:
    """Return a record as it is told to somebody.

    Raises
    ------
    Embargoed
        The result that it rests on is hidden: whether a subject is eligible tells of it.
    """
    require_open(connection, laboratory, kept)
    record = kept.record if who.site is None else kept.bedside
    id_, version = kept.analysis
    return {
        "id": kept.id,
        "version": kept.version,
        "trial": dict(kept.record["trial"]),
        "subject": kept.of.subject,
        "site": kept.of.site,
        "analysis": {"id": id_, "version": version},
        "record": dict(record),
        "missing": list(record["missing"]),
        "findings": [each.to_dict() for each in changed_since(connection, kept)],
        "made_at": kept.made_at,
        "made_by": kept.made_by,
    }


def missing_told(left: Left, trial: Trial) -> dict[str, Any]:
    """Return what is missing as long as there is no record."""
    basis = last_basis(left, trial)
    immune_class = no_class(trial) if basis is None else basis.immune_class
    found = eligibility(trial, {}, immune_class, Times(), assessed_at=now())
    reference = trial.reference
    return {
        "id": None,
        "version": None,
        "trial": {
            "name": reference.name, "version": reference.version, "sha256": reference.sha256,
        },
        "subject": left.subject,
        "site": left.site,
        "analysis": None,
        "record": None,
        "missing": [each.to_dict() for each in found.missing],
        "findings": [],
        "made_at": None,
        "made_by": None,
    }  # fmt: skip


def teller(laboratory: Laboratory, who: Principal) -> Tell:
    """Return what tells somebody a record again, as they may see it now."""

    def tell(connection: Connection, kept: Mapping[str, Any]) -> Mapping[str, Any]:
        found = store.by_id(connection, str(kept["id"]))
        if who.site is not None and found.of.site != who.site:
            raise NotFound(kind="record", id=found.id)
        return told(connection, laboratory, who, found)

    return tell


def require_open(connection: Connection, laboratory: Laboratory, kept: Recorded) -> None:
    """Refuse a record whose result an embargo hides, whoever asks.

    Raises
    ------
    Embargoed
    """
    analysis = analyses.at(connection, *kept.analysis)
    embargo = embargo_of(connection, analysis, laboratory.settings.zone)
    if embargo is not None:
        raise Embargoed(study_id=embargo.study_id)


def changed_since(connection: Connection, kept: Recorded) -> Iterator[ServiceFinding]:
    """What became of the result that a record rests on."""
    id_, version = kept.analysis
    standing = standing_of(connection, analyses.current(connection, id_))
    departure = departure_of(standing)
    sentence = ""
    if departure is None or departure.status is Status.WITHDRAWN:
        sentence = "was withdrawn since"
    elif departure.version != version:
        sentence = f"was replaced by version {departure.version} since"
    elif standing.history.is_doubted(version):
        sentence = "is of a tube that was described as another subject's since"
    if sentence:
        yield ServiceFinding(
            "RESULT_CHANGED_SINCE",
            Severity.WARN,
            f"The result that this record rests on {sentence}. Record the eligibility anew before "
            "anybody relies on it.",
        )
    elif departure is not None and departure.status is Status.PRELIMINARY:
        yield ServiceFinding(
            "RESULT_PRELIMINARY",
            Severity.NOTE,
            "The result that this record rests on is preliminary; it may still change.",
        )


def newest_told(
    connection: Connection, laboratory: Laboratory, who: Principal, left: Left, trial: str
) -> dict[str, Any]:
    """Return the last record of a subject as it is told, or what is missing for one.

    Raises
    ------
    DefinitionUnknown, Embargoed
    """
    found = trial_of(trial)
    kept = store.newest(connection, store.Of(left.subject, left.site, found.name))
    if kept is None:
        return missing_told(left, found)
    return told(connection, laboratory, who, kept)
