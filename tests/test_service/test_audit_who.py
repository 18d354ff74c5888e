"""Who is looked for in the audit: as people write names, and told by their full name."""

import re

import pytest
from browser import signed_in
from laboratory import PASSWORD


@pytest.fixture
def database_url():
    return None


@pytest.fixture
def look(service):
    """Looks as Ada; the sign-in names of who did what is found, and the page."""
    ada = signed_in(service, "ada", "administrator")
    for name, full in (("anna", "Anna Öztürk"), ("annabel", "Mary Ann Lee"), ("zoe", "Zoë Anders")):
        said = {"name": name, "full_name": full, "roles": ["reviewer"], "password": PASSWORD}
        service.post("users", json=said)
        client = service.as_nobody().client
        token = client.post("/api/v1/session", json={"name": name, "password": PASSWORD}).json()
        headers = {"X-CSRF-Token": token["csrf_token"]}
        client.post("/api/v1/instruments", json={"name": f"of {name}"}, headers=headers)

    def looked(who, **more):
        page = ada.client.get("/audit", params={"actor": who, **more}).text
        rows = re.findall(r"<tr>\s*<th[^>]*>\d+</th>(.*?)</tr>", page, re.DOTALL)
        return {re.findall(r"<td>([^< ]*)", row)[1] for row in rows}, page

    return looked


@pytest.mark.parametrize(
    ("who", "found"),
    [
        ("anna", {"anna", "annabel"}), ("Anna", {"anna", "annabel"}), ("ANNAB", {"annabel"}),
        ("ann", {"anna", "annabel"}), ("öz", {"anna"}), ("zoë a", {"zoe"}), ("lee", {"annabel"}),
        ("key:ADM", {"key:administrator"}), ("nna", set()), ("%", set()), ("_nna", set()),
    ],
)  # fmt: skip
def test_somebody_is_found_by_how_their_name_begins(look, who, found):
    assert look(who)[0] == found


def test_people_stand_there_by_their_full_name_and_nobody_is_told(look):
    assert "anna <small>Anna Öztürk</small>" in look("anna")[1]
    assert "Nobody of this name" in look("nobody")[1]
    names, page = look("anna", action="nothing")
    assert names == set()
    assert "Nobody of this name" not in page


def test_programs_are_answered_by_the_whole_name_alone(service, look):
    assert look("anna")[0]
    for who, number in (("ann", 0), ("Anna", 0), ("anna", 1)):
        assert bool(service.get("audit", params={"actor": who})["entries"]) == bool(number)
