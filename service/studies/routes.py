"""``/api/v1/studies``."""

from fastapi import APIRouter
from starlette.responses import Response

from service.http.authentication import Administrator, Manager, Reader
from service.http.once import Answer, Key, asked, once, shown
from service.http.problem import answers
from service.laboratory import Lab
from service.people.of_laboratory import require_laboratory
from service.principal import Scope
from service.store import outgoing, studies
from service.store.database import Writing
from service.studies.study import (
    NewStudy,
    Randomisation,
    Randomised,
    Studies,
    StudyRecord,
    Unblinding,
    past,
    told,
)
from service.texts import Id, Word

PATH = "/api/v1/studies"
router = APIRouter(prefix=PATH, tags=["studies"])


@router.post("", status_code=201, response_model=StudyRecord, responses=answers(409))
def add(study: NewStudy, who: Manager, laboratory: Lab, key: Key = None) -> Response:
    """Register a study."""

    def act(writing: Writing) -> Answer:
        made = studies.add(writing, study.name, coded=study.coded)
        return Answer(told(made), 201, location=f"{PATH}/{made.id}")

    return once(laboratory, asked(who, key, f"POST {PATH}", study), lambda: act)


@router.get("", response_model=Studies, responses=answers())
def every(who: Reader, laboratory: Lab) -> Response:  # noqa: ARG001 - that they may
    """All studies."""
    with laboratory.database.reading() as connection:
        return shown(Answer({"studies": list(map(told, studies.all_studies(connection)))}))


@router.get("/{id}", response_model=StudyRecord, responses=answers(404))
def one(id: Id, who: Reader, laboratory: Lab) -> Response:  # noqa: ARG001
    """A study."""
    with laboratory.database.reading() as connection:
        return shown(Answer(told(studies.by_id(connection, id))))


# A subject's id may hold a slash.
@router.put(
    "/{id}/subjects/{subject:path}", response_model=Randomisation, responses=answers(404, 409)
)
def randomise(
    id: Id, subject: Word, wanted: Randomised, who: Manager, laboratory: Lab, key: Key = None
) -> Response:
    """Note when a subject was randomised; the same time may be noted again, no other."""
    require_laboratory(who, Scope.MANAGE)  # sites are those that it hides results from
    at = past(wanted.randomised_at)

    def act(writing: Writing) -> Answer:
        studies.randomise(writing, studies.by_id(writing.connection, id), subject, at)
        outgoing.look_at_untaken(writing)
        return Answer({"study_id": id, "subject": subject, "randomised_at": at})

    call = f"PUT {PATH}/{id}/subjects/{subject}"
    return once(laboratory, asked(who, key, call, wanted), lambda: act)


@router.post("/{id}/unblinding", response_model=StudyRecord, responses=answers(404, 409))
def unblind(
    id: Id, wanted: Unblinding, who: Administrator, laboratory: Lab, key: Key = None
) -> Response:
    """Let everybody see the results of a study; of one that is unblinded, nothing changes."""
    require_laboratory(who, Scope.ADMINISTER)

    def act(writing: Writing) -> Answer:
        study = studies.by_id(writing.connection, id)
        outgoing.look_again(writing)
        return Answer(told(studies.unblind(writing, study, wanted.reason)))

    return once(laboratory, asked(who, key, f"POST {PATH}/{id}/unblinding", wanted), lambda: act)
