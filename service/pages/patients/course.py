"""``/patients`` and ``/patients/{subject}``: a patient is found, and seen over time."""

from typing import Annotated

from fastapi import Query
from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response

from service.laboratory import Lab, Laboratory
from service.pages.page import onward, page
from service.pages.patients.address import address_of, is_awkward
from service.pages.patients.shown import page_of
from service.pages.refusal import REFUSALS, Refusal, sentence_of, status_of
from service.pages.route import page_router
from service.pages.visitor import Reading, Visitor
from service.subjects.course import course_of
from service.subjects.left import left_of
from service.subjects.refusals import SubjectAtSeveralSites
from service.subjects.routes import Site
from service.texts import Word

router = page_router()
_WORD: TypeAdapter[str] = TypeAdapter(Word)


@router.get("/patients")
def find(
    visitor: Reading,
    laboratory: Lab,
    subject: Annotated[str, Query(max_length=10_000)] = "",
    site: Site = None,
) -> Response:
    """Show where a patient is found by their id, or lead to them."""
    if not subject.strip():
        return page("patients.html", visitor, subject="", problem="", sites=())
    try:
        known = _WORD.validate_python(subject)
    except ValidationError as error:
        return not_found(visitor, subject, error)
    if is_awkward(known):
        return _shown(visitor, laboratory, known, site, None)
    return onward(address_of(known, site))


@router.get("/patients/{subject:path}")
def over_time(
    subject: Word,
    visitor: Reading,
    laboratory: Lab,
    site: Site = None,
    criterion: Annotated[Word | None, Query()] = None,
) -> Response:
    """Show a patient over time."""
    return _shown(visitor, laboratory, subject, site, criterion)


def _shown(
    visitor: Visitor,
    laboratory: Laboratory,
    subject: str,
    site: str | None,
    criterion: str | None,
) -> Response:
    try:
        with laboratory.database.reading() as connection:
            left = left_of(connection, laboratory, visitor.who, subject, site)
            course = course_of(connection, laboratory, left, criterion)
    except REFUSALS as error:
        return not_found(visitor, subject, error)
    return page("patient.html", visitor, **page_of(course, laboratory.settings.zone))


def not_found(visitor: Visitor, subject: str, error: Refusal) -> Response:
    """Return the form that a patient is found by, with why they were not; the sites, if several."""
    sites: tuple[tuple[str, str], ...] = ()
    if isinstance(error, SubjectAtSeveralSites):
        named = ((each, each or "Tubes that name no site") for each in error.sites)
        sites = tuple((address_of(subject, each), words) for each, words in named)
    said = {"subject": subject, "problem": sentence_of(error), "sites": sites}
    return page("patients.html", visitor, status_of(error), **said)
