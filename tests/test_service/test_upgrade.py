"""Databases that earlier versions wrote, as `tests/upgrade/freeze.py` froze them."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from laboratory import PASSWORD, running
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from service.store.studies import plain
from service.store.tables import calibrations

UPGRADE = Path(__file__).parents[1] / "upgrade"
sys.path.append(str(UPGRADE))

from freeze import settings  # noqa: E402

FROZEN = sorted(path.name for path in UPGRADE.iterdir() if (path / "expected.json").is_file())


@pytest.fixture(params=FROZEN)
def frozen(request):
    return UPGRADE / request.param


@pytest.fixture(params=["sqlite", "postgresql"])
def upgraded(request, frozen, tmp_path):
    """A service of this version on a copy of a frozen one, and what that one answered."""
    data = tmp_path / "data"
    shutil.copytree(frozen / "data", data)
    url = None
    if request.param == "postgresql":
        (data / "hladr.sqlite").unlink()
        server = request.getfixturevalue("postgresql")
        name = f"upgrade{tmp_path.parent.name}{tmp_path.name}".replace("-", "_").lower()[-60:]
        server.make(name)
        subprocess.run(
            [server.programs / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(server.folder),
             "-U", "hladr", "-d", name, "-f", str(frozen / "postgresql.sql")],
            check=True, capture_output=True,
        )  # fmt: skip
        url = server.url(name)
    expected = json.loads((frozen / "expected.json").read_text(encoding="utf-8"))[request.param]
    with running(settings(data, url)) as service:
        yield service.as_key(expected["key"]), expected


def test_what_was_answered_is_answered_still(upgraded):
    service, expected = upgraded
    assert service.get("audit/head") == expected["head"]
    assert len(expected["answers"]) > 10
    for path, answer in expected["answers"].items():
        told = without_new_warnings(service.get(path), answer)
        assert told == with_all_of(told, answer), path


def test_the_audit_holds_and_people_and_keys_are_known(upgraded):
    service, expected = upgraded
    assert service.post("audit/verification", 200)["intact"]
    assert service.as_key(expected["reader"]).get("analyses")["analyses"]
    signed_in = {"name": "tina", "password": PASSWORD}
    assert service.as_nobody().post("session", 200, json=signed_in)["user"]["name"] == "tina"


def test_no_file_is_lost_and_each_sample_gives_its_number_again(upgraded):
    service, _ = upgraded
    assert service.get("/health")["files"] == {"ok": True, "lost": 0}
    for analysis in service.get("analyses")["analyses"]:
        if analysis["file"] is None:
            continue
        path = f"analyses/{analysis['id']}/gates"
        form = [("automatic", (None, "true"))]
        again = service.post(path, files=form, version=analysis["version"])
        assert number(again) == number(analysis)


def test_each_version_is_found_by_what_its_tube_says_and_still_never_changed(upgraded):
    service, _ = upgraded
    columns = "kind, plain_subject, study_id, site, tube"
    sql = f"SELECT {columns} FROM analysis_versions"  # noqa: S608 - of the tests
    with service.laboratory.database.reading() as connection:
        found = connection.exec_driver_sql(sql).all()
    assert found
    for kind, plain_subject, study, site, text in found:
        tube = json.loads(text)
        assert (kind, study, site) == (tube["kind"], tube.get("study"), tube.get("site"))
        assert plain_subject == plain(tube.get("subject") or "")
    for change in ("UPDATE analysis_versions SET kind = 'x'", "DELETE FROM analysis_versions"):
        with (
            pytest.raises(DBAPIError, match="never changed"),
            service.laboratory.database.writing("somebody") as writing,
        ):
            writing.connection.exec_driver_sql(change)


def test_it_has_the_indexes_that_the_code_speaks_of(upgraded):
    service, _ = upgraded
    with service.laboratory.database.reading() as connection:
        found = inspect(connection).get_indexes("calibrations")
    wanted = {each.name: [column.name for column in each.columns] for each in calibrations.indexes}
    assert {each["name"]: each["column_names"] for each in found} == wanted
    assert wanted["ix_calibrations_instrument_id"] == ["instrument_id", "created_at", "id"]


def test_a_barcode_waits_once_at_each_site(upgraded):
    service, _ = upgraded
    for status in (201, 409):
        for site in (None, "north", "south"):
            service.post("receptions", status, json={"barcode": "B-1", "site": site})


def without_new_warnings(told, answer):
    """An analysis as it is told, but for what a later version warns of and this one did not."""
    if not {"findings", "verdict", "open_findings"} <= set(answer):
        return told
    known = {each["code"] for each in answer["findings"]}
    new = [each for each in told["findings"] if each["code"] not in known]
    if not new:
        return told
    assert {each["severity"] for each in new} == {"warn"}
    assert (answer["verdict"], told["verdict"]) in {("pass", "review"), ("review", "review")}
    codes = {each["code"] for each in new}
    return {
        **told,
        "verdict": answer["verdict"],
        "findings": [each for each in told["findings"] if each not in new],
        "open_findings": [each for each in told["open_findings"] if each not in codes],
    }


def with_all_of(told, answer):
    """What is told, with everything in it that an earlier version answered as that did."""
    if isinstance(answer, dict):
        return {**told, **{name: with_all_of(told[name], answer[name]) for name in answer}}
    if isinstance(answer, list) and len(answer) == len(told):
        return [with_all_of(*each) for each in zip(told, answer, strict=True)]
    return answer


def test_what_an_earlier_version_answered_must_all_be_there():
    assert with_all_of({"a": [{"b": 1, "new": 2}]}, {"a": [{"b": 1}]}) == {
        "a": [{"b": 1, "new": 2}]
    }
    assert with_all_of({"a": [1, 2]}, {"a": [1]}) == {"a": [1]}
    assert with_all_of({"a": [{"b": 2}]}, {"a": [{"b": 1}]}) == {"a": [{"b": 1}]}


def number(analysis):
    result = analysis["result"]
    return (result["hla_dr"] or result["unreleasable"])["abc"]


def test_the_steps_make_the_tables_that_the_code_speaks_of(service):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from service.store.tables import metadata

    with service.laboratory.database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
