"""The description of the calls says all that they answer, whatever is sent."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from laboratory import running
from wire import calls, filled

SCRIPT = Path(__file__).parents[2] / "scripts" / "fuzz_service.sh"
OPEN = {("POST", "/api/v1/session")}  # nobody is signed in yet
OPERATIONS = ("/health", "/metrics")


@pytest.fixture
def database_url():
    return None


@pytest.fixture
def described(service):
    return service.get("/openapi.json")


def operations(described):
    return [
        (method.upper(), path, told)
        for path, methods in described["paths"].items()
        for method, told in methods.items()
    ]


def references(value):
    """Every ``$ref`` in a description."""
    if isinstance(value, dict):
        found = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return found + [each for child in value.values() for each in references(child)]
    if isinstance(value, list):
        return [each for child in value for each in references(child)]
    return []


def test_nothing_that_is_sent_gives_a_fault_or_an_answer_that_is_not_described(tmp_path, described):
    """A short run of what the script does for as long as it is told."""
    ran = subprocess.run(
        [str(SCRIPT), "0", str(tmp_path)], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHON": sys.executable, "EXAMPLES": "2"},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-20_000:] + ran.stderr[-5_000:]
    chosen, of, tested = re.search(r"Selected: (\d+)/(\d+)\s+Tested: (\d+)", ran.stdout).groups()
    assert {int(each) for each in (chosen, of, tested)} == {len(operations(described))}


def test_every_call_is_described_and_nothing_else(service, described):
    there = {(method, path.replace(":path", "")) for method, path in calls(service.app)}
    told = {(method, path) for method, path, _ in operations(described)}
    assert there == told


def test_every_reference_leads_to_something(described):
    found = references(described)
    assert "#/components/schemas/Problem" in found
    for each in found:
        place = described
        for step in each.removeprefix("#/").split("/"):
            place = place[step]
        assert place


def test_every_call_has_a_tag_a_summary_and_a_sentence(described):
    for method, path, told in operations(described):
        assert told["tags"], (method, path)
        assert told["summary"], (method, path)
        assert told["description"], (method, path)


def test_names_of_calls_are_there_once(described):
    names = [told["operationId"] for _, _, told in operations(described)]
    assert len(names) == len(set(names))


def test_every_call_of_the_api_says_that_somebody_must_ask(described):
    for method, path, told in operations(described):
        if path not in OPERATIONS:
            assert {"401", "403", "429"} <= set(told["responses"]), (method, path)
            refused = told["responses"]["401"]["content"]
            assert list(refused) == ["application/problem+json"]


def test_every_call_of_the_api_refuses_without_a_key(service):
    nobody = service.as_nobody()
    asked = [each for each in calls(service.app) if each[1].startswith("/api/")]
    assert len(asked) > 40
    for method, path in asked:
        if (method, path) not in OPEN:
            answer = nobody.call(method, filled(path))
            assert answer.status_code == 401, (method, path, answer.status_code)
            assert answer.json()["code"] == "NOT_SIGNED_IN"
            assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("path", ["/api/v2/keys", "/api/", "/api/v1/nothing", "/api/v1/keys/"])
def test_who_has_no_key_is_not_told_what_there_is(service, path):
    service.as_nobody().get(path, 401)


def test_calls_with_files_describe_every_field(described):
    forms = {
        path: told["requestBody"]["content"]["multipart/form-data"]["schema"]
        for method, path, told in operations(described)
        if "multipart/form-data" in told.get("requestBody", {}).get("content", {})
    }
    assert len(forms) == 4
    for path, form in forms.items():
        assert form["additionalProperties"] is False, path
        for name, field in form["properties"].items():
            assert field["type"] == "string", (path, name)
            assert "maxLength" in field or field["format"] == "binary", (path, name)


def test_a_call_with_a_slash_at_its_end_is_another_call_and_is_not_sent_elsewhere(service):
    answer = service.call("GET", "lots/", headers={"Host": "attacker"}, follow_redirects=False)
    assert answer.status_code == 404
    assert "location" not in answer.headers


def test_a_method_that_a_path_does_not_have_is_told_those_it_has(service):
    answer = service.call("PATCH", "keys")
    assert answer.status_code == 405
    assert answer.json()["code"] == "METHOD_NOT_ALLOWED"
    assert answer.headers["Allow"] == "GET, POST"


def test_the_description_is_made_without_a_key_and_without_data(settings):
    with running(settings) as service:
        before = service.as_nobody().get("/openapi.json")
        service.instrument()
        assert service.as_nobody().get("/openapi.json") == before
