"""Whoever makes people signs nothing: the administrator's role stands alone."""

import pytest
from browser import signed_in
from laboratory import PASSWORD, tube_file

from service.people.password import hash_password
from service.principal import Role
from service.store import users

MIXES = [["administrator", "technician"], ["administrator", "reviewer"]]


@pytest.fixture
def database_url():
    return None


def mixed(service, name="max"):
    """Somebody who has had both roles since before."""
    both = frozenset({Role.ADMINISTRATOR, Role.REVIEWER})
    with service.laboratory.database.writing("system") as writing:
        return users.add(
            writing, name=name, full_name="Max", password_hash=hash_password(PASSWORD, name=name),
            roles=both, site=None,
        )  # fmt: skip


@pytest.mark.parametrize("roles", MIXES)
def test_nobody_is_made_or_changed_to_have_both(service, roles):
    said = {"full_name": "Ada", "roles": roles, "password": PASSWORD}
    told = service.post("users", 422, json={"name": "ada", **said})
    assert told["code"] == "ROLES_MIXED"
    assert service.get("users")["users"] == []
    made = service.user("ada", "administrator")
    change = {"full_name": "Ada", "roles": roles, "site": None, "active": True}
    told = service.put(f"users/{made['id']}", 422, json=change, version=1)
    assert told["code"] == "ROLES_MIXED"
    assert service.get(f"users/{made['id']}") == made


def test_the_page_offers_no_role_and_says_why_both_are_refused(service):
    ada = signed_in(service, "ada", "administrator")
    assert " checked" not in ada.client.get("/users/new").text
    said = {"csrf": ada.client.headers["X-CSRF-Token"], "name": "max", "full_name": "Max"}
    both = {**said, "roles": MIXES[0], "password": [PASSWORD, PASSWORD]}
    answer = ada.client.post("/users/new", data=both)
    assert answer.status_code == 422
    assert "expected the administrator" in answer.text.lower()
    assert 'id="roles-wrong"' in answer.text
    assert [each["name"] for each in service.get("users")["users"]] == ["ada"]


def test_who_has_had_both_stays_and_signs_nothing(service):
    run = service.calibration()
    analysis, doubted = service.analyse(run), service.analyse(run, tube_file(_SRC="Z-5"))
    person = mixed(service)
    assert service.sign(analysis, "max", "performed", 403)["code"] == "ADMINISTRATOR_SIGNS"
    assert service.sign(analysis, "max", "preliminary", 403)["code"] == "ADMINISTRATOR_SIGNS"
    (finding, *_) = doubted["open_findings"]
    said = {"finding": finding, "answer": "seen", "name": "max", "password": PASSWORD}
    path = f"analyses/{doubted['id']}/answers"
    told = service.post(path, 403, json=said, version=doubted["version"])
    assert told["code"] == "ADMINISTRATOR_SIGNS"
    kept = service.get(f"users/{person.id}")
    assert kept["roles"] == ["administrator", "reviewer"]
    change = {"full_name": "Max M", "roles": kept["roles"], "site": None, "active": True}
    service.put(f"users/{person.id}", 422, json=change, version=1)
    service.user("ada", "administrator")
    service.put(f"users/{person.id}", json={**change, "active": False}, version=1)
    service.put(f"users/{person.id}", json={**change, "roles": ["reviewer"]}, version=2)
    service.sign(analysis, "max", "performed", comment="looked at")
