"""``/api/v1/subjects``: a subject over time, and which arm of a trial they may enter."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.responses import Response

from service.analyses.confirming import asked_by, confirmed
from service.canonical import canonical
from service.doors.fhir.routes import MEDIA_TYPE, FhirResponse, Outside
from service.doors.outside import subject_outside
from service.doors.redcap.dictionary import dictionary
from service.http.attempts import TriedPasswords
from service.http.authentication import Analyst, Reader
from service.http.once import Answer, Key, once, shown
from service.http.problem import answers
from service.laboratory import Lab
from service.subjects.basis import trial_of
from service.subjects.course import course_of
from service.subjects.export import exported
from service.subjects.fhir import bundle
from service.subjects.left import left_of
from service.subjects.recording import EligibilityWanted, recorded
from service.subjects.redcap import FORM, fields_of, record
from service.subjects.telling import EligibilityTold, newest_told, teller
from service.texts import Word

PATH = "/api/v1/subjects"
router = APIRouter(tags=["subjects"])
_FHIR: dict[int | str, dict[str, Any]] = {
    200: {"description": "A Bundle of FHIR R4", "content": {MEDIA_TYPE: {"schema": {}}}}
}
_CSV: dict[int | str, dict[str, Any]] = {
    200: {"description": "A data dictionary of REDCap", "content": {"text/csv": {}}}
}
Site = Annotated[
    str | None,
    Query(
        max_length=200,
        description="Whose tubes are meant, where several sites have the same id; empty: those "
        "that name no site.",
    ),
]
TrialName = Annotated[Word, Query(alias="trial", description="Such as immunosep-2025.")]


class TrajectoryTold(BaseModel):
    """A subject over time: schema ``hladr.trajectory/1``, and what the service knows beside it.

    Each point has the `analysis` that it is of, with version and status, the tubes of the
    `same_draw`, and the `codes` of its findings. `hidden` counts what has left and an embargo
    hides; `treatments` are randomisations in studies that are unblinded.
    """

    model_config = {"populate_by_name": True}

    subject: str
    site: str | None
    criterion: dict[str, Any]
    bands: list[float]
    points: list[dict[str, Any]]
    entry: dict[str, Any]
    steps: list[dict[str, Any]]
    since_first: list[dict[str, Any]]
    trend: dict[str, Any] | None
    restoration: list[dict[str, Any]]
    labels: list[dict[str, Any]]
    hidden: int
    treatments: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    verdict: str
    note: str


# A subject's id may hold a slash.
@router.get(
    f"{PATH}/{{subject:path}}/trajectory",
    response_model=TrajectoryTold,
    responses=answers(404, 409),
)
def trajectory(
    subject: Word,
    who: Reader,
    laboratory: Lab,
    criterion: Annotated[Word | None, Query()] = None,
    site: Site = None,
) -> Response:
    """What has left of a subject, compared over time; nothing that an embargo hides."""
    with laboratory.database.reading() as connection:
        left = left_of(connection, laboratory, who, subject, site)
        return shown(Answer(course_of(connection, laboratory, left, criterion).to_dict()))


@router.get(
    f"{PATH}/{{subject:path}}/eligibility/fhir",
    response_class=FhirResponse,
    responses={**answers(404, 409), **_FHIR},
)
def fhir(
    subject: Word,
    who: Reader,
    laboratory: Lab,
    trial: TrialName,
    site: Site = None,
    outside: Outside = False,  # noqa: FBT002
) -> Response:
    """Return the last record of eligibility as a Bundle of FHIR R4, with class and arm."""
    with laboratory.database.reading() as connection:
        found = exported(connection, laboratory, who, (subject, site), trial)
        known = found.kept.of.subject
        if outside:
            known = subject_outside(connection, laboratory, found.leaving.tube) or ""
        return FhirResponse(canonical(bundle(laboratory, found, known, outside=outside)))


@router.get(
    f"{PATH}/{{subject:path}}/eligibility/redcap",
    response_model=dict[str, str],
    responses=answers(404, 409),
)
def redcap(
    subject: Word, who: Reader, laboratory: Lab, trial: TrialName, site: Site = None
) -> Response:
    """Return the last record of eligibility as REDCap takes it, with class and arm."""
    with laboratory.database.reading() as connection:
        found = exported(connection, laboratory, who, (subject, site), trial)
        return shown(Answer(record(connection, laboratory, found)))


@router.get(
    f"{PATH}/{{subject:path}}/eligibility",
    response_model=EligibilityTold,
    responses=answers(404, 409),
)
def eligibility(
    subject: Word, who: Reader, laboratory: Lab, trial: TrialName, site: Site = None
) -> Response:
    """Return the last record of eligibility, or what is missing for one.

    Class and arm are told to the laboratory alone.
    """
    with laboratory.database.reading() as connection:
        left = left_of(connection, laboratory, who, subject, site)
        return shown(Answer(newest_told(connection, laboratory, who, left, trial)))


@router.post(
    f"{PATH}/{{subject:path}}/eligibility",
    status_code=201,
    response_model=EligibilityTold,
    responses=answers(404, 409),
)
def assess(
    subject: Word,
    wanted: EligibilityWanted,
    who: Analyst,
    laboratory: Lab,
    tried: TriedPasswords,
    key: Key = None,
) -> Response:
    """Answer a trial's questions and sign them, with the password again. No lot is drawn."""
    user = confirmed(laboratory, who, tried, wanted)
    return once(
        laboratory,
        asked_by(user, who, key, f"POST {PATH}/{subject}/eligibility", wanted),
        lambda: lambda writing: recorded(writing, laboratory, who, subject, user, wanted),
        teller(laboratory, who),
    )


@router.get("/api/v1/redcap/eligibility.csv", response_model=None, responses={**answers(), **_CSV})
def dictionary_of(who: Reader, trial: TrialName) -> Response:  # noqa: ARG001 - that they may
    """Return the data dictionary of a project that takes records of eligibility."""
    text = dictionary(fields_of(trial_of(trial)), FORM)
    return Response(text, media_type="text/csv; charset=utf-8")
