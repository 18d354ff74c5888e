"""What was written once stays: the database itself refuses to change it."""

import pytest
import sqlalchemy
from laboratory import answer, now_text, release, rows, tube_file, two_people

from service.store import eligibility, tables, users


@pytest.fixture
def written(service):
    """A service in which every table that only grows has a row."""
    two_people(service)
    told = service.analyse(service.calibration(), tube_file(_SRC="ATH-0102"))
    answer(service, told, "SUBJECT_MISMATCH")
    release(service, told)
    eligible(service, told)
    instrument = service.get("instruments")["instruments"][0]["id"]
    said = {"at": "2026-03-14T08:00", "reason": "a new laser"}
    service.post(f"quality/{instrument}/services", json=said)
    call = {"told": "ICU", "told_at": now_text(), "read_back": True}
    service.post(f"analyses/{told['id']}/notices", json=call, version=1)
    study = service.post("studies", json={"name": "IMMUNO"})
    export = {"id": "1", "study_id": study["id"], "file_sha256": told["file"]["sha256"]}
    with service.laboratory.database.writing("somebody") as writing:
        made = {"manifest": "{}", "made_at": writing.at, "made_by": writing.actor}
        writing.connection.execute(sqlalchemy.insert(tables.study_exports).values(export | made))
    return service


def eligible(service, told):
    """A record of eligibility that rests on an analysis."""
    analysis = told["id"], told["version"]
    with service.laboratory.database.writing("somebody") as writing:
        user = users.by_name(writing.connection, "boris")
        eligibility.add(writing, eligibility.Of("S", None, "a trial"), analysis, ({}, {}), user)


def refused(service, statement):
    database = service.laboratory.database
    with (
        pytest.raises(sqlalchemy.exc.DBAPIError, match="never changed"),
        database.writing("somebody") as writing,
    ):
        writing.connection.exec_driver_sql(statement)


@pytest.mark.parametrize("table", tables.APPEND_ONLY)
def test_rows_are_neither_changed_nor_taken_away(written, table):
    before = rows(written, table)
    assert before > 0
    column = tables.metadata.tables[table].columns.keys()[-1]
    refused(written, f'UPDATE {table} SET "{column}" = "{column}"')  # noqa: S608 - of this test
    refused(written, f"DELETE FROM {table}")  # noqa: S608
    if not written.laboratory.database.is_sqlite:
        refused(written, f"TRUNCATE {table} CASCADE")
    assert rows(written, table) == before


def test_every_table_with_versions_only_grows():
    named = {name for name in tables.metadata.tables if name.endswith("_versions")}
    assert named < set(tables.APPEND_ONLY)
