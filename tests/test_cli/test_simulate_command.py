"""Files with a known answer, the same for the same seed."""

import json

import pytest

from hladr.fcs import read_fcs
from hladr.simulate import pair_names


def test_the_list_is_every_case_the_simulator_knows(hladr):
    assert tuple(hladr("simulate", "--list").out.split()) == pair_names()


def test_a_case_gives_two_files_their_truth_and_the_next_command(hladr, tmp_path):
    ran = hladr("simulate", "healthy", "--events", "2000", "--seed", "3", "-o", tmp_path)
    assert ran.status == 0
    truth = json.loads((tmp_path / "truth.json").read_text())["healthy-3"]
    assert f"{truth['blood']['abc']:,.1f} AB/c" in ran.out
    blood = read_fcs(tmp_path / "healthy-3-blood.fcs")
    assert 1500 < blood.n_events <= 2000
    assert f"--lot {truth['lot']}" in ran.err


def test_a_seed_gives_the_same_bytes_and_another_seed_others(hladr, tmp_path):
    for folder, seed in (("a", 3), ("b", 3), ("c", 4)):
        hladr("simulate", "healthy", "--events", "500", "--seed", seed, "-o", tmp_path / folder)
    read = {name: (tmp_path / name / "healthy-3-blood.fcs") for name in ("a", "b")}
    assert read["a"].read_bytes() == read["b"].read_bytes()
    other = (tmp_path / "c" / "healthy-4-blood.fcs").read_bytes()
    assert read["a"].read_bytes() != other


def test_an_unknown_case_is_refused_with_those_that_are_known(hladr, tmp_path):
    ran = hladr("simulate", "nonsense", "-o", tmp_path)
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith("error [UNKNOWN_CASE]: ")
    assert "severe_sepsis" in ran.err


def test_a_folder_that_cannot_be_made_is_refused(hladr, tmp_path):
    (tmp_path / "file").write_text("")
    ran = hladr("simulate", "healthy", "--events", "500", "-o", tmp_path / "file" / "folder")
    assert ran.status == 1
    assert ran.err.startswith("error [OUTPUT_NOT_WRITABLE]: ")


@pytest.mark.parametrize(
    "arguments", [(), ("healthy", "--events", "3"), ("healthy", "--seed", "-1")]
)
def test_wrong_usage_exits_with_two(hladr, arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert hladr("simulate", *arguments).status == 2
    assert list(tmp_path.iterdir()) == []
