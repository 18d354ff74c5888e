"""``/patients/{subject}/eligibility``: a trial's questions, what is missing, and who signed."""

import secrets
from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response

from hladr.trial import available_trials
from service.doors.report.printed import of_draw
from service.http.attempts import TriedPasswords
from service.http.multipart import FormInvalid
from service.laboratory import Lab, Laboratory
from service.pages.form import Form, Posted
from service.pages.managing.answered import clock
from service.pages.managing.filled import Filled
from service.pages.page import onward, page
from service.pages.patients import words
from service.pages.patients.address import address_of, eligibility_of
from service.pages.patients.course import not_found
from service.pages.refusal import REFUSALS, status_of
from service.pages.route import page_router
from service.pages.visitor import AtBench, Reading, Visitor
from service.principal import Scope
from service.store.heads import NotFound
from service.subjects import routes as calls
from service.subjects.basis import trial_of
from service.subjects.left import left_of
from service.subjects.recording import EligibilityMeaning, EligibilityWanted, questions_of
from service.subjects.refusals import SubjectAtSeveralSites
from service.subjects.routes import Site
from service.subjects.telling import newest_told
from service.texts import Word

router = page_router()
_QUESTION = "q-"
_TIMES = ("sepsis_classified_at", "first_dose_at")
TrialAsked = Annotated[Word, Query(alias="trial")]
_FIRST = available_trials()[0]


@router.get("/patients/{subject:path}/eligibility")
def eligibility(
    subject: Word, visitor: Reading, laboratory: Lab, trial: TrialAsked = _FIRST, site: Site = None
) -> Response:
    """Show the last record, what is missing, and the questions."""
    return _shown(visitor, laboratory, subject, trial, site, Filled())


@router.post("/patients/{subject:path}/eligibility")
def assess(
    subject: Word, visitor: AtBench, posted: Form, laboratory: Lab, tried: TriedPasswords
) -> Response:
    """Record what somebody answered and signed."""
    trial, site = posted.text("trial") or _FIRST, posted.fields.get("site", (None,))[-1]
    try:
        wanted = EligibilityWanted.model_validate(_said(posted, trial, site))
        key = posted.text("once")[:200] or None
        calls.assess(subject, wanted, visitor.who, laboratory, tried, key)
    except (NotFound, SubjectAtSeveralSites) as error:
        return not_found(visitor, subject, error)
    except REFUSALS as error:
        form = Filled.of(posted).refused(error)
        return _shown(visitor, laboratory, subject, trial, site, form)
    return onward(eligibility_of(subject, trial, site))


def _said(posted: Posted, trial: str, site: str | None) -> dict[str, Any]:
    password = posted.fields.get("password", ("",))[-1]
    if not password:
        raise FormInvalid(expected="the password of whoever signs", found="none")
    given = {
        name.removeprefix(_QUESTION): posted.text(name)
        for name in posted.fields
        if name.startswith(_QUESTION) and posted.text(name)
    }
    return {
        "trial": trial,
        "site": site,
        "answers": given,
        "analysis_id": posted.text("analysis_id") or None,
        "times": posted.said(*_TIMES),
        "meaning": EligibilityMeaning.ASSESSED,
        "password": password,
    }


def _shown(  # whose, of which trial, with what was typed
    visitor: Visitor,
    laboratory: Laboratory,
    subject: str,
    trial: str,
    site: str | None,
    form: Filled,
) -> Response:
    try:
        with laboratory.database.reading() as connection:
            left = left_of(connection, laboratory, visitor.who, subject, site)
            told = newest_told(connection, laboratory, visitor.who, left, trial)
    except (NotFound, SubjectAtSeveralSites) as error:
        return not_found(visitor, subject, error)
    except REFUSALS as error:
        form = form.told(str(error), {}, status_of(error))
        told = None
    known = left.site or ""
    address = eligibility_of(left.subject, trial, known)
    said = {
        "subject": left.subject,
        "site": left.site,
        "told": told,
        "record": None if told is None else told["record"],
        "badge_of": words.outcome_badge,
        "findings": () if told is None else words.shown(told["findings"]),
        "at": clock(laboratory),
        "is_whole": visitor.who.site is None,
        "trial": trial,
        "trials": [
            (each, eligibility_of(left.subject, each, known)) for each in available_trials()
        ],
        "results": [(each.id, of_draw(each, laboratory.settings.zone)) for each in left.leavings],
        "questions": questions_of(trial_of(trial)) if told is not None else (),
        "works": told is not None and visitor.may(Scope.ANALYSE),
        "patient": address_of(left.subject, known),
        "address": address,
        "exports": _exports(left.subject, trial, known),
        "form": form,
        "once": secrets.token_hex(16),
    }
    return page("eligibility.html", visitor, form.status, **said)


def _exports(subject: str, trial: str, site: str) -> list[tuple[str, str]]:
    """Where programs get the record; of the laboratory alone."""
    path, _, query = eligibility_of(subject, trial, site).partition("?")
    call = f"/api/v1/subjects{path.removeprefix('/patients')}"
    formats = (("JSON", ""), ("FHIR", "/fhir"), ("REDCap", "/redcap"))
    return [(name, f"{call}{end}?{query}") for name, end in formats]
