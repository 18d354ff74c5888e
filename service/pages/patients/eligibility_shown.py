"""What the page of an eligibility shows: the last record, what is missing, and the questions."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from hladr.criterion import format_abc, load_criterion
from hladr.criterion.definition import Quantity
from hladr.report.page import Fact
from hladr.trial import available_trials
from service.doors.report.printed import of_draw
from service.laboratory import Laboratory
from service.pages.managing.answered import clock
from service.pages.managing.filled import Filled
from service.pages.page import page
from service.pages.patients import words
from service.pages.patients.address import address_of, eligibility_of
from service.pages.patients.course import not_found
from service.pages.refusal import REFUSALS, status_of
from service.pages.visitor import Visitor
from service.pages.when import said_time
from service.principal import Scope
from service.store.heads import NotFound
from service.subjects.basis import trial_of
from service.subjects.left import Left, left_of
from service.subjects.recording import questions_of
from service.subjects.refusals import SubjectAtSeveralSites
from service.subjects.telling import newest_told

TIMES: Final = ("sepsis_classified_at", "first_dose_at")
"""Fields of the form that say a time."""
_NOT_SAID: Final = "not said"


@dataclass(frozen=True, slots=True)
class EligibilityOf:
    """Whose eligibility, and for which trial; `site` as an address says it."""

    subject: str
    trial: str
    site: str | None


def eligibility_page(
    visitor: Visitor, laboratory: Laboratory, of: EligibilityOf, form: Filled
) -> Response:
    """Return the page, with what was typed where a form was refused."""
    told: dict[str, Any] | None = None
    try:
        with laboratory.database.reading() as connection:
            left = left_of(connection, laboratory, visitor.who, of.subject, of.site)
            told = newest_told(connection, laboratory, visitor.who, left, of.trial)
    except (NotFound, SubjectAtSeveralSites) as error:
        return not_found(visitor, of.subject, error)
    except REFUSALS as error:
        form = form.told(str(error), {}, status_of(error))
    said = {
        **_whose(left, of.trial),
        **_recorded(visitor, laboratory, told),
        **_asked(visitor, laboratory, left, of.trial if told is not None else None),
        "form": form,
        "once": secrets.token_hex(16),
    }
    return page("eligibility.html", visitor, form.status, **said)


def _whose(left: Left, trial: str) -> dict[str, Any]:
    known = left.site or ""
    return {
        "subject": left.subject,
        "site": left.site,
        "trial": trial,
        "trials": [
            (each, eligibility_of(left.subject, each, known)) for each in available_trials()
        ],
        "patient": address_of(left.subject, known),
        "address": eligibility_of(left.subject, trial, known),
        "exports": _exports(left.subject, trial, known),
    }


def _recorded(
    visitor: Visitor, laboratory: Laboratory, told: Mapping[str, Any] | None
) -> dict[str, Any]:
    record = None if told is None else told["record"]
    is_whole = visitor.who.site is None
    return {
        "told": told,
        "record": record,
        "badge_of": words.outcome_badge,
        "findings": () if told is None else words.shown(told["findings"]),
        "at": clock(laboratory),
        "is_whole": is_whole,
        "inputs": tuple(_inputs(record, laboratory)) if record is not None and is_whole else (),
    }


def _inputs(record: Mapping[str, Any], laboratory: Laboratory) -> Iterator[Fact]:
    """Both numbers and all four times, as they were known when it was signed."""
    class_, zone = record["classification"], laboratory.settings.zone
    abc, ferritin = class_["hla_dr"]["abc"], class_["ferritin"]["ng_ml"]
    cutoffs = load_criterion(record["criterion"]["name"]).cutoffs(Quantity.ABC)
    numbers = (
        ("HLA-DR", "" if abc is None else f"{format_abc(abc, cutoffs)} AB/c", "hla_dr"),
        ("Ferritin", "" if ferritin is None else f"{ferritin} ng/mL", "ferritin"),
    )
    for name, number, key in numbers:
        drawn = said_time(class_[key]["drawn_at"], zone) or _NOT_SAID
        yield Fact(name, f"{number}, drawn {drawn}" if number else "none")
    times = record["times"]
    for name, key in (("Sepsis classified", TIMES[0]), ("First dose", TIMES[1])):
        yield Fact(name, said_time(times[key], zone) or _NOT_SAID)


def _asked(
    visitor: Visitor, laboratory: Laboratory, left: Left, trial: str | None
) -> dict[str, Any]:
    """The form; without questions where nothing may be told."""
    zone = laboratory.settings.zone
    return {
        "results": [(each.id, of_draw(each, zone)) for each in left.leavings],
        "questions": () if trial is None else questions_of(trial_of(trial)),
        "works": trial is not None and visitor.may(Scope.ANALYSE),
    }


def _exports(subject: str, trial: str, site: str) -> list[tuple[str, str]]:
    """Where programs get the record; of the laboratory alone."""
    path, _, query = eligibility_of(subject, trial, site).partition("?")
    call = f"/api/v1/subjects{path.removeprefix('/patients')}"
    formats = (("JSON", ""), ("FHIR", "/fhir"), ("REDCap", "/redcap"))
    return [(name, f"{call}{end}?{query}") for name, end in formats]
