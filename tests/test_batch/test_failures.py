"""Whatever is wrong with a file, it is a row with its code and the rest goes on."""

import os
import threading

import pytest


def codes(results):
    return [result.refusal for result in results]


def test_each_failure_is_a_row_with_its_code_and_the_rest_goes_on(archive, journal):
    archive.add(7, a_day=1)
    (archive.folder / "s001.fcs").unlink()
    (archive.folder / "s002.fcs").write_bytes(b"no FCS")
    cut = (archive.folder / "s003.fcs").read_bytes()
    (archive.folder / "s003.fcs").write_bytes(cut[: len(cut) // 2])
    (archive.folder / "beads4.fcs").unlink()
    archive.tube("healthy.fcs", "beads5.fcs", "blood in the place of beads")
    results, _ = archive.measured(journal)
    refused = codes(results)
    assert refused[0] is refused[6] is None
    assert refused[1:5] == ["FILE_UNREADABLE", "NOT_FCS", "TRUNCATED_DATA", "FILE_UNREADABLE"]
    assert refused[5] is not None
    assert "beads4.fcs" in results[4].record["error"]["message"]


def test_beads_of_another_instrument_are_rejected_not_lost(archive, journal):
    archive.add(1)
    archive.tube("calibur-beads.fcs", "beads0.fcs", "calibur")
    results, _ = archive.measured(journal)
    record = results[0].record
    assert record.get("error") or record["verdict"] == "reject"


def test_what_was_missing_is_measured_when_it_is_there(archive, journal):
    archive.add(2)
    away = archive.folder / "away"
    (archive.folder / "s001.fcs").rename(away)
    assert codes(archive.measured(journal)[0]) == [None, "FILE_UNREADABLE"]
    away.rename(archive.folder / "s001.fcs")
    results, missing = archive.measured(journal)
    assert (codes(results), missing) == ([None, None], [1])


def test_a_refusal_that_the_content_gives_is_kept(archive, journal, idle):
    archive.add(1)
    archive.tube("canto-beads.fcs", "s000.fcs", "beads in the place of blood")
    first, _ = archive.measured(journal)
    again, _ = archive.measured(journal, idle)
    assert codes(first) == codes(again) != [None]


def test_definitions_that_cannot_be_read_are_failures_of_their_rows(archive, journal, tmp_path):
    archive.add(2)
    archive.rows[1] |= {"beads": "", "lot": "", "curve": str(tmp_path / "none.json")}
    assert codes(archive.measured(journal)[0]) == [None, "CURVE_FILE_UNREADABLE"]


def test_a_file_that_is_written_to_while_it_is_measured_is_refused(archive, journal, monkeypatch):
    from hladr.batch import worker

    archive.add(1)
    path = archive.folder / "s000.fcs"
    measure = worker.measure

    def written_to(*arguments):
        found = measure(*arguments)
        path.write_bytes(path.read_bytes() + b"more")
        return found

    class Here:
        chunk = 8

        def done(self, chunks):
            monkeypatch.setattr(worker, "measure", written_to)
            for chunk in chunks:
                yield worker.measure_chunk(chunk)
            monkeypatch.undo()

    assert codes(archive.measured(journal, Here())[0]) == ["FILE_CHANGED"]
    results, missing = archive.measured(journal)
    assert (codes(results), missing) == ([None], [0])


def test_a_bug_over_beads_is_a_failure_of_their_samples(archive, journal, monkeypatch, capfd):
    from hladr.batch import worker

    archive.add(2, a_day=1)

    class Here:
        chunk = 8

        def done(self, chunks):
            read = worker.read_table

            def broken(location):
                if location.endswith("beads0.fcs"):
                    raise ZeroDivisionError("of all things")
                return read(location)

            with monkeypatch.context() as patched:
                patched.setattr(worker, "read_table", broken)
                for chunk in chunks:
                    yield worker.measure_chunk(chunk)

    monkeypatch.setattr(worker, "_last", None)
    assert codes(archive.measured(journal, Here())[0]) == ["INTERNAL_ERROR", None]
    assert "of all things" in capfd.readouterr().err
    assert archive.measured(journal)[1] == [0]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name")
def test_a_pipe_with_a_name_is_not_waited_for(tmp_path):
    from hladr.batch.location import announce

    os.mkfifo(tmp_path / "pipe.fcs")
    waiting = threading.Thread(target=announce, args=(str(tmp_path / "pipe.fcs"),), daemon=True)
    waiting.start()
    waiting.join(10)
    assert not waiting.is_alive()


@pytest.mark.skipif(not hasattr(os, "posix_fadvise"), reason="nothing is announced there")
def test_a_file_is_announced_piece_by_piece_and_whatever_is_none_is_passed_over(
    tmp_path, monkeypatch
):
    from hladr.batch.location import announce

    told = []
    monkeypatch.setattr(os, "posix_fadvise", lambda _file, *more: told.append(more[:2]))
    path = tmp_path / "s.fcs"
    path.write_bytes(bytes((5 << 20) // 2))
    for location in (tmp_path, tmp_path / "none.fcs", "s3://bucket/key", "a\0b"):
        announce(str(location))
    assert told == []
    announce(str(path))
    assert told == [(start << 20, 1 << 20) for start in range(3)]
