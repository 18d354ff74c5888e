"""A folder that files arrive in: each taken when it rests, nothing twice, nothing missed."""

import csv
import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hladr.assay import load_assay
from hladr.pairing import LotPeriod, checked_lot, default_rules
from hladr.watch import LogRestsOnOther, LogUnusable, ResultLog, Settling, State, Watcher

SAMPLES = Path(__file__).resolve().parents[2] / "sample_fcs"
LOT = "474,5359,23843,62336"
PROGRAM = "from hladr.cli.program import main; main()"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "exports"
    made.mkdir()
    return made


def rules():
    return replace(default_rules(), lots=(LotPeriod(None, None, checked_lot(LOT)),))


class Bench:
    """A watcher with a clock of its own."""

    def __init__(self, folder, output):
        self.folder, self.output, self.now, self.reports = folder, output, 0.0, []
        self.log = ResultLog(output)
        assay = load_assay("quantibrite-340827")
        self.watcher = Watcher(folder, rules(), assay, 5.0, self.log, self.reports.append)

    def after(self, seconds):
        self.now += seconds
        return [(seen.sample, seen.what) for seen in self.watcher.look(self.now)]

    def close(self):
        self.log.__exit__(None, None, None)

    def rows(self):
        with self.output.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


@pytest.fixture
def bench(folder, tmp_path):
    made = Bench(folder, tmp_path / "results.csv")
    yield made
    made.close()


def arrives(folder, source, name=None):
    return shutil.copyfile(SAMPLES / source, folder / (name or source))


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


def test_an_export_that_is_written_over_is_another_row(bench, folder):
    arrives(folder, "canto-beads.fcs")
    arrives(folder, "mals.fcs", "tube.fcs")
    bench.after(0)
    bench.after(6)
    arrives(folder, "healthy.fcs", "tube.fcs")
    bench.after(1)
    assert bench.after(6) == [("tube.fcs", "pass")]
    first, second = bench.rows()
    assert first["sample_sha256"] != second["sample_sha256"]


def test_a_restart_measures_nothing_twice_and_misses_nothing(bench, folder, tmp_path):
    arrives(folder, "canto-beads.fcs")
    arrives(folder, "mals.fcs")
    bench.after(0)
    bench.after(6)
    bench.close()
    arrives(folder, "borderline.fcs")
    again = Bench(folder, tmp_path / "results.csv")
    again.after(0)
    assert again.after(6) == [("borderline.fcs", "pass")]
    assert [row["sample"] for row in again.rows()] == ["mals.fcs", "borderline.fcs"]
    again.close()


@pytest.mark.parametrize("cut", [1, 40, 10_000])
def test_a_row_that_was_cut_off_is_taken_away_and_measured_again(cut, bench, folder, tmp_path):
    arrives(folder, "canto-beads.fcs")
    arrives(folder, "mals.fcs")
    bench.after(0)
    bench.after(6)
    bench.close()
    output = tmp_path / "results.csv"
    whole = output.read_bytes()
    output.write_bytes(whole[: max(len(whole) - cut, 0)])
    again = Bench(folder, output)
    again.after(0)
    assert again.after(6) == [("mals.fcs", "pass")]
    again.close()
    assert output.read_bytes() == whole


def test_another_table_and_a_table_in_use_are_left_alone(bench, tmp_path):
    with pytest.raises(LogUnusable, match="another hladr watch"):
        ResultLog(tmp_path / "results.csv")
    other = tmp_path / "other.csv"
    other.write_text("patient,age\nA,7\n")
    with pytest.raises(LogUnusable, match="begins as another file"):
        ResultLog(other)
    assert other.read_text() == "patient,age\nA,7\n"
    for content in (
        b"notes without an end of line",
        b"a,b\n1,2",
        (SAMPLES / "mals.fcs").read_bytes(),
    ):
        other.write_bytes(content)
        with pytest.raises(LogUnusable):
            ResultLog(other)
        assert other.read_bytes() == content
    with pytest.raises(LogUnusable):
        ResultLog(tmp_path)
    assert bench.rows() == []


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


def begun_again(bench, folder, *, lot=LOT, assay=None):
    """A watcher on the table that is there, with another lot or assay."""
    bench.close()
    bench.log = ResultLog(bench.output)
    known = replace(default_rules(), lots=(LotPeriod(None, None, checked_lot(lot)),))
    return Watcher(
        folder, known, assay or load_assay("quantibrite-340827"), 5.0, bench.log, lambda _: None
    )


