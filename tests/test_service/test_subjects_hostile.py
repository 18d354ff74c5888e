"""Hostile ids of subjects in paths, JSON, exports, pages and drawings of a subject."""

import json
from urllib.parse import quote

import pytest
from hostile_texts import ALL, MARKER, elements
from laboratory import PASSWORD
from ward import LOW, TRIAL, address_of, opened

each_text = pytest.mark.parametrize("text", ALL.values(), ids=ALL.keys())
RAW = ("<script>alert", "<img", "<svg onload", "onmouseover='alert", "javascript:")


@pytest.fixture(scope="module")
def ward(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("ward")) as found:
        found.anna = found.service.as_nobody()
        found.anna.post("session", 200, json={"name": "anna", "password": PASSWORD})
        found.subject = _of(found, "PT-HARMLESS")
        found.harmless = {page: set(elements(found.anna.call("GET", page).text))
                          for page in _pages("PT-HARMLESS")}  # fmt: skip
        yield found


def _of(ward, subject):
    ward.draw(subject, 1, LOW, "900", named="", preparation=subject[:200], site=subject[:200])
    ward.without(subject, 3, ferritin_ng_ml="700", visit=subject[:200], site=subject[:200])
    ward.assess(subject)
    return subject


def _pages(subject):
    address = address_of(subject)
    return [f"/patients/{address}", f"/patients/{address}/eligibility"]


@each_text
def test_an_id_of_a_subject_is_a_text_everywhere_or_is_refused(ward, text):
    address = address_of(text)
    calls = [f"{address}/trajectory"]
    calls += [f"{address}/eligibility{end}?trial={TRIAL.name}" for end in ("", "/fhir", "/redcap")]
    is_id = text.isprintable() and len(text) <= 200
    if is_id:
        _of(ward, text)
    for call in calls:
        answer = ward.service.call("GET", f"/api/v1/subjects/{call}")
        assert answer.status_code == 200 if is_id else answer.status_code in {404, 422}, answer.text
        told = json.loads(answer.content)
        answer.content.decode("ascii")
        if is_id and "subject" in told:
            assert told["subject"] == text.strip()
    for page, plain in zip(_pages(text), ward.harmless.values(), strict=True):
        answer = ward.anna.call("GET", page)
        assert answer.status_code == (200 if is_id else 404)
        assert not [each for each in RAW if each in answer.text]
        assert "style=" not in answer.text.partition("<svg")[2].partition("</svg>")[0]
        if is_id:
            assert MARKER in answer.text
            assert set(elements(answer.text)) <= plain
            assert f"/patients/{quote(text.strip(), safe='')}" in answer.text


@each_text
def test_a_hostile_text_is_looked_for_and_found_nowhere(ward, text):
    sent = text.encode("utf-8", "replace").decode()
    answer = ward.anna.call("GET", "/patients", params={"subject": f"{sent}?"})
    assert answer.status_code in {200, 303, 404, 422}
    assert not [each for each in RAW if each in answer.text]
    of = "subjects/PT-HARMLESS"
    for path, asked in (
        (f"{of}/trajectory", {"criterion": sent}),
        (f"{of}/trajectory", {"site": sent}),
        (f"{of}/eligibility", {"trial": sent}),
        (f"{of}/eligibility", {"trial": TRIAL.name, "site": sent}),
    ):
        answer = ward.service.call("GET", path, params=asked)
        assert answer.status_code in {400, 404, 422}, (asked, answer.text)
        json.loads(answer.content)


@pytest.mark.parametrize("subject", ["..", ".", "x/eligibility", "x/trajectory", "x/y"])
def test_pages_of_awkward_ids_are_found_by_the_form(ward, subject):
    is_id = bool(subject.strip("."))
    if is_id:
        ward.draw(subject, 1, LOW, "900", named="")
    answer = ward.anna.call("GET", "/patients", params={"subject": subject}, follow_redirects=True)
    assert answer.status_code == (200 if is_id else 404)
    assert ("Table of draws" in answer.text) is is_id
