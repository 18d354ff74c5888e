"""``hladr quantify --gates``, ``--population`` and ``--save-gates``."""

import csv
import io
import json

import pytest
from oracle_gate_files import gatingml

from hladr.fcs import read_fcs

GATE = (
    '<g:RectangleGate g:id="{id}" {parent}><g:dimension g:compensation-ref="uncompensated" '
    'g:min="{low}" g:max="{high}"><d:fcs-dimension d:name="{channel}"/></g:dimension>'
    "</g:RectangleGate>"
)


def box(name, channel, low, high, parent=None):
    above = "" if parent is None else f'g:parent_id="{parent}"'
    return GATE.format(id=name, channel=channel, low=low, high=high, parent=above)


@pytest.fixture
def quantify(hladr, pair):
    def run(*arguments, samples=1):
        files = [pair.blood_path] * samples
        return hladr("quantify", *files, "--beads", pair.beads_path, "--lot", pair.lot, *arguments)

    return run


@pytest.fixture
def gates(tmp_path):
    path = tmp_path / "own.xml"
    content = gatingml(
        box("cells", "FSC-A", 40000, 250000)
        + box("scatter", "SSC-A", 20000, 80000, "cells")
        + box("bright", "PerCP-Cy5-5-A", 3000, 262144, "scatter")
        + box("dim", "PerCP-Cy5-5-A", 100, 3000, "scatter")
    )
    path.write_bytes(content)
    return path


@pytest.fixture
def saved(quantify, tmp_path):
    """Automatic gate of the sample, as the program writes it."""
    assert quantify("--save-gates", tmp_path / "saved").status == 0
    (path,) = (tmp_path / "saved").iterdir()
    return path


def test_the_automatic_gate_is_saved_and_measured_again_to_the_same_number(quantify, saved, pair):
    assert saved.name.startswith(f"{pair.blood_path.stem}-")
    assert saved.name.endswith("-gates.xml")
    automatic = json.loads(quantify("--format", "json").out)
    again = json.loads(quantify("--gates", saved, "--format", "json").out)
    assert again["hla_dr"]["abc"] == automatic["hla_dr"]["abc"]
    assert again["gating"]["method"] == "gates"
    assert again["gating"]["populations"][-1]["name"] == "monocytes"
    assert again["gating"]["automatic"]["moved"] == 0.0
    assert "gate" in again["hla_dr"]["not_included"]
    assert automatic["gating"]["gates_sha256"] is None
    assert "automatic" not in automatic["gating"]


def test_a_population_is_named_and_its_number_told_in_every_form(quantify, gates):
    options = ("--gates", gates, "--population", "bright")
    ran = quantify(*options)
    assert ran.status == 0
    assert "in the gate bright, drawn by hand" in ran.out
    assert "GATES_DIFFER" in ran.out
    record = json.loads(quantify(*options, "--format", "json").out)
    tree = [(each["name"], each["parent"]) for each in record["gating"]["populations"]]
    assert tree == [
        ("events", None), ("cells", "events"), ("scatter", "cells"), ("bright", "scatter"),
    ]  # fmt: skip
    row = next(csv.DictReader(io.StringIO(quantify(*options, "--format", "csv").out)))
    assert float(row["abc"]) == record["hla_dr"]["abc"]
    assert int(row["monocytes"]) == record["gating"]["populations"][-1]["events"]
    assert row["gates_sha256"] == record["gating"]["gates_sha256"]
    assert "GATES_DIFFER" in row["findings"].split()


def test_which_population_is_meant_is_asked_back(quantify, gates):
    ran = quantify("--gates", gates)
    assert ran.status == 1
    assert "POPULATION_NOT_NAMED" in ran.out
    assert "cells, scatter, bright, dim" in ran.err
    assert "GATE_NOT_FOUND" in quantify("--gates", gates, "--population", "monos").out


def test_a_population_without_gates_is_wrong_usage(quantify):
    ran = quantify("--population", "bright")
    assert ran.status == 2
    assert "--gates" in ran.err


def test_a_gate_file_that_cannot_be_used_refuses_every_sample_and_is_said_once(quantify, tmp_path):
    path = tmp_path / "bad.xml"
    path.write_bytes(b"<!DOCTYPE a><a/>")
    ran = quantify("--gates", path, samples=2)
    assert ran.status == 1
    assert ran.out.count("GATE_FILE_FORBIDDEN") == 2
    assert ran.err.count("GATE_FILE_FORBIDDEN") == 1
    assert "FILE_NOT_FOUND" in quantify("--gates", tmp_path / "no.xml").out


def test_results_never_replace_the_gates(quantify, gates):
    before = gates.read_bytes()
    assert quantify("--gates", gates, "--population", "bright", "-o", gates).status == 2
    assert gates.read_bytes() == before


def test_saved_gates_that_a_person_changed_are_kept(quantify, saved):
    assert quantify("--save-gates", saved.parent).status == 0  # the same gates: nothing to lose
    mine = saved.read_text().replace("<gating:Gating-ML", "<!-- mine --><gating:Gating-ML", 1)
    saved.write_text(mine)
    ran = quantify("--save-gates", saved.parent)
    assert ran.status == 1
    assert "SAVED_GATES_KEPT" in ran.err
    assert "AB/c" in ran.out
    assert saved.read_text() == mine


def test_beside_drawn_gates_it_is_the_automatic_gate_that_is_saved(
    quantify, gates, saved, tmp_path
):
    options = ("--gates", gates, "--population", "bright", "--save-gates", tmp_path / "again")
    assert quantify(*options).status == 0
    (path,) = (tmp_path / "again").iterdir()
    assert path.read_bytes() == saved.read_bytes()


def test_report_and_export_go_with_drawn_gates(quantify, gates, tmp_path):
    options = ("--gates", gates, "--population", "bright")
    ran = quantify(*options, "--report", tmp_path / "r", "--export", tmp_path / "e")
    assert ran.status == 0
    (page,) = (tmp_path / "r").iterdir()
    text = page.read_text()
    assert "from the automatic gate to the gates as drawn" in text
    assert "stroke-dasharray" in text
    (export,) = (tmp_path / "e").iterdir()
    digest = read_fcs(export).keyword("HLADR_GATES_SHA256")
    assert (
        digest == json.loads(quantify(*options, "--format", "json").out)["gating"]["gates_sha256"]
    )