def test_a_table_is_not_continued_with_another_lot_assay_or_algorithm(bench, folder, monkeypatch):
    arrives(folder, "canto-beads.fcs")
    arrives(folder, "mals.fcs")
    bench.after(0)
    bench.after(6)
    begun_again(bench, folder)
    before = bench.output.read_bytes()
    with pytest.raises(LogRestsOnOther, match=r"lot 402,4550.*another output.*hladr batch"):
        begun_again(bench, folder, lot="402,4550,20240,52900")
    other = replace(load_assay("quantibrite-340827"), sha256="4" * 64)
    with pytest.raises(LogRestsOnOther, match="444444444444"):
        begun_again(bench, folder, assay=other)
    monkeypatch.setattr("hladr.watch.basis.ALGORITHM", "999")
    with pytest.raises(LogRestsOnOther, match="algorithm 999"):
        begun_again(bench, folder)
    assert bench.output.read_bytes() == before


def test_a_lot_of_other_days_may_be_added(bench, folder):
    arrives(folder, "canto-beads.fcs")
    arrives(folder, "mals.fcs")
    bench.after(0)
    bench.after(6)
    bench.close()
    lots = (
        LotPeriod(None, dt.date(2099, 1, 1), checked_lot(LOT)),
        LotPeriod(dt.date(2099, 1, 2), None, checked_lot("402,4550,20240,52900")),
    )
    bench.log = ResultLog(bench.output)
    known, assay = replace(default_rules(), lots=lots), load_assay("quantibrite-340827")
    Watcher(folder, known, assay, 5.0, bench.log, lambda _: None)


def test_a_lot_file_that_is_written_over_does_not_mix_numbers(bench, folder, tmp_path):
    lot = tmp_path / "lot.toml"
    lot.write_text("assigned = [474, 5359, 23843, 62336]\n")
    arrives(folder, "canto-beads.fcs")
    arrives(folder, "mals.fcs")
    watcher = begun_again(bench, folder, lot=str(lot))
    lot.write_text("assigned = [402, 4550, 20240, 52900]\n")
    list(watcher.look(0.0))
    assert [seen.what for seen in watcher.look(6.0)] == ["pass"]
    lot.write_text("assigned = [474, 5359, 23843, 62336]\n")
    begun_again(bench, folder, lot=str(lot))


def test_beads_that_are_replaced_by_others_of_their_name_are_said_once(bench, folder):
    beads = arrives(folder, "canto-beads.fcs")
    arrives(folder, "mals.fcs")
    bench.after(0)
    bench.after(6)
    touched(beads)
    bench.after(1)
    assert bench.after(6) == []
    with beads.open("ab") as file:
        file.write(b"another")
    bench.after(1)
    assert bench.after(6) == [("canto-beads.fcs", "replaced")]
    assert bench.after(6) == []


def test_nothing_is_read_again_while_nothing_changes(bench, folder, monkeypatch):
    from hladr.pairing import copies
    from hladr.watch import contents, watcher

    arrives(folder, "canto-beads.fcs")
    arrives(folder, "mals.fcs")
    arrives(folder, "mals.fcs", "copy.fcs")
    bench.after(0)
    assert bench.after(6) == [("copy.fcs", "pass")]

    def read(*_given):
        raise AssertionError("read again")

    for module, name in ((watcher, "pair_tubes"), (copies, "sha256_of"), (contents, "Path")):
        monkeypatch.setattr(module, name, read)
    assert bench.after(6) == bench.after(6) == []


def touched(path):
    now = path.stat().st_mtime_ns + 7_000_000_000
    os.utime(path, ns=(now, now))


def test_what_is_touched_or_renamed_is_known_by_its_bytes(bench, folder, tmp_path):
    arrives(folder, "canto-beads.fcs")
    target = arrives(folder, "mals.fcs")
    bench.after(0)
    bench.after(6)
    touched(target)
    bench.after(1)
    assert bench.after(6) == [("mals.fcs", "known")]
    target.rename(folder / "later-name.fcs")
    bench.after(1)
    assert bench.after(6) == [("later-name.fcs", "known")]
    assert bench.after(6) == []
    bench.close()
    again = Bench(folder, tmp_path / "results.csv")
    again.after(0)
    assert again.after(6) == [("later-name.fcs", "known")]
    assert [row["sample"] for row in again.rows()] == ["mals.fcs"]
    again.close()


