"""The sample files are what their README says, come from our simulator, and name nobody."""

import csv
import hashlib
import importlib.util
import re

import pytest

from hladr.fcs import FcsError, read_fcs
from hladr.lot_file import read_lot

PERMISSIVE = {"MIT", "BSD-3-Clause", "Artistic-2.0", "CC0-1.0"}
ABOUT_PEOPLE = (
    "$SRC", "$OP", "$INST", "$PROJ", "$EXP", "$SMNO", "$CELLS", "$COM", "SAMPLE ID", "PATIENT ID",
    "CASE NUMBER", "EXPERIMENT NAME", "TUBE NAME", "EXPORT USER NAME",
)  # fmt: skip
NOBODY = {
    "beads", "blood", "simulated by hladr.simulate, not a patient",
    "Default Patient ID", "Default Patient Name", "Default Case Number",
    "DIL",
    "CAD52_2008jan21_Treg", "6BEADS_210109", "Administrator", "User",
}  # fmt: skip


def fcs_files(samples):
    return [*sorted(samples.glob("*.fcs")), *sorted((samples / "real").glob("*.fcs")),
            *sorted((samples / "real").glob("*.B08"))]  # fmt: skip


def table_rows(samples):
    """Rows of the README's tables, with the file's name and what else is said."""
    for line in (samples / "README.md").read_text().splitlines():
        if found := re.match(r"\| `([^`]+)` \|(.*)\|$", line):
            yield found[1], [cell.strip() for cell in found[2].split("|")]


def test_every_data_file_stands_in_the_readme_with_its_checksum(samples):
    said = {name: cells[-1].strip("`") for name, cells in table_rows(samples)}
    data = {
        str(path.relative_to(samples))
        for path in samples.rglob("*")
        if path.suffix in {".fcs", ".B08", ".csv", ".LMD"} and path.name != "manifest.csv"
    }
    assert set(said) == data
    for name, digest in said.items():
        assert hashlib.sha256((samples / name).read_bytes()).hexdigest() == digest, name


def test_every_real_file_names_its_origin_and_a_permissive_licence_that_is_here(samples):
    for name, cells in table_rows(samples):
        if not name.startswith("real/"):
            continue
        _, origin, licence, _ = cells
        assert licence in PERMISSIVE, name
        assert re.match(r"[\w-]+/[\w-]+: `", origin), name
        assert list((samples / "LICENSES").glob(f"{licence}*")), licence


def test_the_folder_stays_small(samples):
    assert sum(path.stat().st_size for path in samples.rglob("*") if path.is_file()) < 3e6


def test_the_manifest_names_files_that_are_there(samples):
    with (samples / "manifest.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        assert (samples / row["sample"]).is_file()
        assert (samples / row["beads"]).is_file()
        assert len(read_lot(samples / row["lot"]).values) == 4
    assert len({row["sample"] for row in rows}) == len(rows)


def test_no_keyword_names_a_person(samples):
    for path in fcs_files(samples):
        try:
            table = read_fcs(path)
        except FcsError:
            assert path.stat().st_size < 100
            continue
        values = {table.keyword(name) for name in ABOUT_PEOPLE} - {None}
        assert values <= NOBODY, path.name


def test_the_lots_state_that_they_belong_to_no_real_beads_or_say_whose_they_are(samples):
    assert read_lot(samples / "simulated-lot.toml").number == "SIM-1"
    dako = read_lot(samples / "real" / "dako-fluorospheres-pe.toml")
    with (samples / "real" / "flowBeads_dako_mef.csv").open() as file:
        column = [row["PE"] for row in csv.DictReader(file, delimiter=";")]
    assert ["NA" if value is None else f"{value:g}" for value in dako.assigned] == column


@pytest.fixture(scope="module")
def maker(samples):
    """The script that makes the simulated files."""
    script = samples.parent / "scripts" / "make_sample_fcs.py"
    if not script.exists():
        pytest.skip("the script is in the checkout only")
    spec = importlib.util.spec_from_file_location("make_sample_fcs", script)
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_script_makes_the_same_files_again_byte_for_byte(maker):
    assert maker.differences() == []
