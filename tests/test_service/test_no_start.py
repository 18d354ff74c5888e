"""What cannot be started says why in one sentence, ends with 2, and leaves everything as it was."""

import hashlib
import os
import sqlite3
import subprocess
import sys

import pytest
import ready
from laboratory import running
from process import PROGRAM, QUICK, free_port, serving

from service.operating.ending import TRY_LATER
from service.settings import Settings


def run(folder, *arguments, **settings):
    """What a command says that ends at once; with other modules, as one that loads its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HLADR_")}
    environment = {**kept, "HLADR_LEAST_FREE": "0", **settings}
    if "PYTHONPATH" not in settings:
        return ready.run(arguments, folder, environment)
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, timeout=60,
        check=False, cwd=folder, env=environment,
    )  # fmt: skip


def refused(folder, *said, command=("serve",), status=2, **settings):
    """Run what cannot be done; everything of `said` stands in its one sentence."""
    more = ("--port", str(free_port())) if command == ("serve",) else ()
    ran = run(folder, *command, *more, "--data", "data", **settings)
    assert ran.returncode == status, ran.stderr
    assert ran.stdout == ""
    assert ran.stderr.startswith("error")
    assert len(ran.stderr.splitlines()) == 1
    for each in said:
        assert each in ran.stderr
    return ran


@pytest.mark.parametrize("address", ["nonsense", "mysql://a@b/c", "postgresql://u:pw@h:x/n",
                                     "sqlite://", "oracle+x://a"])  # fmt: skip
def test_an_address_that_is_none(tmp_path, address):
    ran = refused(tmp_path, "DATABASE_UNUSABLE", "postgresql://", HLADR_DATABASE_URL=address)
    assert "pw" not in ran.stderr


def test_a_server_that_is_stopped_is_told_without_the_password(tmp_path):
    address = "postgresql://hladr:very-secret@127.0.0.1:1/hladr"
    for command, status in ((("serve",), TRY_LATER), (("audit", "verify"), 2), (("key", "new"), 2)):
        ran = refused(
            tmp_path, "DATABASE_UNAVAILABLE", "refused", command=command, status=status,
            HLADR_DATABASE_URL=address,
        )  # fmt: skip
        assert "very-secret" not in ran.stderr


def test_a_driver_that_is_not_installed(tmp_path):
    nothing = tmp_path / "nothing" / "psycopg"
    nothing.mkdir(parents=True)
    (nothing / "__init__.py").write_text("raise ModuleNotFoundError('no', name='psycopg')")
    path = f"{nothing.parent}:{os.environ.get('PYTHONPATH', '')}"
    address = "postgresql://hladr@127.0.0.1:1/hladr"
    refused(tmp_path, "psycopg is not installed", HLADR_DATABASE_URL=address, PYTHONPATH=path)


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "data" / "hladr.sqlite").write_bytes(b"no database at all " * 100)
    refused(tmp_path, "DATABASE_UNUSABLE", "file is not a database")


def test_a_data_folder_that_is_a_file(tmp_path):
    (tmp_path / "data").write_text("x")
    refused(tmp_path, "data")


def test_an_address_that_another_has_or_nobody(tmp_path):
    with serving(tmp_path, program=QUICK) as process:
        ran = run(tmp_path, "serve", "--port", str(process.port), "--data", "other")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "already in use" in ran.stderr
    assert str(process.port) in ran.stderr
    assert "listens" not in ran.stderr
    assert not (tmp_path / "other").exists()
    refused(tmp_path, "10.9.9.9", HLADR_HOST="10.9.9.9")


def test_somebody_who_may_not(tmp_path, postgresql):
    import psycopg

    name = postgresql.fresh_name()
    with psycopg.connect(postgresql.url(name)) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
        connection.execute(f"CREATE ROLE {name} LOGIN")
        connection.execute(f"GRANT USAGE ON SCHEMA public TO {name}")
    address = postgresql.url(name).replace("hladr@", f"{name}@")
    refused(tmp_path, "DATABASE_UNUSABLE", "permission denied", HLADR_DATABASE_URL=address)


def made(statements, url):
    """Make tables of another application."""
    if url is None:
        return
    import psycopg

    with psycopg.connect(url) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
        for each in statements:
            connection.execute(each)


OTHERS = {
    "tables": ["CREATE TABLE lots (a integer)"],
    "another alembic": [
        "CREATE TABLE alembic_version (version_num varchar(32))",
        "INSERT INTO alembic_version VALUES ('abc')", "CREATE TABLE invoices (a integer)",
    ],
}  # fmt: skip


@pytest.mark.parametrize("statements", OTHERS.values(), ids=OTHERS.keys())
def test_a_database_of_another_application_is_left_alone(tmp_path, database_url, statements):
    made(statements, database_url)
    url = database_url or f"sqlite:///{tmp_path / 'other.sqlite'}"
    if database_url is None:
        with sqlite3.connect(tmp_path / "other.sqlite") as connection:
            for each in statements:
                connection.execute(each)
        connection.close()
    for command in (("serve",), ("key", "new"), ("audit", "verify")):
        refused(tmp_path, "DATABASE_OF_OTHERS", command=command, HLADR_DATABASE_URL=url)


def revised(tmp_path, revision):
    """A stopped service whose database says that it is of a revision; its hash."""
    with running(Settings(data_dir=tmp_path / "data", least_free=0, log_level="CRITICAL")):
        pass
    path = tmp_path / "data" / "hladr.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    connection.close()
    return lambda: hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_database_of_a_later_version_is_left_alone(tmp_path):
    now = revised(tmp_path, "9999")
    before = now()
    for command in (("serve",), ("key", "new"), ("audit", "verify")):
        refused(tmp_path, "DATABASE_NEWER", "9999", command=command)
    assert now() == before


def test_into_a_database_of_an_earlier_version_no_key_is_put_and_its_audit_can_be_read(tmp_path):
    revised(tmp_path, "0001")
    refused(tmp_path, "DATABASE_OLDER", "0001", command=("key", "new"))
    assert run(tmp_path, "audit", "verify", "--data", "data").stdout.startswith("intact")
