"""The audit: chained row by row, so that whatever is changed in it is found where it was."""

import threading

import pytest
from laboratory import rows
from typer.testing import CliRunner

from service.program import app
from service.store import audit


def unlock(writing):
    """Take away what protects the rows, as whoever owns the database can."""
    connection = writing.connection
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP TRIGGER audit_no_change ON audit")
        return
    named = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"
    for name in connection.exec_driver_sql(named).scalars().all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


def tamper(service, *statements):
    with service.laboratory.database.writing("somebody") as writing:
        unlock(writing)
        for statement in statements:
            writing.connection.exec_driver_sql(statement)


def verified(service):
    with service.laboratory.database.reading() as connection:
        return audit.verify(connection)


@pytest.fixture
def written(service):
    """A service in whose audit there are at least ten rows."""
    for number in range(10):
        service.post("studies", json={"name": f"study {number}"})
    return service


def test_a_chain_that_nobody_touched_is_intact(written):
    told = written.post("audit/verification", 200)
    head = written.get("audit/head")
    assert told == {"intact": True, **head}
    assert head["seq"] == rows(written, "audit") >= 10


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2026-01-01T00:00:00.000000Z"), ("actor", "nobody"), ("action", "study.lost"),
        ("subject", "another"), ("facts", "{}"), ("previous", "0" * 64), ("hash", "f" * 64),
    ],
)  # fmt: skip
@pytest.mark.parametrize("seq", [1, 5])
def test_a_row_that_was_changed_is_found(written, column, value, seq):
    if (seq, column) == (1, "previous"):
        value = "1" * 64
    tamper(written, f"UPDATE audit SET {column} = '{value}' WHERE seq = {seq}")  # noqa: S608
    assert verified(written).seq == seq
    told = written.post("audit/verification", 200)
    assert (told["intact"], told["seq"]) == (False, seq)


def test_a_row_that_was_changed_with_its_hash_is_found_at_the_next(written):
    with written.laboratory.database.reading() as connection:
        entry = list(audit.entries(connection))[4]
    said = {**audit._said(entry), "actor": "nobody"}
    new = audit._hash(entry.previous, said)
    tamper(written, f"UPDATE audit SET actor = 'nobody', hash = '{new}' WHERE seq = 5")  # noqa: S608
    assert verified(written).seq == 6


@pytest.mark.parametrize("value", ["x'7b7d'", "CAST(x'ff22' AS TEXT)", "NULL", "1.5"])
@pytest.mark.parametrize("seq", [1, 5])
def test_a_row_that_cannot_be_read_is_a_break_there(written, value, seq):
    if not written.laboratory.database.is_sqlite:
        pytest.skip("PostgreSQL keeps texts alone where texts belong")
    tamper(
        written,
        "CREATE TABLE other AS SELECT * FROM audit",
        "DROP TABLE audit",
        "CREATE TABLE audit (seq, at, actor, action, subject, facts, previous, hash)",
        "INSERT INTO audit SELECT * FROM other",
        f"UPDATE audit SET facts = {value} WHERE seq = {seq}",  # noqa: S608
    )
    assert verified(written) == audit.Break(seq, "it cannot be read")
    assert written.post("audit/verification", 200)["intact"] is False


@pytest.mark.parametrize("table", ["audit", "audit_head"])
def test_a_table_that_is_gone_is_a_break_and_no_fault(written, program, table):
    end = rows(written, "audit")
    with written.laboratory.database.writing("somebody") as writing:
        writing.connection.exec_driver_sql(f"DROP TABLE {table}")
    assert verified(written).seq == (1 if table == "audit" else end + 1)
    ran = program()
    assert ran.exit_code == 1, ran.output


@pytest.mark.parametrize("seq", [1, 5])
def test_a_row_that_was_taken_out_is_found(written, seq):
    tamper(written, f"DELETE FROM audit WHERE seq = {seq}")  # noqa: S608
    assert verified(written).seq == seq


def test_an_end_that_was_cut_off_is_found_by_the_head(written):
    end = rows(written, "audit")
    tamper(written, f"DELETE FROM audit WHERE seq > {end - 2}")  # noqa: S608
    assert verified(written).seq == end - 1


def test_a_row_that_was_put_in_is_found(written):
    columns = "at, actor, action, subject, facts, previous, hash"
    end = rows(written, "audit")
    tamper(
        written,
        f"INSERT INTO audit (seq, {columns}) SELECT {end + 1}, {columns} FROM audit WHERE seq = 5",  # noqa: S608
    )
    assert verified(written).seq == end + 1


def test_a_row_that_was_chained_on_behind_the_head_is_found(written):
    with written.laboratory.database.reading() as connection:
        last = list(audit.entries(connection))[-1]
    said = {**audit._said(last), "seq": last.seq + 1}
    values = "', '".join(map(str, [*said.values(), last.hash, audit._hash(last.hash, said)]))
    tamper(written, f"INSERT INTO audit VALUES ('{values}')")  # noqa: S608
    assert verified(written).seq == last.seq + 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_head SET seq = seq + 1", "UPDATE audit_head SET seq = seq - 1",
        "UPDATE audit_head SET hash = 'aaaa'", "DELETE FROM audit_head",
    ],
)  # fmt: skip
def test_a_head_that_was_changed_is_found(written, statement):
    tamper(written, statement)
    assert isinstance(verified(written), audit.Break)


def test_writers_at_one_time_make_one_chain(service):
    together, problems = threading.Barrier(8), []

    def work(number):
        together.wait()
        for turn in range(5):
            made = service.call("POST", "studies", json={"name": f"study {number} {turn}"})
            if made.status_code != 201:
                problems.append(made.text)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert problems == []
    assert service.audit().count("study.made") == 40


def test_a_request_that_fails_leaves_no_row_and_no_other_head(service):
    service.post("studies", json={"name": "ImmunoSep"})
    before = service.get("audit/head")
    service.post("studies", 409, json={"name": "ImmunoSep"})
    service.analyse({"id": "00000000-0000-4000-8000-000000000000"}, status=404)
    assert service.get("audit/head") == before


def test_a_row_and_its_change_are_of_one_transaction(service, monkeypatch):
    before = service.get("audit/head"), rows(service, "studies")

    def fails(*_arguments):
        raise RuntimeError("the process dies between the two")

    monkeypatch.setattr("service.store.studies.record", fails)
    service.post("studies", 500, json={"name": "ImmunoSep"})
    assert (service.get("audit/head"), rows(service, "studies")) == before


@pytest.fixture
def program(service, monkeypatch):
    """`hladr audit verify` on the database of a service."""
    monkeypatch.setenv("HLADR_DATABASE_URL", service.laboratory.settings.url)
    return lambda: CliRunner().invoke(app, ["audit", "verify"])


def test_the_program_says_that_the_audit_is_intact(program, service):
    head = service.get("audit/head")
    ran = program()
    assert ran.exit_code == 0
    assert head["hash"] in ran.stdout


def test_the_program_ends_with_1_at_the_first_break(program, written):
    tamper(written, "UPDATE audit SET actor = 'nobody' WHERE seq IN (4, 7)")
    ran = program()
    assert ran.exit_code == 1
    assert "row 4" in ran.stdout
