"""``/patients/{subject}/eligibility``: a trial's questions, what is missing, and who signed."""

from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response

from hladr.trial import available_trials
from service.http.attempts import TriedPasswords
from service.http.multipart import FormInvalid
from service.laboratory import Lab
from service.pages.form import Form, Posted
from service.pages.managing.filled import Filled
from service.pages.page import onward
from service.pages.patients.address import eligibility_of
from service.pages.patients.course import not_found
from service.pages.patients.eligibility_shown import TIMES, EligibilityOf, eligibility_page
from service.pages.refusal import REFUSALS
from service.pages.route import page_router
from service.pages.visitor import AtBench, Reading
from service.store.heads import NotFound
from service.subjects import routes as calls
from service.subjects.recording import EligibilityMeaning, EligibilityWanted, TimesWanted
from service.subjects.refusals import SubjectAtSeveralSites
from service.subjects.routes import Site
from service.texts import Word

router = page_router()
_QUESTION = "q-"
TrialAsked = Annotated[Word, Query(alias="trial")]
_FIRST = available_trials()[0]


@router.get("/patients/{subject:path}/eligibility")
def eligibility(
    subject: Word, visitor: Reading, laboratory: Lab, trial: TrialAsked = _FIRST, site: Site = None
) -> Response:
    """Show the last record, what is missing, and the questions."""
    return eligibility_page(visitor, laboratory, EligibilityOf(subject, trial, site), Filled())


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
        return eligibility_page(visitor, laboratory, EligibilityOf(subject, trial, site), form)
    return onward(eligibility_of(subject, trial, site))


def _said(posted: Posted, trial: str, site: str | None) -> dict[str, Any]:
    times = TimesWanted.model_validate(posted.said(*TIMES))  # told by its field, if it is none
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
        "times": times,
        "meaning": EligibilityMeaning.ASSESSED,
        "password": password,
    }
