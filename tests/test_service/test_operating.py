"""What whoever has the machine can do there, and what others on it cannot see."""

import stat

import pytest
from laboratory import running
from process import serving
from typer.testing import CliRunner

from service.principal import Scope
from service.program import app


@pytest.fixture
def database_url():
    return None


@pytest.fixture
def program(monkeypatch, tmp_path):
    """``hladr`` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HLADR_DATABASE_URL", raising=False)
    return lambda *arguments: CliRunner().invoke(app, arguments)


def test_whoever_lost_every_key_makes_another_on_the_machine(settings, program):
    with running(settings) as service:
        ran = program("key", "new", "--data", str(settings.data_dir), "--label", "found again")
        assert ran.exit_code == 0, ran.output
        secret = ran.stdout.removeprefix("API key: ").strip()
        made = service.as_key(secret).get("keys")["keys"][-1]
        assert made["label"] == "found again"
        assert made["scopes"] == sorted(Scope)
        last = service.get("audit?most=1000")["entries"][-1]
        assert (last["action"], last["actor"]) == ("key.made", "system")
        assert service.audit()[-1] == "key.made"
        assert secret not in service.call("GET", "audit").text


@pytest.mark.parametrize("label", ["", "x" * 197, "a\x00b"])
def test_a_label_that_is_none_makes_no_key(settings, program, label):
    with running(settings) as service:
        ran = program("key", "new", "--data", str(settings.data_dir), "--label", label)
        assert ran.exit_code == 2
        assert len(service.get("keys")["keys"]) == 1


@pytest.mark.parametrize("command", [("audit", "verify"), ("key", "new")])
@pytest.mark.parametrize("there", ["nothing", "folder", "empty", "other"])
def test_without_a_database_a_command_says_so_and_makes_none(program, tmp_path, command, there):
    folder = tmp_path / "data"
    if there != "nothing":
        folder.mkdir()
    if there in {"empty", "other"}:
        content = b"" if there == "empty" else b"no database at all " * 100
        (folder / "hladr.sqlite").write_bytes(content)
    ran = program(*command, "--data", str(folder))
    assert ran.exit_code == 2, ran.output
    assert "NO_DATABASE" in ran.stderr
    if there in {"nothing", "folder"}:
        assert not (folder / "hladr.sqlite").exists()


def test_a_database_that_does_not_answer_is_no_broken_chain(program, monkeypatch):
    monkeypatch.setenv("HLADR_DATABASE_URL", "postgresql://hladr@127.0.0.1:1/hladr")
    ran = program("audit", "verify")
    assert ran.exit_code == 2
    assert "DATABASE_UNAVAILABLE" in ran.stderr


def test_in_a_folder_that_was_there_the_database_is_read_by_its_owner_alone(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o755)
    with serving(tmp_path, "--data", "data") as process:
        for path in folder.rglob("*"):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
        said = process.err.read_text().splitlines()
        assert said[0].startswith("warning: others on this machine can read the data folder")
        assert '"the data folder can be read by others on this machine"' in process.err.read_text()


def test_a_database_that_others_could_read_is_closed_at_the_start(settings):
    with running(settings):
        pass
    path = settings.data_dir / "hladr.sqlite"
    path.chmod(0o644)
    with running(settings):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
