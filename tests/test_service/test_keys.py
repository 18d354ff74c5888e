"""A key may ask for what its scopes say, as long as it is valid, and its secret is nowhere kept."""

import datetime as dt
import io
import sys
import time

import pytest
from laboratory import running
from wire import calls, filled

from service.moment import now
from service.people.secret import PREFIX
from service.principal import Scope
from service.store.tables import api_keys

QUANTIFY, READ, ANALYSE = "quantify", "read", "analyse"
MANAGE, RECALCULATE, ADMINISTER = "manage", "recalculate", "administer"
TABLE = {
    ("POST", "quantify"): QUANTIFY,
    ("POST", "classify"): QUANTIFY,
    ("GET", "instruments"): READ,
    ("POST", "instruments"): MANAGE,
    ("GET", "instruments/{id}"): READ,
    ("PUT", "instruments/{id}"): MANAGE,
    ("GET", "instruments/{id}/versions/{version}"): READ,
    ("GET", "lots"): READ,
    ("POST", "lots"): MANAGE,
    ("GET", "lots/{id}"): READ,
    ("PUT", "lots/{id}"): MANAGE,
    ("GET", "lots/{id}/versions/{version}"): READ,
    ("GET", "lots/{id}/outdated"): RECALCULATE,
    ("GET", "calibrations"): READ,
    ("POST", "calibrations"): ANALYSE,
    ("GET", "calibrations/{id}"): READ,
    ("GET", "calibrations/{id}/versions/{version}"): READ,
    ("GET", "analyses"): READ,
    ("POST", "analyses"): ANALYSE,
    ("GET", "analyses/{id}"): READ,
    ("GET", "analyses/{id}/versions/{version}"): READ,
    ("POST", "analyses/{id}/gates"): ANALYSE,
    ("POST", "analyses/{id}/gates/moved"): ANALYSE,
    ("GET", "receptions"): READ,
    ("POST", "receptions"): ANALYSE,
    ("GET", "receptions/{id}"): READ,
    ("PUT", "receptions/{id}"): ANALYSE,
    ("POST", "receptions/{id}/closing"): ANALYSE,
    ("PUT", "analyses/{id}/tube"): ANALYSE,
    ("POST", "analyses/{id}/answers"): ANALYSE,
    ("POST", "analyses/{id}/signatures"): ANALYSE,
    ("POST", "analyses/{id}/notices"): ANALYSE,
    ("GET", "analyses/{id}/report.html"): READ,
    ("GET", "analyses/{id}/report.pdf"): READ,
    ("GET", "analyses/{id}/fhir"): READ,
    ("GET", "analyses/{id}/hl7"): READ,
    ("GET", "analyses/{id}/redcap"): READ,
    ("GET", "redcap/dictionary.csv"): READ,
    ("GET", "redcap/eligibility.csv"): READ,
    ("GET", "subjects/{subject:path}/trajectory"): READ,
    ("GET", "subjects/{subject:path}/eligibility"): READ,
    ("POST", "subjects/{subject:path}/eligibility"): ANALYSE,
    ("GET", "subjects/{subject:path}/eligibility/fhir"): READ,
    ("GET", "subjects/{subject:path}/eligibility/redcap"): READ,
    ("GET", "results.csv"): READ,
    ("GET", "results.parquet"): READ,
    ("GET", "outgoing"): MANAGE,
    ("POST", "outgoing/{id}/again"): MANAGE,
    ("POST", "outgoing/again"): MANAGE,
    ("GET", "recalculations"): RECALCULATE,
    ("POST", "recalculations"): RECALCULATE,
    ("GET", "recalculations/{id}"): RECALCULATE,
    ("DELETE", "recalculations/{id}"): RECALCULATE,
    ("GET", "recalculations/{id}/items"): RECALCULATE,
    ("GET", "studies"): READ,
    ("POST", "studies"): MANAGE,
    ("GET", "studies/{id}"): READ,
    ("PUT", "studies/{id}/subjects/{subject:path}"): MANAGE,
    ("POST", "studies/{id}/unblinding"): ADMINISTER,
    ("POST", "studies/{id}/exports"): MANAGE,
    ("GET", "studies/{id}/exports"): READ,
    ("GET", "studies/{id}/exports/{export}"): READ,
    ("GET", "quality/{instrument_id}"): READ,
    ("GET", "quality/{instrument_id}/bridging"): READ,
    ("POST", "quality/{instrument_id}/baselines"): MANAGE,
    ("POST", "quality/{instrument_id}/rules"): MANAGE,
    ("POST", "quality/{instrument_id}/services"): MANAGE,
    ("POST", "quality/{instrument_id}/uses"): MANAGE,
    ("POST", "quality/{instrument_id}/withdrawals"): MANAGE,
    ("GET", "users"): ADMINISTER,
    ("POST", "users"): ADMINISTER,
    ("GET", "users/{id}"): ADMINISTER,
    ("PUT", "users/{id}"): ADMINISTER,
    ("GET", "keys"): ADMINISTER,
    ("POST", "keys"): ADMINISTER,
    ("GET", "keys/{id}"): ADMINISTER,
    ("DELETE", "keys/{id}"): ADMINISTER,
    ("GET", "audit"): ADMINISTER,
    ("GET", "audit/head"): ADMINISTER,
    ("POST", "audit/verification"): ADMINISTER,
}
OF_THE_SESSION = {(method, "session") for method in ("GET", "POST", "DELETE")}
OF_THE_SESSION |= {("PUT", "users/me/password")}
SCOPES = sorted(Scope)


