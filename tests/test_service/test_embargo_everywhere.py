"""Every call and every page that there is, asked by a site for a number that a study hides."""

import re

import pytest
from fastapi.routing import APIRoute
from laboratory import PASSWORD, site_key
from ward import HIGH, LOW, TRIAL, opened

from service.app import _ROUTERS

RANDOMISED = "2026-03-05T08:00:00+00:00"


@pytest.fixture(scope="module")
def ward(tmp_path_factory):
    """A ward with a patient of Athens, of whom a draw before randomisation may be seen."""
    with opened(tmp_path_factory.mktemp("ward")) as found:
        service, subject = found.service, found.patient()
        study = service.post("studies", json={"name": "of Athens"})["id"]
        tube = {"site": "Athens", "study": study}
        found.seen = found.draw(subject, 1, LOW, "900", **tube)
        found.hidden = found.draw(subject, 8, HIGH, "800", **tube)
        path = f"studies/{study}/subjects/{subject}"
        service.put(path, json={"randomised_at": RANDOMISED})
        found.assess(subject)
        found.ids = {
            "subject": subject, "study": study, "instrument": service.get("instruments"),
            "calibration": found.run["id"],
        }  # fmt: skip
        service.user("eleni", "technician", site="Athens")
        eleni = service.as_nobody()
        eleni.post("session", 200, json={"name": "eleni", "password": PASSWORD})
        found.site = (site_key(service, "Athens"), eleni)
        yield found


def addresses(ward, analysis):
    """Where something is shown, of an analysis or of what it is of."""
    instrument = next(iter(ward.ids["instrument"].values()))[0]["id"]
    named = {"studies": ward.ids["study"], "instrument": instrument, "quality": instrument,
             "calibrations": ward.run["id"], "runs": ward.run["id"]}  # fmt: skip
    known = {"subject": ward.ids["subject"], "n": "1", "version": "1"}
    paths = [route.path for module in _ROUTERS for route in module.router.routes
             if isinstance(route, APIRoute) and "GET" in route.methods]  # fmt: skip
    for path in paths:
        of = next((id_ for name, id_ in named.items() if name in path), analysis["id"])
        names = {name: known.get(name, of) for name in re.findall(r"{(\w+)", path)}
        yield re.sub(r":\w+}", "}", path).format_map(names)


def secrets(analysis):
    """What the number and its interval look like, wherever they are told."""
    found = analysis["result"]["hla_dr"]
    numbers = (found["abc"], found["abc_median"], found["mfi"], *found["ci95"])
    looks = [f"{found['abc']:,.0f}", *(str(each)[:7] for each in numbers)]
    rounded = rf"(?<![0-9a-f.]){found['abc']:.0f}(?![0-9a-f])"  # in no hash by chance
    return re.compile("|".join([rounded, *map(re.escape, looks)]))


def told(ward, by, analysis):
    """Every answer to somebody, with its address."""
    asked = {"trial": TRIAL.name, "subject": ward.ids["subject"]}
    for address in addresses(ward, analysis):
        yield address, by.call("GET", address, params=asked)


def test_a_hidden_number_is_in_no_answer_to_a_site(ward):
    for by in ward.site:
        answers = list(told(ward, by, ward.hidden))
        assert sum(answer.status_code == 200 for _, answer in answers) > 12
        for address, answer in answers:
            assert secrets(ward.hidden).search(answer.text) is None, address


def test_those_answers_would_tell_it_if_it_were_not_hidden(ward):
    eleni = ward.site[1]
    where = [
        address
        for address, answer in told(ward, eleni, ward.seen)
        if secrets(ward.seen).search(answer.text)
    ]
    kinds = {"/samples/", "/patients/", "/trajectory", "/report.html", "/fhir", "/redcap", "/hl7"}
    assert {each for each in kinds if any(each in address for address in where)} == kinds
