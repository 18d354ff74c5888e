"""A folder that files arrive in: each taken when it rests, nothing missed."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from watched_folder import SAMPLES, arrives, rules

from hladr.assay import load_assay
from hladr.pairing import default_rules
from hladr.watch import LogUnusable, ResultLog, Settling, State, Watcher


@given(
    changes=st.lists(st.tuples(st.integers(0, 2), st.floats(0.1, 4.0)), min_size=1, max_size=20),
    rest=st.floats(1.0, 3.0),
)
def test_a_file_is_settled_when_it_has_been_as_it_is_for_long_enough(changes, rest):
    settling, now, state, since = Settling(rest), 0.0, None, 0.0
    for size, step in changes:
        now += step
        if state != State(size, 0):
            state, since = State(size, 0), now
        found = settling.settled({"a": state}, now)
        assert (found == {"a": state}) == (size > 0 and now - since >= rest)


def test_a_file_that_is_gone_and_comes_back_rests_anew():
    settling, state = Settling(2.0), {"a": State(5, 1)}
    assert settling.settled(state, 0.0) == {}
    assert settling.settled({}, 1.0) == {}
    assert settling.settled(state, 2.5) == {}
    assert settling.settled(state, 4.5) == state


def test_a_tube_is_measured_once_when_it_and_its_beads_rest(bench, folder):
    arrives(folder, "mals.fcs")
    arrives(folder, "canto-beads.fcs")
    assert bench.after(0) == bench.after(4) == []
    assert bench.after(2) == [("mals.fcs", "pass")]
    assert bench.after(60) == []
    (row,) = bench.rows()
    assert (row["sample"], row["beads"], row["verdict"]) == ("mals.fcs", "canto-beads.fcs", "pass")
    assert float(row["abc"]) == bench.reports[0].hla_dr.abc


def test_what_is_still_written_waits(bench, folder):
    arrives(folder, "canto-beads.fcs")
    content = (SAMPLES / "mals.fcs").read_bytes()
    target = folder / "mals.fcs"
    for part in range(1, 5):
        target.write_bytes(content[: len(content) * part // 4])
        bench.after(3)
    assert bench.rows() == []
    assert bench.after(6) == [("mals.fcs", "pass")]


def test_blood_waits_for_its_beads_and_says_so_once(bench, folder):
    arrives(folder, "mals.fcs")
    bench.after(0)
    assert bench.after(6) == [("mals.fcs", "waits")]
    assert bench.after(6) == []
    arrives(folder, "canto-beads.fcs")
    bench.after(1)
    assert bench.after(6) == [("mals.fcs", "pass")]


def test_a_file_that_cannot_be_read_is_a_row_once(bench, folder):
    (folder / "broken.fcs").write_bytes(b"FCS3.1 and nothing more")
    bench.after(0)
    ((sample, code),) = bench.after(6)
    assert sample == "broken.fcs"
    assert bench.after(6) == []
    assert [(row["sample"], row["error"]) for row in bench.rows()] == [("broken.fcs", code)]


def test_what_the_system_does_not_give_is_said_once_and_again_when_it_was_there(bench, folder):
    away, link = folder.with_name("away"), folder / "link.fcs"
    link.symlink_to(folder / "none.fcs")
    assert bench.after(0) == [("link.fcs", "later")]
    assert bench.after(6) == []
    assert bench.watcher.unfinished == 1
    link.unlink()
    assert bench.after(1) == []
    assert bench.watcher.unfinished == 0
    for _ in range(2):
        folder.rename(away)
        assert bench.after(1) == [(str(folder), "later")]
        assert bench.after(1) == []
        away.rename(folder)
        assert bench.after(1) == []


def test_a_closed_folder_is_said_once_and_its_samples_come_when_it_opens(
    bench, folder, monkeypatch
):
    inner = folder / "day 1"
    inner.mkdir()
    arrives(inner, "canto-beads.fcs")
    arrives(inner, "mals.fcs")
    real = os.scandir

    def closed(path):
        if str(path) == str(inner):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", closed)  # root may look into any folder
        assert bench.after(0) == [("day 1", "later")]
        assert bench.after(6) == []
    bench.after(1)
    assert bench.after(6) == [("day 1/mals.fcs", "pass")]


def test_what_the_system_does_not_give_is_tried_again_and_is_no_row(bench, folder, monkeypatch):
    from hladr.fcs.errors import FileUnreadable
    from hladr.watch import watcher

    arrives(folder, "canto-beads.fcs")
    arrives(folder, "mals.fcs")
    bench.after(0)

    def refuse(*_given, **_more):
        raise FileUnreadable(file="mals.fcs", reason="the share is away")

    with monkeypatch.context() as patched:
        patched.setattr(watcher, "quantify", refuse)
        assert bench.after(6) == [("mals.fcs", "later")]
        assert bench.after(6) == []
    assert bench.rows() == []
    assert bench.after(6) == [("mals.fcs", "pass")]


def test_a_bug_over_one_file_does_not_stop_the_others(bench, folder, monkeypatch, capsys):
    from hladr.watch import watcher

    arrives(folder, "canto-beads.fcs")
    arrives(folder, "healthy.fcs")
    arrives(folder, "mals.fcs")
    real = watcher.quantify

    def broken(path, **given):
        if path.endswith("healthy.fcs"):
            raise ZeroDivisionError("of all things")
        return real(path, **given)

    monkeypatch.setattr(watcher, "quantify", broken)
    bench.after(0)
    assert sorted(bench.after(6)) == [("healthy.fcs", "INTERNAL_ERROR"), ("mals.fcs", "pass")]
    assert bench.after(6) == []
    assert "of all things" in capsys.readouterr().err


def test_a_report_that_cannot_be_written_is_no_refusal_of_the_sample(folder, tmp_path):
    arrives(folder, "canto-beads.fcs")
    arrives(folder, "mals.fcs")

    def full(_result):
        raise LogUnusable(path="reports", reason="the disk is full")

    with ResultLog(tmp_path / "r.csv") as log:
        watcher = Watcher(folder, rules(), load_assay("quantibrite-340827"), 5.0, log, full)
        list(watcher.look(0.0))
        with pytest.raises(LogUnusable):
            list(watcher.look(6.0))
    assert len((tmp_path / "r.csv").read_text().splitlines()) == 1


def test_blood_on_a_day_without_a_lot_is_said_once(folder, tmp_path):
    arrives(folder, "canto-beads.fcs")
    arrives(folder, "mals.fcs")
    with ResultLog(tmp_path / "r.csv") as log:
        watcher = Watcher(
            folder, default_rules(), load_assay("quantibrite-340827"), 5.0, log, lambda _: None
        )
        assert list(watcher.look(0.0)) == []
        assert [(seen.sample, seen.what) for seen in watcher.look(6.0)] == [
            ("mals.fcs", "left out")
        ]
        assert list(watcher.look(12.0)) == []