def test_the_table_has_every_call(service):
    asked = {(method, path.removeprefix("/api/v1/")) for method, path in calls(service.app)
             if path.startswith("/api/")}  # fmt: skip
    assert asked == set(TABLE) | OF_THE_SESSION


@pytest.mark.parametrize("scope", SCOPES)
def test_a_key_without_a_scope_is_refused_what_needs_it_and_nothing_else(service, scope):
    key = service.as_key(service.api_key(*(each for each in SCOPES if each != scope))["key"])
    for (method, path), needed in TABLE.items():
        answer = key.call(method, filled(f"/api/v1/{path}"))
        refused = answer.status_code == 403 and answer.json()["code"] == "NOT_ALLOWED"
        assert refused == (needed == scope), (method, path, answer.text)


def test_who_may_not_is_refused_before_a_file_is_read(service):
    key = service.as_key(service.api_key("read")["key"])
    answer = key.call("POST", "analyses", files={"file": b"x"}, data={"surprise": "x"})
    assert answer.json()["code"] == "NOT_ALLOWED"


def test_a_key_is_shown_once(service):
    made = service.api_key("read")
    secret = made.pop("key")
    assert secret.startswith(made["prefix"])
    assert len(secret) - PREFIX > 30
    assert service.get(f"keys/{made['id']}") == made
    assert secret not in service.call("GET", "keys").text
    assert secret not in service.call("GET", "audit").text


def test_a_key_needs_a_scope_and_knows_no_other(service):
    for scopes in ([], ["everything"], "read", None):
        told = service.post("keys", 422, json={"label": "x", "scopes": scopes})
        assert told["code"] == "INVALID_REQUEST"


def test_a_key_that_is_over_is_refused(service):
    until = now() + dt.timedelta(seconds=4)
    made = service.api_key("read", expires_at=until.isoformat())
    key = service.as_key(made["key"])
    key.get("lots")
    time.sleep(max(0.0, (until - now()).total_seconds()) + 0.1)
    assert key.get("lots", 401)["code"] == "NOT_SIGNED_IN"


@pytest.mark.parametrize("until", ["2001-01-01T00:00Z", "2099-01-01T00:00", "tomorrow", 5])
def test_a_key_ends_at_a_time_to_come_with_its_zone(service, until):
    said = {"label": "x", "scopes": ["read"], "expires_at": until}
    assert service.post("keys", 422, json=said)["code"] in {"KEY_EXPIRED", "INVALID_REQUEST"}


