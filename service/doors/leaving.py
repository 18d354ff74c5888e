"""What leaves the laboratory of one analysis: the same facts, and no other, for every door."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from service.analyses import view
from service.analyses.departure import Departure, departure_of
from service.analyses.embargo import embargo_of
from service.analyses.refusals import NotReleased
from service.analyses.release import Status
from service.analyses.standing import Standing, standing_of
from service.analyses.tube import Kind, NoResult, Tube, tube_of
from service.definitions import criterion_kept
from service.doors.number import Absence, Absent, Classified, Number
from service.doors.refusals import ControlStays, Embargoed, SubjectDoubted
from service.doors.spared import Others, others_of, spared_findings, spared_of, spared_result
from service.laboratory import Laboratory
from service.principal import Principal
from service.store import analyses, audit
from service.store.audit import Head
from service.store.heads import NotFound
from service.store.signatures import Meaning
from service.told_time import believed


@dataclass(frozen=True, slots=True)
class Leaving:
    """What leaves of an analysis.

    Parameters
    ----------
    standing
        The version that left, with all that people said; what names another subject that the tube
        was once said to be of is left out.
    result
        Schema ``hladr.result/1``, a number that may not be used under ``unreleasable``; None where
        nothing was measured. A name of the file that names another subject is left out.
    classified
        None where nothing was measured.
    ferritin_ng_ml
        As it was told with the tube, whether anything was measured or not; None where it was not.
    of_service
        Findings of the service, without a word about other subjects.
    reason
        Why it replaces what was told before; None for the first.
    anchor
        The last row of the audit that speaks of the analysis.
    others
        Who else the tube was once said to be of.
    """

    departure: Departure
    standing: Standing
    tube: Tube
    result: Mapping[str, Any] | None
    number: Number | Absent
    classified: Classified | None
    ferritin_ng_ml: str | None
    of_service: tuple[Mapping[str, Any], ...]
    reason: str | None
    anchor: Head
    others: Others

    @property
    def id(self) -> str:
        """Of the analysis."""
        return self.standing.analysis.id

    @property
    def status(self) -> Status:
        """As what it is told: a number that was rejected since it left is withdrawn."""
        number = self.number
        withdrawn = isinstance(number, Absent) and number.why is Absence.WITHDRAWN
        return Status.WITHDRAWN if withdrawn else self.departure.status

    @property
    def is_doubted(self) -> bool:
        """Whether the tube is described as another's since, which nobody has signed."""
        return self.standing.history.is_doubted(self.departure.version)

    @property
    def verdict(self) -> str | None:
        """``pass`` or ``review`` of a number; None without one."""
        return self.standing.verdict if isinstance(self.number, Number) else None

    @property
    def of_library(self) -> tuple[Mapping[str, Any], ...]:
        """Findings of the library.

        Without a number those that reject it, for others tell where it was; their sentences may
        name it, and are left out.
        """
        found = () if self.result is None else tuple(self.result["findings"])
        if isinstance(self.number, Number):
            return found
        return tuple({**each, "message": ""} for each in found if each["severity"] == "reject")

    @property
    def findings(self) -> tuple[Mapping[str, Any], ...]:
        """Findings of the library and of the service."""
        return (*self.of_library, *self.of_service)

    @property
    def acquired_at(self) -> str | None:
        """When the blood was measured, as the cytometer says; not by a clock that was never set."""
        return None if self.result is None else believed(self.result["sample"]["acquired_at"])


def leaving(
    connection: Connection, laboratory: Laboratory, id: str, who: Principal | None
) -> Leaving:
    """Return what leaves of an analysis.

    Parameters
    ----------
    who
        Who asks; None: the service itself, which sends it.

    Raises
    ------
    NotFound, NotReleased, Embargoed, SubjectDoubted
    """
    newest = analyses.current(connection, id) if who is None else view.visible(connection, id, who)
    standing = standing_of(connection, newest)
    departure = departure_of(standing)
    if departure is None:
        raise NotReleased
    site = None if who is None else who.site
    found = of_standing(connection, laboratory, standing, departure, site=site)
    if found.is_doubted and departure.status is not Status.WITHDRAWN:
        raise SubjectDoubted
    return found


