"""`hladr watch` as a process: killed, ended, measuring once."""

import csv
import os
import signal
import subprocess
import sys
import time

import pytest
from watched_folder import LOT, PROGRAM, arrives


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
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 0
    assert "1 pass" in said
    assert "Traceback" not in said
