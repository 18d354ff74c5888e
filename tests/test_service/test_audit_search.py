"""Rows of the audit are looked for: by who, what, to what, and when."""

import datetime as dt

import pytest


@pytest.fixture
def lot(service):
    """A lot among rows of others."""
    service.user("ann", "technician")
    return service.lot()


def found(service, **looked):
    return service.get("audit", params=looked)["entries"]


def test_rows_are_found_by_who_what_and_to_what(service, lot):
    every = found(service, most=1000)
    for looked, of in (
        ({"actor": "key:administrator"}, lambda row: row["actor"] == "key:administrator"),
        ({"action": "lot"}, lambda row: row["action"].startswith("lot")),
        ({"subject": lot["id"]}, lambda row: row["subject"] == lot["id"]),
    ):
        assert found(service, **looked) == [row for row in every if of(row)], looked
    for nothing in ({"action": "lot", "actor": "system"}, {"action": "%"}, {"subject": "lot"}):
        assert found(service, **nothing) == []
    assert [row["action"] for row in found(service, subject=lot["id"])] == ["lot.made"]


def test_rows_are_from_one_moment_on_and_before_another(service, lot):
    every = found(service, most=1000)
    at = found(service, subject=lot["id"])[0]["at"]
    since, until = found(service, since=at), found(service, until=at)
    assert [row["at"] for row in since] == [row["at"] for row in every if row["at"] >= at]
    assert until + since == every
    far = dt.datetime.fromisoformat(at).astimezone(dt.timezone(dt.timedelta(hours=13)))
    assert found(service, since=far.isoformat()) == since


def test_what_is_looked_for_is_paged_as_all_rows_are(service):
    made = [service.lot(number=str(number))["id"] for number in range(5)]
    service.user("ann", "technician")
    rows, after = [], 0
    while page := found(service, action="lot.made", after=after, most=2):
        rows += page
        after = page[-1]["seq"]
    assert [row["subject"] for row in rows] == made


@pytest.mark.parametrize(
    "looked", [{"since": "May"}, {"since": "2026-03-14T08:00"}, {"actor": "a\0"}, {"who": "ann"}]
)
def test_what_cannot_be_looked_for_is_told(service, looked):
    assert service.get("audit", 422, params=looked)["code"] == "INVALID_REQUEST"
