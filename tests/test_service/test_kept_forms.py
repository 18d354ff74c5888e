"""A form that was sent without a session is kept, if it is one of ours; it says what it does."""

import re

import pytest
from browser import ORIGIN, Browser
from laboratory import PASSWORD

from service.pages.doing import doing
from service.pages.every import PAGES

GATES = {"gate": "Monocytes", "x": ["1", "2", "3"], "y": ["1", "2", "1"], "reason": "by others"}


@pytest.fixture
def database_url():
    return None


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ({"Origin": "https://elsewhere.example"}, False),
        ({"Origin": "null"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": ORIGIN}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
    ],
)
def test_a_form_of_another_site_is_not_kept_until_somebody_signs_in(service, headers, kept):
    nobody = service.as_nobody()
    answer = nobody.call("POST", "/samples/a-b/gates", data=GATES, headers=headers)
    assert answer.status_code == 401
    assert ("kept.gate" in answer.text) is kept
    assert ("by others" in answer.text) is kept


@pytest.mark.parametrize("path", ["//elsewhere.example/lots", "//[elsewhere/lots", "/\\e/lots"])
def test_no_way_back_leads_to_another_host(service, path):
    headers = {"Origin": ORIGIN, "Referer": f"{ORIGIN}{path}"}
    answer = service.as_nobody().call("POST", "/receptions", data={"barcode": "B"}, headers=headers)
    assert answer.status_code == 401
    assert 'name="back" value="/"' in answer.text


def test_what_is_sent_on_is_named_and_not_sent_by_enter_alone(service):
    service.user("anna", "technician")
    browser = Browser(service)
    said = {"name": "anna", "password": PASSWORD, "next": "/samples/a-b/gates"}
    kept = {f"kept.{name}": value for name, value in GATES.items()}
    answer = browser.client.post("/sign-in", data={**said, **kept}, headers={"Origin": ORIGIN})
    assert answer.status_code == 200
    assert "Change the gates of a sample" in answer.text
    assert "/samples/a-b/gates</code>" in answer.text
    assert "autofocus" not in answer.text


def test_every_form_of_a_page_says_what_it_does():
    paths = {
        route.path
        for module in PAGES
        for route in module.router.routes
        if "POST" in route.methods and not hasattr(module, "_FORM")
    }
    paths -= {"/sign-in", "/sign-out", "/setup"}
    assert "/samples/{id}/gates" in paths
    unnamed = {path for path in paths if doing(re.sub(r"\{\w+\}", "a-b", path)) == "Send a form"}
    assert unnamed == set()
