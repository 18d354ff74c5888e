"""What the number may not depend on: HLA-DR in the gate, storage, thread, process, time."""

import dataclasses
import io
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import hladr


def test_the_gate_never_looks_at_hla_dr(sepsis):
    table = sepsis.exported()
    expected = sepsis.result(table)
    rng = np.random.default_rng(8)
    for change in (rng.permutation, lambda stored: np.full(stored.size, 3.0e4)):
        result = sepsis.result(sepsis.exported(values={"Comp-PE-A": change}))
        for one, other in zip(expected.gating.populations, result.gating.populations, strict=True):
            np.testing.assert_array_equal(one.mask, other.mask)
        assert result.gating.confidence == expected.gating.confidence
        assert result.measured.mfi != expected.measured.mfi


@pytest.mark.parametrize(("data_type", "byte_order"), [("I", "big"), ("F", "little"), ("D", "big")])
def test_the_way_numbers_are_stored_does_not_matter(data_type, byte_order, monocytes, bench):
    """The same whole numbers as integers, floats and doubles, either end first."""
    navios = bench("healthy_navios", events=15_000)
    expected = navios.result()
    style = dataclasses.replace(
        navios.blood.recording.style, data_type=data_type, byte_order=byte_order
    )
    again = dataclasses.replace(navios.blood.recording, style=style)
    result = navios.result(io.BytesIO(again.to_bytes()))
    np.testing.assert_array_equal(monocytes(expected), monocytes(result))
    assert result.measured.abc == expected.measured.abc


def test_the_same_files_give_the_same_record_in_any_thread(sepsis):
    files = [tube.recording.to_bytes() for tube in (sepsis.blood, sepsis.beads)]

    def record(_):
        blood_file, bead_file = map(io.BytesIO, files)
        return hladr.quantify(blood_file, beads=bead_file, lot=sepsis.lot).to_dict()

    with ThreadPoolExecutor(3) as pool:
        records = list(pool.map(record, range(3)))
    assert records[0] == records[1] == records[2] == record(0)


AGAIN = """
import json, sys, hladr
blood, beads, lot = sys.argv[1:]
print(json.dumps(hladr.quantify(blood, beads=beads, lot=lot).to_dict(), sort_keys=True))
"""


def test_the_same_files_give_the_same_record_in_another_process_and_time(sepsis, tmp_path):
    paths = [tmp_path / "blood.fcs", tmp_path / "beads.fcs"]
    for path, tube in zip(paths, (sepsis.blood, sepsis.beads), strict=True):
        path.write_bytes(tube.recording.to_bytes())
    here = hladr.quantify(paths[0], beads=paths[1], lot=sepsis.lot).to_dict()
    root = hladr.__file__.rsplit("/", 2)[0]
    ran = subprocess.run(
        [sys.executable, "-c", AGAIN, *map(str, paths), sepsis.lot],
        capture_output=True, text=True, check=True, cwd=root,
        env={"PATH": "", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7", "PYTHONPATH": root},
    )  # fmt: skip
    assert ran.stdout.strip() == json.dumps(here, sort_keys=True)