def test_a_key_that_is_revoked_is_refused_at_once_and_stays_in_the_list(service):
    made = service.api_key("read")
    key = service.as_key(made["key"])
    key.get("lots")
    revoked = service.delete(f"keys/{made['id']}")
    assert revoked["revoked_at"] is not None
    key.get("lots", 401)
    assert service.delete(f"keys/{made['id']}") == revoked
    assert service.get("keys")["keys"][-1] == revoked
    assert service.audit().count("key.revoked") == 1


def test_when_a_key_was_used_is_known(service):
    made = service.api_key("read")
    assert made["last_used_at"] is None
    before = now()
    service.as_key(made["key"]).get("lots")
    used = service.get(f"keys/{made['id']}")["last_used_at"]
    assert before - dt.timedelta(seconds=1) <= dt.datetime.fromisoformat(used) <= now()


def test_a_secret_is_in_no_row(service):
    secret = service.api_key("read")["key"]
    service.as_key(secret).get("lots")
    with service.laboratory.database.reading() as connection:
        for table in api_keys.metadata.sorted_tables:
            text = str(connection.execute(table.select()).all())
            assert secret not in text
            assert secret[PREFIX:] not in text


def test_a_secret_is_in_no_log(settings, monkeypatch):
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    with running(settings.model_copy(update={"log_level": "DEBUG"})) as service:
        secret = service.api_key("read")["key"]
        service.as_key(secret).get("lots")
        service.as_key(secret + "x").get("lots", 401)
        service.get(f"lots?key={secret}")
        service.as_nobody().get(f"/api/v1/{secret}", 401)
    assert log.getvalue().count('"request"') >= 5
    assert secret[PREFIX:] not in log.getvalue()


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer ", "bearer x", "Basic {key}", "{key}",
                                   "Bearer {key}x", "Bearer {key} x"])  # fmt: skip
def test_nearly_a_key_is_none(service, given):
    headers = {"Authorization": given.format(key=service.key)}
    service.as_nobody().get("lots", 401, headers=headers)


def test_a_key_of_a_site_sees_and_sends_for_its_site_alone(service):
    calibration = service.calibration()
    there = service.analyse(calibration, site="Athens")
    here = service.as_key(service.api_key("read", "analyse", site="Patras")["key"])
    own = here.analyse(calibration, "mals.fcs", subject="B")
    assert own["tube"]["site"] == "Patras"
    assert [each["id"] for each in here.get("analyses")["analyses"]] == [own["id"]]
    here.get(f"analyses/{there['id']}", 404)
    here.get(f"analyses/{there['id']}/versions/1", 404)
    here.analyse(calibration, "mals.fcs", status=403, subject="C", site="Athens")
    here.analyse(calibration, "mals.fcs", status=404, subject="C", related_to=there["id"],
                 relation="duplicate")  # fmt: skip
    assert len(service.get("analyses")["analyses"]) == 2


def test_two_keys_are_two_and_their_limits_are_those_they_were_given(service):
    one = service.api_key("read", requests_a_minute=7, bytes_a_day=11)
    other = service.api_key("read")
    assert one["key"] != other["key"]
    assert (one["requests_a_minute"], one["bytes_a_day"]) == (7, 11)
    settings = service.laboratory.settings
    assert other["requests_a_minute"] == settings.requests_a_minute
    assert other["bytes_a_day"] == settings.bytes_a_day
    for wrong in (0, -1, 1.5, "7", True, 1 << 70):
        said = {"label": "x", "scopes": ["read"], "requests_a_minute": wrong}
        service.post("keys", 422, json=said)


def test_an_idempotency_key_is_refused_where_its_answer_would_hold_a_secret(service):
    said = {"label": "x", "scopes": ["read"]}
    told = service.post("keys", 422, json=said, key="once")
    assert told["code"] == "IDEMPOTENCY_NOT_HERE"
    assert len(service.get("keys")["keys"]) == 1
