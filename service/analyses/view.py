"""An analysis as it is answered: what the one who asks may see of it."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection

from service.analyses.embargo import embargo_of, is_hidden, require_site
from service.analyses.release import release_of, unanswered
from service.analyses.replicates import Replicates
from service.laboratory import Laboratory
from service.principal import Principal
from service.store import analyses, signatures
from service.store.analyses import Analysis
from service.store.signatures import Said


class AnalysisTold(BaseModel):
    """An analysis at one of its versions.

    `result` is the object ``hladr.result/1``; null where nothing was measured, or where an
    embargo hides it. `findings` are the service's, `verdict` the worst of both. `release` is
    what has left the laboratory last.
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


def told(
    connection: Connection, analysis: Analysis, laboratory: Laboratory, who: Principal
) -> dict[str, Any]:
    """Return an analysis as it is answered to somebody."""
    embargo = embargo_of(connection, analysis, laboratory.settings.zone)
    hidden = is_hidden(who, embargo)
    said = signatures.said_of(connection, analysis.id)
    outcome = analysis.outcome
    return {
        "id": analysis.id,
        "version": analysis.version,
        "newest_version": analysis.newest,
        "state": analysis.state,
        "verdict": None if hidden else worst(analysis),
        "tube": dict(outcome.tube),
        "file": _file(analysis),
        "calibration": _calibration(analysis),
        "gates_sha256": outcome.gates_sha256,
        "result": None if hidden else outcome.result,
        "findings": [dict(each) for each in outcome.findings],
        "open_findings": list(unanswered(analysis, said)),
        **_said(analysis.version, said),
        "release": _release(connection, analysis, said),
        "replicates": None if hidden else _replicates(connection, analysis, laboratory),
        "embargo": None if embargo is None else {"study": embargo.study_id},
        "cause": outcome.cause,
        "created_at": analysis.created_at,
        "created_by": analysis.created_by,
        "made_at": analysis.made.at,
        "made_by": analysis.made.by,
        "reason": analysis.made.reason,
    }


def worst(analysis: Analysis) -> str | None:
    """Return the verdict of the result and of the service's findings together."""
    verdict = analysis.verdict
    if verdict == "pass" and any(each["severity"] == "warn" for each in analysis.outcome.findings):
        return "review"
    return verdict


def _file(analysis: Analysis) -> dict[str, str] | None:
    if analysis.tube.file is None:
        return None
    sha256, name = analysis.tube.file
    return {"name": name, "sha256": sha256}


def _calibration(analysis: Analysis) -> dict[str, Any] | None:
    used = analysis.outcome.calibration
    return None if used is None else {"id": used[0], "version": used[1]}


def _said(version: int, said: Said) -> dict[str, Any]:
    answered = said.answered(version).values()
    return {
        "answers": [
            {"finding": each.finding, "answer": each.answer, "at": each.at, "by": each.by}
            for each in answered
        ],
        "signatures": [
            {
                "version": each.version,
                "meaning": each.meaning,
                "name": each.user_name,
                "full_name": each.full_name,
                "at": each.at,
                "comment": each.comment,
            }
            for each in said.signatures
        ],
        "notices": [
            {
                "version": each.version,
                "told": each.told,
                "told_at": each.told_at,
                "read_back": each.read_back,
                "by": each.by,
            }
            for each in said.notices
        ],
    }


def _release(connection: Connection, analysis: Analysis, said: Said) -> Mapping[str, Any] | None:
    if not said.signatures:
        return None
    release = release_of(said, analyses.verdicts(connection, analysis.id))
    if release is None:
        return None
    return {"version": release.version, "status": release.status, "replaces": release.replaces}


def _replicates(
    connection: Connection, analysis: Analysis, laboratory: Laboratory
) -> dict[str, Any] | None:
    """Numbers of the tubes of one draw, as far as they may be used."""
    tubes = analyses.related(connection, analysis.tube.related_to or analysis.id)
    if len(tubes) < 2:
        return None
    numbers = [
        each.outcome.result["hla_dr"]["abc"]
        for each in tubes
        if each.outcome.result is not None and each.outcome.result["hla_dr"] is not None
    ]
    found = Replicates.of(numbers, laboratory.settings.repeatability)
    ids = {"analyses": [each.id for each in tubes]}
    return ids if found is None else {**ids, **found.to_dict()}
