"""What a study hides is nowhere on the page of a sample, and another site's is not there."""

import re

import pytest
from laboratory import PASSWORD, describe
from sample_reader import Person, digits, drawings, seen, tube, words


@pytest.fixture(scope="module")
def eleni(house):
    """Somebody of the site in Athens."""
    house.user("eleni", "technician", site="Athens")
    with Person(house, "eleni") as who:
        yield who


@pytest.fixture(scope="module")
def study(house, anna):  # noqa: ARG001 - who works before it begins
    """A study that hides results after randomisation from its sites."""
    made = house.post("studies", json={"name": "ImmunoSep of pages"})
    path = f"studies/{made['id']}/subjects/ATH-0900"
    house.put(path, json={"randomised_at": "2026-03-14T08:00:00+00:00"})
    return made


def hidden_tube(house, study):
    said = {"drawn_at": "2026-03-14T08:30", "study": study["id"]}
    return tube(house, "ATH-0900", **said)


def test_a_hidden_result_is_nowhere_on_the_page_of_its_site(house, anna, eleni, study):
    made = hidden_tube(house, study)
    describe(house, made, visit="D7")
    for path in (f"/samples/{made['id']}", f"/samples/{made['id']}/versions/1"):
        of_laboratory, of_site = anna.read(path), eleni.read(path)
        assert len(drawings(of_laboratory)) >= 6  # so that they are at hand
        assert all(each in of_laboratory for each in digits(made)[3:])
        assert not [each for each in digits(made) if each in of_site]
        assert drawings(of_site) == []
        assert "Result SHA-256" not in of_site
        assert "verdict" not in of_site
        assert "The study hides results after randomisation" in of_site
        assert 'name="meaning"' not in of_site


def test_nobody_signs_what_is_hidden_from_them(house, anna, eleni, study):
    made = hidden_tube(house, study)
    hidden = {"result_sha256": "", "form": "sign", "version": "1", "meaning": "performed"}
    csrf = re.search(r'name="csrf" value="([^"]+)"', eleni.read(f"/samples/{made['id']}"))[1]
    said = {**hidden, "csrf": csrf, "password": PASSWORD}
    path = f"/samples/{made['id']}/signatures"
    assert eleni.client.post(path, data=said).status_code == 412
    sha256 = re.search(r"[0-9a-f]{64}", words(anna.read(f"/samples/{made['id']}")))[0]
    answer = eleni.client.post(path, data={**said, "result_sha256": sha256})
    assert answer.status_code == 403
    assert not [each for each in digits(made) if each in answer.text]
    assert seen(house, made)["signatures"] == []


def test_a_sample_of_another_site_is_not_there(house, anna, eleni):
    made = tube(house, "BER-0001", site="Berlin")
    anna.read(f"/samples/{made['id']}")
    for path in ("", "/versions/1", "/tube"):
        assert "There is no such page" in eleni.read(f"/samples/{made['id']}{path}", 404)
    anna.read("/samples/0000", 404)
    anna.read("/samples/<script>", 404)
