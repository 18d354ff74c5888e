"""An analysis as it is answered: what the one who asks may see of it."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection

from service.analyses.belonging import findings_for
from service.analyses.embargo import embargo_of, hidden_by, require_site
from service.analyses.release import Release
from service.analyses.replicates import Replicates
from service.analyses.standing import Standing, standing_of
from service.analyses.withheld import withheld
from service.definitions import criterion_kept
from service.http.once import Tell
from service.laboratory import Laboratory
from service.principal import Principal
from service.store import analyses, analysis_lists
from service.store.analysis import Analysis
from service.store.signatures import Said


class AnalysisTold(BaseModel):
    """An analysis at one of its versions.

    `result` is the object ``hladr.result/1``; null where nothing was measured, or where an
    embargo hides it, with all that people wrote of it. The number of a version that was signed as
    rejected stands under ``unreleasable``. `findings` are the service's, `verdict` the worst of
    both. `release` is what has left the laboratory last.
    """

    id: str
    version: int
    newest_version: int
    state: str
    verdict: str | None
    tube: dict[str, Any]
    file: dict[str, str] | None
    calibration: dict[str, Any] | None
    gates_sha256: str | None
    result: dict[str, Any] | None
    findings: list[dict[str, Any]]
    open_findings: list[str]
    answers: list[dict[str, Any]]
    signatures: list[dict[str, Any]]
    notices: list[dict[str, Any]]
    release: dict[str, Any] | None
    replicates: dict[str, Any] | None
    embargo: dict[str, str] | None
    cause: str
    created_at: str
    created_by: str
    made_at: str
    made_by: str
    reason: str | None


class AnalysesTold(BaseModel):
    """Analyses, the oldest first; `next` asks for those that follow, null at the end."""

    analyses: list[AnalysisTold]
    next: str | None


def visible(connection: Connection, id: str, who: Principal) -> Analysis:
    """Return an analysis that somebody may know of, at its newest version.

    Raises
    ------
    NotFound
    """
    found = analyses.current(connection, id)
    require_site(who, found)
    return found


def seen_at(connection: Connection, id: str, version: int, who: Principal) -> Analysis:
    """Return an analysis that somebody may know of, at one of its versions.

    Raises
    ------
    NotFound
    """
    visible(connection, id, who)
    found = analyses.at(connection, id, version)
    require_site(who, found)
    return found


def told(
    connection: Connection, analysis: Analysis, laboratory: Laboratory, who: Principal
) -> dict[str, Any]:
    """Return an analysis as it is answered to somebody."""
    standing = standing_of(connection, analysis)
    analysis = standing.analysis
    embargo = embargo_of(connection, analysis, laboratory.settings.zone)
    hidden = embargo is not None and who.site is not None
    outcome = analysis.outcome
    return {
        "id": analysis.id,
        "version": analysis.version,
        "newest_version": analysis.newest,
        "state": analysis.state,
        "verdict": None if hidden else standing.verdict,
        "tube": dict(outcome.tube),
        "file": _file(analysis),
        "calibration": _calibration(analysis),
        "gates_sha256": outcome.gates_sha256,
        "result": None if hidden else usable(connection, standing),
        "findings": findings_for(connection, analysis, who.site),
        "open_findings": list(standing.open_findings),
        **_said(analysis.version, standing.said, hidden=hidden),
        "release": _release(standing.history.release),
        "replicates": None if hidden else _replicates(connection, analysis, laboratory, who),
        "embargo": None if embargo is None else {"study": embargo.study_id},
        "cause": outcome.cause,
        "created_at": analysis.created_at,
        "created_by": analysis.created_by,
        "made_at": analysis.made.at,
        "made_by": analysis.made.by,
        "reason": None if hidden else analysis.made.reason,
    }


def teller(laboratory: Laboratory, who: Principal) -> Tell:
    """Return what tells somebody a version of an analysis again, as they may see it now."""

    def tell(connection: Connection, kept: Mapping[str, Any]) -> Mapping[str, Any]:
        found = seen_at(connection, str(kept["id"]), int(kept["version"]), who)
        return told(connection, found, laboratory, who)

    return tell


def usable(
    connection: Connection, standing: Standing, *, withdrawn: bool = False
) -> Mapping[str, Any] | None:
    """Return a result as it may be told; None where nothing was measured.

    Parameters
    ----------
    withdrawn
        Whether it is told as one whose number is not given, whatever people said.
    """
    outcome = standing.analysis.outcome
    if outcome.result is None or not (standing.withheld or withdrawn):
        return outcome.result
    criterion = criterion_kept(connection, str(outcome.criterion_sha256))
    return withheld(outcome.result, criterion)


def _file(analysis: Analysis) -> dict[str, str] | None:
    if analysis.tube.file is None:
        return None
    sha256, name = analysis.tube.file
    return {"name": name, "sha256": sha256}


def _calibration(analysis: Analysis) -> dict[str, Any] | None:
    used = analysis.outcome.calibration
    return None if used is None else {"id": used[0], "version": used[1]}


def _said(version: int, said: Said, *, hidden: bool) -> dict[str, Any]:
    """What people said; a comment on a hidden number may hold the number."""
    answered = said.answered(version).values()
    return {
        "answers": [
            {
                "finding": each.finding,
                "answer": None if hidden else each.answer,
                "at": each.at,
                "by": each.by,
            }
            for each in answered
        ],
        "signatures": [
            {
                "version": each.version,
                "meaning": each.meaning,
                "name": each.user_name,
                "full_name": each.full_name,
                "at": each.at,
                "comment": None if hidden else each.comment,
            }
            for each in said.signatures
        ],
        "notices": [
            {
                "version": each.version,
                "told": None if hidden else each.told,
                "told_at": each.told_at,
                "read_back": each.read_back,
                "by": each.by,
            }
            for each in said.notices
        ],
    }


def _release(release: Release | None) -> Mapping[str, Any] | None:
    if release is None:
        return None
    return {"version": release.version, "status": release.status, "replaces": release.replaces}


def _replicates(
    connection: Connection, analysis: Analysis, laboratory: Laboratory, who: Principal
) -> dict[str, Any] | None:
    """Numbers of the tubes of one draw, as far as they may be used, and be seen by who asks."""
    zone, first = laboratory.settings.zone, analysis.tube.related_to or analysis.id
    tubes = [
        each
        for each in analysis_lists.related(connection, first)
        if who.site in {None, each.tube.site}
    ]
    if len(tubes) < 2:
        return None
    numbers = [
        _number(standing_of(connection, each))
        for each in tubes
        if hidden_by(connection, each, zone, site=who.site) is None
    ]
    usable = [number for number in numbers if number is not None]
    found = Replicates.of(usable, laboratory.settings.repeatability)
    ids = {"analyses": [each.id for each in tubes]}
    return ids if found is None else {**ids, **found.to_dict()}


def _number(standing: Standing) -> float | None:
    """AB/c that may be used: nobody rejected it, and no finding that blocks is open."""
    result = standing.analysis.outcome.result
    if result is None or standing.withheld or standing.open_findings or result["hla_dr"] is None:
        return None
    number: float | None = result["hla_dr"]["abc"]
    return number
