"""A form that was sent without a session is kept, if it is one of ours; it says what it does."""

import html
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


def proof_of(service, name="anna"):
    """What a form has that was made for somebody."""
    return Browser(service).sign_in(name).json()["csrf_token"]


def test_what_is_sent_on_is_named_and_not_sent_by_enter_alone(service):
    service.user("anna", "technician")
    browser = Browser(service)
    said = {"name": "anna", "password": PASSWORD, "next": "/samples/a-b/gates"}
    kept = {f"kept.{name}": value for name, value in GATES.items()} | {"of": proof_of(service)}
    answer = browser.client.post("/sign-in", data={**said, **kept}, headers={"Origin": ORIGIN})
    assert answer.status_code == 200
    assert "Change the gates of a sample" in answer.text
    assert "/samples/a-b/gates</code>" in answer.text
    assert "autofocus" not in answer.text


def resumed(browser, to, sent):
    """The page that offers a form again, to somebody whose session had ended."""
    sent = {"csrf": proof_of(browser.service), **sent}
    answer = Browser(browser.service).client.post(to, data=sent, headers={"Origin": ORIGIN})
    kept = re.findall(r'name="(kept\.[^"]+|of)" value="([^"]*)"', answer.text)
    said = [("name", "anna"), ("password", PASSWORD), ("next", to), *kept]
    fields = {name: [value for key, value in said if key == name] for name, _ in said}
    page = browser.client.post("/sign-in", data=fields, headers={"Origin": ORIGIN}).text
    rows = re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", page)
    return page, [(name, html.unescape(text)) for name, text in rows]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (
            {"gate": "monocytes_by_cd14", "kind": "polygon", "number": "4", "act": "move",
             "axes": "CD14 (PerCP-A), SSC-A", "x": ["10", "", "-3.5"], "y": ["20", "", "1e3"]},
            [("Gate", "Monocytes by CD14"), ("Numbers are of", "CD14 (PerCP-A), SSC-A"),
             ("Vertex 1", "10, 20"), ("Vertex 3", "-3.5, 1e3")],
        ),
        (
            {"gate": "singlets", "kind": "range", "act": "over-7", "x": ["0.8"], "y": [""]},
            [("Gate", "Singlets"), ("On top of", "version 7"), ("Low end", "0.8"),
             ("High end", "open")],
        ),
        ({"act": "again-3", "version": "5"}, [("Gates", "those of version 3")]),
        ({"act": "automatic"}, [("Gates", "the automatic ones")]),
    ],
)  # fmt: skip
def test_of_gates_it_is_said_which_and_to_which_numbers(service, sent, said):
    service.user("anna", "technician")
    assert resumed(Browser(service), "/samples/a-b/gates", sent)[1] == said


def test_what_is_signed_asks_for_the_password_of_whoever_signs(service):
    service.user("anna", "technician")
    sent = {"meaning": "performed_alone", "version": "2", "password": PASSWORD}
    for more, label in (({"form": "sign"}, "Your password, again"),
                        ({"form": "other", "name": "boris"}, "Password of boris")):  # fmt: skip
        page, said = resumed(Browser(service), "/samples/a-b/signatures", sent | more)
        assert {("Signed as", "performed alone"), ("Version", "2")} <= set(said)
        assert f'<label for="password">{label}</label>' in page
        assert page.count('name="password"') == 1
        assert PASSWORD not in page


def test_another_password_is_chosen_on_its_page_and_not_sent_without(service):
    service.user("anna", "technician")
    sent = {"full_name": "Bo", "password": ["a new sentence of words"] * 2}
    page, said = resumed(Browser(service), "/users/a-b", sent)
    assert said == [("Full name", "Bo")]
    assert "<form" not in page
    assert 'href="/users/a-b">Go to its page' in page
    assert "<form" in resumed(Browser(service), "/users/a-b", sent | {"password": ["", ""]})[0]


def test_what_somebody_sent_is_neither_shown_to_another_person_nor_sent_in_their_name(service):
    service.user("anna", "technician")
    service.user("boris", "reviewer")
    to, headers = "/samples/a-b/signatures", {"Origin": ORIGIN}
    sent = {"csrf": proof_of(service), "comment": "as ANNA saw it", "meaning": "reviewed"}
    nobody, boris = Browser(service).client, {"name": "boris", "password": PASSWORD}
    page = nobody.post(to, data=sent, headers=headers).text
    kept = dict(re.findall(r'name="(kept\.[^"]+|of|next)" value="([^"]*)"', page))
    assert kept["kept.comment"] == "as ANNA saw it"
    for of in (kept["of"], "x" * 64, ""):
        way = {**boris, **kept, "of": of, "back": "/samples/a-b"}
        answer = nobody.post("/sign-in", data=way, headers=headers, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/samples/a-b")
    browser = Browser(service)  # in another window of the same browser he has signed in
    browser.sign_in("boris")
    answer = browser.client.post(to, data=sent, headers=headers)
    assert answer.status_code == 403
    assert "ANNA" not in answer.text


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