def test_a_sample_that_its_beads_refused_is_measured_when_better_ones_come(bench, folder):
    arrives(folder, "mals.fcs")
    spoiled = arrives(folder, "canto-beads.fcs", "beads.fcs")
    content = bytearray(spoiled.read_bytes())
    header = content[:58].decode("ascii")
    first, last = int(header[26:34]), int(header[34:42])
    content[first : last + 1] = bytes(last + 1 - first)
    spoiled.write_bytes(content)
    bench.after(0)
    ((sample, code),) = bench.after(6)
    assert sample == "mals.fcs"
    touched(spoiled)
    bench.after(1)
    assert bench.after(6) == [("mals.fcs", code)]
    assert [row["error"] for row in bench.rows()] == [code]
    arrives(folder, "canto-beads.fcs", "beads.fcs")
    bench.after(1)
    assert bench.after(6) == [("mals.fcs", "pass")]
    assert bench.after(60) == []
    assert [row["verdict"] or row["error"] for row in bench.rows()] == [code, "pass"]


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


def begun(folder, output, *more):
    return subprocess.Popen(
        [
            sys.executable, "-c", PROGRAM, "watch", folder, "-o", output, "--lot", LOT,
            "--settle", "0.4", *more,
        ],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def samples_in(output):
    if not output.exists():
        return []
    with output.open(encoding="utf-8", newline="") as file:
        return [row["sample"] for row in csv.DictReader(file) if row["changed_ns"]]


def test_a_process_that_is_killed_again_and_again_misses_nothing(folder, tmp_path):
    output = tmp_path / "results.csv"
    arrives(folder, "canto-beads.fcs")
    names = [f"s{number}.fcs" for number in range(6)]
    for number, name in enumerate(names):
        target = arrives(folder, ("mals.fcs", "healthy.fcs")[number % 2], name)
        with target.open("ab") as file:
            file.write(name.encode())
    deadline = time.monotonic() + 120
    while len(samples_in(output)) < len(names) and time.monotonic() < deadline:
        before = len(samples_in(output))
        running = begun(folder, output)
        while len(samples_in(output)) < before + 2 and running.poll() is None:
            time.sleep(0.02)
            if len(samples_in(output)) == len(names):
                break
        running.send_signal(signal.SIGKILL)
        running.wait()
        running.stderr.close()
    assert sorted(samples_in(output)) == names


def test_the_command_measures_what_is_there_and_writes_reports(folder, tmp_path):
    arrives(folder, "canto-beads.fcs")
    arrives(folder, "mals.fcs")
    (folder / "broken.fcs").write_bytes(b"none")
    running = begun(folder, tmp_path / "r.csv", "--once", "--report", tmp_path / "reports")
    _, said = running.communicate(timeout=120)
    assert running.returncode == 1
    assert "mals.fcs: pass" in said
    assert "broken.fcs: NOT_FCS" in said
    assert "1 NOT_FCS, 1 pass" in said
    assert len(list((tmp_path / "reports").glob("mals-*.html"))) == 1


def test_the_command_leaves_with_1_when_blood_waits_and_with_2_on_a_table_of_another_lot(
    folder, tmp_path
):
    output = tmp_path / "r.csv"
    arrives(folder, "mals.fcs")
    running = begun(folder, output, "--once")
    _, said = running.communicate(timeout=120)
    assert (running.returncode, "mals.fcs: waits" in said) == (1, True)
    arrives(folder, "canto-beads.fcs")
    running = begun(folder, output, "--once")
    assert "mals.fcs: pass" in running.communicate(timeout=120)[1]
    assert running.returncode == 0
    running = begun(folder, output, "--once", "--lot", "402,4550,20240,52900")
    _, said = running.communicate(timeout=120)
    assert running.returncode == 2
    assert "[RESULT_LOG_RESTS_ON_OTHER]" in said


@pytest.mark.skipif(os.name == "nt", reason="signals are others there")
def test_ctrl_c_ends_it_in_good_order(folder, tmp_path):
    arrives(folder, "canto-beads.fcs")
    arrives(folder, "mals.fcs")
    running = begun(folder, tmp_path / "r.csv")
    while not samples_in(tmp_path / "r.csv"):
        assert running.poll() is None
        time.sleep(0.05)
    time.sleep(0.5)  # the row is there; that it is counted comes a moment later
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 0
    assert "1 pass" in said
    assert "Traceback" not in said