def at_departure(
    connection: Connection, laboratory: Laboratory, id: str, departure: Departure
) -> Leaving:
    """Return what leaves of an analysis at one of its departures.

    Raises
    ------
    NotFound, Embargoed
    """
    standing = standing_of(connection, analyses.at(connection, id, departure.version))
    return of_standing(connection, laboratory, standing, departure)


def of_standing(
    connection: Connection,
    laboratory: Laboratory,
    standing: Standing,
    departure: Departure,
    *,
    site: str | None = None,
) -> Leaving:
    """Return what leaves of an analysis of which one version is known already.

    Parameters
    ----------
    site
        That it is told to; None: the laboratory.

    Raises
    ------
    NotFound
        What left is of another site.
    Embargoed
    """
    if standing.analysis.version != departure.version:
        at = analyses.at(connection, standing.analysis.id, departure.version)
        standing = standing_of(connection, at)
    analysis = standing.analysis
    if site is not None and analysis.tube.site != site:
        raise NotFound(kind="analysis", id=analysis.id)
    embargo = embargo_of(connection, analysis, laboratory.settings.zone)
    if embargo is not None:
        raise Embargoed(study_id=embargo.study_id)
    others = others_of(connection, standing)
    standing = spared_of(standing, others)
    withdrawn = departure.status is Status.WITHDRAWN
    result = view.usable(connection, standing, withdrawn=withdrawn)
    result = None if result is None else spared_result(result, others)
    tube = tube_of(dict(analysis.outcome.tube))
    return Leaving(
        departure=departure,
        standing=standing,
        tube=tube,
        result=result,
        number=_number(connection, standing, departure, result, others),
        classified=None if result is None else Classified.of(result["classification"]),
        ferritin_ng_ml=tube.ferritin,
        of_service=spared_findings(analysis),
        reason=_reason(standing, departure),
        anchor=audit.last_of(connection, analysis.id),
        others=others,
    )


def require_patient(leaving: Leaving) -> None:
    """See that there is a patient who a message is about.

    Raises
    ------
    ControlStays
    """
    if leaving.tube.kind is not Kind.PATIENT:
        raise ControlStays


def _number(
    connection: Connection,
    standing: Standing,
    departure: Departure,
    result: Mapping[str, Any] | None,
    others: Others,
) -> Number | Absent:
    analysis = standing.analysis
    signed = standing.said.signed(analysis.version)
    rejected = signed.get(Meaning.REJECTED)
    comment = None if rejected is None else rejected.comment
    if departure.status is Status.WITHDRAWN:
        return Absent(Absence.WITHDRAWN, comment)
    if result is None:
        tube = analysis.outcome.tube
        why = Absence[NoResult(tube["outcome"]).name]
        return Absent(why, others.spared_or_none(tube.get("outcome_reason")))
    told = result["hla_dr"]
    if told is None or told["abc"] is None:
        before = standing.history.gave_number(analysis.version)
        return Absent(Absence.WITHDRAWN if before else Absence.REJECTED, comment)
    low, high = told["ci95"]
    criterion = criterion_kept(connection, str(analysis.outcome.criterion_sha256))
    return Number(told["abc"], low, high, told["monocytes"], told["range"], criterion)


def _reason(standing: Standing, departure: Departure) -> str | None:
    if departure.replaces is None:
        return None
    said = standing.said.signed(departure.version)
    rejected = said.get(Meaning.REJECTED)
    if rejected is not None or departure.status is Status.WITHDRAWN:
        return None if rejected is None else rejected.comment
    comments = (each.comment for each in said.values() if each.comment is not None)
    return standing.analysis.made.reason or next(comments, None)
