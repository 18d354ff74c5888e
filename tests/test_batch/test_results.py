"""A batch gives what `quantify` gives, and measures nothing twice."""

import json
import os
import subprocess
import sys
from importlib.resources import files

import pytest

from hladr import quantify
from hladr.batch import run
from hladr.context import Context

LOT = "474,5359,23843,62336"


def records(results):
    return [result.record for result in results]


def test_a_batch_says_what_quantify_says(archive, journal):
    archive.add(4, subject="P-1", drawn_at="2026-03-14T08:00", ferritin_ng_ml="812")
    results, missing = archive.measured(journal)
    assert sorted(missing) == [0, 1, 2, 3]
    for row, found in zip(archive.rows, results, strict=True):
        expected = quantify(
            archive.folder / row["sample"], beads=archive.folder / row["beads"], lot=LOT,
            ferritin_ng_ml="812", context=Context(subject="P-1", drawn_at="2026-03-14T08:00"),
        ).to_dict()  # fmt: skip
        assert found.record == expected
        assert found.refusal is None


def test_a_second_run_measures_nothing(archive, journal, idle):
    archive.add(3)
    first, _ = archive.measured(journal)
    again, missing = archive.measured(journal, idle)
    assert missing == []
    assert json.dumps(records(again)) == json.dumps(records(first))


def test_ferritin_criterion_and_context_are_applied_to_what_is_kept(archive, journal, idle):
    archive.add(3)
    first, _ = archive.measured(journal)
    for row in archive.rows:
        row |= {"ferritin_ng_ml": "9000", "subject": "P-9"}
    again, _ = archive.measured(journal, idle)
    for before, after in zip(records(first), records(again), strict=True):
        assert after["hla_dr"] == before["hla_dr"]
        assert after["classification"]["ferritin_ng_ml"] == "9000"
        assert after["context"]["subject"] == "P-9"
        assert before["classification"]["class"] != "MALS" == after["classification"]["class"]
    for row in archive.rows:
        row["criterion"] = "grid-2023"
    for after in records(archive.measured(journal, idle)[0]):
        assert after["classification"]["criterion"]["name"] == "grid-2023"


def test_a_corrected_lot_never_returns_an_old_number(archive, journal):
    archive.add(4, a_day=2)
    first, _ = archive.measured(journal)
    for row in archive.rows[:2]:
        row["lot"] = "480,5400,24000,63000"
    again, missing = archive.measured(journal)
    assert sorted(missing) == [0, 1]
    for place in range(4):
        before, after = (each[place].record["hla_dr"]["abc"] for each in (first, again))
        assert (before != after) == (place < 2)


def test_gates_assay_and_another_curve_are_other_numbers(archive, journal, tmp_path):
    archive.add(1)
    archive.measured(journal)
    assay = tmp_path / "assay.toml"
    built_in = (files("hladr.assay") / "quantibrite-340827.toml").read_text("utf-8")
    own = built_in.replace('name = "quantibrite-340827"', 'name = "ours"')
    assay.write_text(own.replace('version = "1"', 'version = "7"'))
    archive.rows[0]["assay"] = str(assay)
    results, missing = archive.measured(journal)
    assert missing == [0]
    assert results[0].record["assay"]["version"] == "7"


def test_a_file_that_changed_is_measured_again(archive, journal):
    archive.add(2)
    archive.measured(journal)
    archive.tube("healthy.fcs", "s000.fcs", "another")
    _, missing = archive.measured(journal)
    assert missing == [0]
    archive.tube("canto-beads.fcs", "beads0.fcs", "another")
    _, missing = archive.measured(journal)
    assert sorted(missing) == [0, 1]


def test_a_file_of_the_same_name_size_and_time_elsewhere_is_another(archive, journal):
    archive.add(1)
    archive.measured(journal)
    path = archive.folder / "s000.fcs"
    old = path.stat()
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    other = path.with_suffix(".new")
    other.write_bytes(content)
    other.replace(path)
    os.utime(path, ns=(old.st_atime_ns, old.st_mtime_ns))
    _, missing = archive.measured(journal)
    assert missing == [0]


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_as_they_are_done(workers, archive, journal):
    archive.add(5)
    found = {result.place: result.record for result in run(archive.manifest, workers=workers)}
    results, _ = archive.measured(journal)
    assert [found[place] for place in range(5)] == records(results)


def test_a_script_needs_no_guard(archive, tmp_path):
    archive.add(2)
    script = tmp_path / "script.py"
    script.write_text(
        "from hladr.batch import run\n"
        f"print(sum(1 for _ in run({str(archive.manifest)!r}, workers=2)))\n"
    )
    ran = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert (ran.stdout, ran.stderr) == ("2\n", "")


@pytest.mark.parametrize(
    "given", [{"workers": 0}, {"workers": 2, "scheduler": "tcp://127.0.0.1:1"}]
)
def test_what_cannot_be_meant_is_refused_before_any_work(given, archive):
    archive.add(1)
    with pytest.raises(ValueError, match="worker"):
        next(run(archive.manifest, **given))


def test_the_command_says_how_far_the_table_is_written(
    archive, journal, tmp_path, monkeypatch, capsys
):
    from hladr.cli import rate
    from hladr.cli.main import run

    archive.add(3)
    archive.measured(journal)
    monkeypatch.setattr(rate, "_EVERY", 0.0)
    with pytest.raises(SystemExit) as left:
        run(
            [
                "batch",
                str(archive.manifest),
                "-o",
                str(tmp_path / "r.csv"),
                "--journal",
                str(journal),
            ]
        )
    assert left.value.code == 0
    assert "written 2 of 3" in capsys.readouterr().err
