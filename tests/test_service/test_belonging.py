"""A data folder belongs to one database: beside another one nothing is started, nothing moved."""

import os
import subprocess
import sys

import pytest
from laboratory import files_kept, running
from process import PROGRAM
from pydantic import SecretStr

from service.operations.belonging import MARK, ForeignDatabase
from service.store import audit, files


@pytest.fixture
def database_url():
    return None


def other(settings, folder):
    """The same data folder with an empty database elsewhere."""
    return settings.model_copy(update={"database_url": SecretStr(f"sqlite:///{folder / 'other'}")})


@pytest.fixture
def kept(settings):
    """What a service has kept that was stopped after one analysis."""
    with running(settings) as service:
        service.analyse(service.calibration())
        return files_kept(service)


def run(folder, *arguments, **more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HLADR_")}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        capture_output=True, text=True, cwd=folder, check=False, timeout=60, env={**kept, **more},
    )  # fmt: skip


def found(settings):
    folder = settings.data_dir
    return {str(path.relative_to(folder)) for path in (folder / "files").glob("*/*")}


def test_a_new_database_beside_files_is_refused_and_nothing_is_moved(settings, kept, tmp_path):
    with pytest.raises(ForeignDatabase), running(other(settings, tmp_path)):
        pass
    assert found(settings) == kept
    assert not (tmp_path / "other").exists()


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("marked", [True, False])
def test_a_database_of_another_folder_is_refused(settings, tmp_path, marked):
    stranger = other(settings, tmp_path).model_copy(update={"data_dir": tmp_path / "elsewhere"})
    with running(stranger) as service:
        service.calibration(lot=service.lot(number="2"))
    if not marked:
        (settings.data_dir / MARK).unlink()
        for path in (tmp_path / "elsewhere" / "files").glob("*/*"):  # the beads are in both
            (settings.data_dir / "files" / path.parent.name / path.name).unlink()
    before = found(settings)
    with pytest.raises(ForeignDatabase), running(other(settings, tmp_path)):
        pass
    assert found(settings) == before


def test_a_folder_of_an_earlier_version_is_marked_at_the_start(settings, kept):
    (settings.data_dir / MARK).unlink()
    with running(settings) as service, service.laboratory.database.reading() as connection:
        first = next(iter(audit.entries(connection)))
    assert (settings.data_dir / MARK).read_text() == first.hash + "\n"
    assert found(settings) == kept


@pytest.mark.usefixtures("kept")
def test_a_start_reads_once_which_files_rows_speak_of(settings, monkeypatch):
    every, read = files.all_files, []
    monkeypatch.setattr(files, "all_files", lambda of: read.append(of) or every(of))
    with running(settings) as service:
        assert service.as_nobody().get("/health")["files"] == {"ok": True, "lost": 0}
    assert len(read) == 1


def test_files_that_were_set_apart_come_back_with_their_database(settings, kept):
    apart = settings.data_dir / "without-row"
    apart.mkdir()
    for path in kept:
        (settings.data_dir / path).rename(apart / path.rpartition("/")[2])
    with running(settings) as service:
        told = service.as_nobody().get("/health")
    assert told["files"] == {"ok": True, "lost": 0}
    assert found(settings) == kept
    assert list(apart.iterdir()) == []


def test_a_file_of_the_first_request_that_was_killed_stays_and_the_service_starts(settings):
    with running(settings) as service:
        incoming = service.laboratory.archive.incoming()
        arriving = incoming.begin("a.fcs")
        arriving.write(b"never acknowledged")
        service.laboratory.archive.keep(arriving.finished())
    before = found(settings)
    with running(settings):
        pass
    assert found(settings) == before != set()


def test_serve_says_it_in_a_sentence_and_exits_with_2(settings, kept, tmp_path):
    address = f"sqlite:///{tmp_path / 'other'}"
    ran = run(tmp_path, "serve", "--data", str(settings.data_dir), HLADR_DATABASE_URL=address)
    assert ran.returncode == 2
    assert ran.stderr.startswith("error [FOREIGN_DATABASE]")
    assert found(settings) == kept


@pytest.fixture
def beside(settings, tmp_path):
    """Settings of a service whose database lies elsewhere, stopped after one analysis."""
    settings = other(settings, tmp_path)
    with running(settings) as service:
        service.analyse(service.calibration())
    return settings


def test_a_new_folder_beside_a_database_that_knows_files_is_refused(beside, tmp_path):
    wrong = beside.model_copy(update={"data_dir": tmp_path / "forgotten"})
    with pytest.raises(ForeignDatabase), running(wrong):
        pass
    assert not (wrong.data_dir / MARK).exists()
    with running(beside) as service:
        assert service.as_nobody().get("/health")["files"] == {"ok": True, "lost": 0}


def test_files_that_are_really_lost_are_said_to_be_by_an_empty_mark(beside, tmp_path):
    left = beside.model_copy(update={"data_dir": tmp_path / "new"})
    left.data_dir.mkdir()
    (left.data_dir / MARK).touch()
    for _ in range(2):
        with running(left) as service:
            assert service.as_nobody().get("/health")["files"] == {"ok": False, "lost": 2}
    assert (left.data_dir / MARK).read_text() == (beside.data_dir / MARK).read_text()


def test_a_folder_without_its_mark_whose_files_were_set_apart_is_known(beside):
    (beside.data_dir / MARK).unlink()
    apart = beside.data_dir / "without-row"
    apart.mkdir()
    for path in found(beside):
        (beside.data_dir / path).rename(apart / path.rpartition("/")[2])
    with running(beside) as service:
        assert service.as_nobody().get("/health")["files"] == {"ok": True, "lost": 0}


@pytest.mark.usefixtures("kept")
def test_a_mark_that_is_none_is_of_no_database(settings):
    (settings.data_dir / MARK).write_bytes(b"\xff\xfe")
    with pytest.raises(ForeignDatabase), running(settings):
        pass
