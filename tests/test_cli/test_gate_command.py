"""``hladr gate``: a column a gate, a row an event, and what is refused."""

import csv
import io
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd
import pytest
from oracle_gate_files import (
    flowjo_rectangle,
    gatingml,
    population,
    sample,
    scale,
    workspace,
)

from hladr.fcs import OutputChannel, write_fcs

GATE = (
    '<g:RectangleGate g:id="{id}" {parent}><g:dimension g:compensation-ref="uncompensated" '
    'g:min="{low}" g:max="{high}"><d:fcs-dimension d:name="PE-A"/></g:dimension></g:RectangleGate>'
)
VALUES = [5.0, 20.0, 15.0, 0.0, np.nan, 10.0]


@pytest.fixture
def tube(tmp_path):
    path = tmp_path / "s.fcs"
    channels = [OutputChannel(name=name, values=VALUES) for name in ("PE-A", "FSC-A")]
    write_fcs(path, channels)
    return path


def gate(name, low, high, parent=None):
    above = "" if parent is None else f'g:parent_id="{parent}"'
    return GATE.format(id=name, low=low, high=high, parent=above)


def saved(tmp_path, content, name="gates.xml"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_a_column_a_gate_and_a_row_an_event_in_file_order(hladr, tube, tmp_path):
    gates = saved(
        tmp_path, gatingml(gate("low", 0, 11) + gate("high", 10, 99) + gate("in", 10, 99, "low"))
    )
    ran = hladr("gate", tube, "--gates", gates)
    assert ran.status == 0
    assert ran.out == "low,high,in\n1,0,0\n0,1,0\n0,1,0\n1,0,0\n0,0,0\n1,1,1\n"
    assert ran.err.splitlines() == [
        "gate  events  of parent",
        "low        3    50.00 %",
        "high       3    50.00 %",
        "in         1    33.33 %",
    ]


def test_the_output_file_holds_what_the_screen_would(hladr, tube, tmp_path):
    gates = saved(tmp_path, gatingml(gate("low", 0, 11)))
    shown = hladr("gate", tube, "--gates", gates).out
    ran = hladr("gate", tube, "--gates", gates, "-o", tmp_path / "out.csv")
    assert (ran.status, ran.out) == (0, "")
    assert (tmp_path / "out.csv").read_text() == shown


def two_of_a_name():
    scales = (scale("linear", "PE-A", {"minRange": 0, "maxRange": 100, "gain": 1}),)
    return workspace(
        sample(
            population(
                "a, b",
                flowjo_rectangle(PE_A=(1, 12)),
                population("x", flowjo_rectangle(PE_A=(6, 99)), count=9),
            ),
            population("x", flowjo_rectangle(PE_A=(12, 99)), count=2),
            scales=scales,
            matrix="",
        )
    )


def test_a_workspace_is_asked_by_file_name_and_repeated_names_give_their_path(
    hladr, tube, tmp_path
):
    ran = hladr("gate", tube, "--gates", saved(tmp_path, two_of_a_name(), "study.wsp"))
    assert ran.status == 0
    rows = list(csv.reader(io.StringIO(ran.out)))
    assert rows[0] == ["a, b", "a, b/x", "x"]
    assert [row[1] for row in rows[1:]] == ["0", "0", "0", "0", "0", "1"]
    assert ran.err.splitlines()[0].split("  ")[-1] == "in the workspace"
    assert "warning: gate a, b/x: 1 events, 9 in the workspace" in ran.err
    assert ran.err.splitlines()[2].split() == ["a,", "b/x", "1", "50.00", "%", "9"]


def test_the_kind_of_file_is_told_by_its_content(hladr, tube, tmp_path):
    ran = hladr("gate", tube, "--gates", saved(tmp_path, two_of_a_name(), "gates.xml"))
    assert ran.status == 0


NAMES = ("=HYPERLINK(1)", "+CD14", "-CD3", "@x", "a, b", 'the "best"', " ", "\ufeffx", "'x", "NA")


def test_a_column_is_called_by_its_gates_very_name(hladr, tube, tmp_path):
    drawn = "".join(gate(escape(name, {'"': "&quot;"}), 0, 11) for name in NAMES)
    out = tmp_path / "out.csv"
    assert hladr("gate", tube, "--gates", saved(tmp_path, gatingml(drawn)), "-o", out).status == 0
    with out.open(newline="", encoding="utf-8") as file:
        assert tuple(next(csv.reader(file))) == NAMES
    assert tuple(pd.read_csv(out).columns) == NAMES


def test_a_line_feed_in_a_name_stays_in_its_column(hladr, tube, tmp_path):
    gates = saved(tmp_path, gatingml(gate("a&#10;=b&#13;c", 0, 11) + gate("d", 0, 11)))
    ran = hladr("gate", tube, "--gates", gates)
    assert next(csv.reader(io.StringIO(ran.out, newline=""))) == ["a\n=b\rc", "d"]
    assert "\r" not in ran.err


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+CD14", "-CD3", "@x"])
def test_a_name_that_a_spreadsheet_takes_for_a_formula_is_said(hladr, tube, tmp_path, name):
    gates = saved(tmp_path, gatingml(gate(name, 0, 11) + gate("a=1", 0, 11)))
    last = hladr("gate", tube, "--gates", gates).err.splitlines()[-1]
    assert last.startswith(f"warning: gate {name}: a spreadsheet takes such a name for a formula.")
    two = saved(tmp_path, gatingml(gate(name, 0, 11) + gate("=1", 0, 11)))
    assert f"{name} and 1 more:" in hladr("gate", tube, "--gates", two).err
    plain = saved(tmp_path, gatingml(gate("a=1", 0, 11)))
    assert "spreadsheet" not in hladr("gate", tube, "--gates", plain).err


def test_a_terminal_is_shown_names_that_it_cannot_obey(hladr, tube, tmp_path, monkeypatch):
    gates = saved(tmp_path, gatingml(gate("x\u202ey\u009b2J&#10;z&#13;", 0, 11)))
    assert "\u202e" in hladr("gate", tube, "--gates", gates).out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    header, *rows = hladr("gate", tube, "--gates", gates).out.split("\n")
    assert header == '"x\\u202ey\\x9b2J\\nz\\r"'
    assert rows == ["1", "0", "0", "1", "0", "1", ""]


def test_a_gates_name_does_not_reach_the_terminal_as_an_order(hladr, tube, tmp_path):
    gates = saved(tmp_path, gatingml(gate("x\u202ey", 0, 11)))
    ran = hladr("gate", tube, "--gates", gates)
    assert "\u202e" not in ran.err
    assert "\\u202e" in ran.err


def test_more_lines_than_are_written_at_once_are_all_written(hladr, tmp_path):
    values = np.arange(250_001.0)
    write_fcs(tmp_path / "s.fcs", [OutputChannel(name="PE-A", values=values)])
    gates = saved(tmp_path, gatingml(gate("odd", 99_999, 200_001)))
    out = tmp_path / "o.csv"
    assert hladr("gate", tmp_path / "s.fcs", "--gates", gates, "-o", out).status == 0
    flags = np.array(out.read_text().split()[1:], int)
    np.testing.assert_array_equal(flags, (values >= 99_999) & (values < 200_001))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"no xml", "GATE_FILE_NOT_XML"),
        (b"<!DOCTYPE a><a/>", "GATE_FILE_FORBIDDEN"),
        (b"<a/>", "GATE_FILE_UNKNOWN"),
        (gatingml(gate("a", 2, 1)), "INVALID_GATE"),
        (gatingml(gate("a", 0, 1).replace("PE-A", "CD14")), "GATE_CHANNEL_MISSING"),
        (gatingml(gate("a", 0, 1).replace("Rectangle", "Spline")), "GATE_NOT_SUPPORTED"),
        (workspace(sample(uri="x", name="y", fil="z")), "SAMPLE_NOT_IN_WORKSPACE"),
    ],
)
def test_refused_with_status_one_and_no_output(hladr, tube, tmp_path, content, code):
    out = tmp_path / "out.csv"
    ran = hladr("gate", tube, "--gates", saved(tmp_path, content), "-o", out)
    assert (ran.status, ran.out, out.exists()) == (1, "", False)
    assert ran.err.startswith(f"error [{code}]: ")
    assert len(ran.err.splitlines()) == 1


def test_what_is_missing_is_said(hladr, tube, tmp_path):
    assert "FILE_NOT_FOUND" in hladr("gate", tube, "--gates", tmp_path / "no.xml").err
    gates = saved(tmp_path, gatingml(gate("a", 0, 1)))
    assert "FILE_NOT_FOUND" in hladr("gate", tmp_path / "no.fcs", "--gates", gates).err
    assert hladr("gate", tube).status == 2
    assert hladr("gate", "--gates", gates).status == 2


@pytest.mark.parametrize("which", ["sample", "gates"])
def test_an_input_is_never_written_over(hladr, tube, tmp_path, which):
    gates = saved(tmp_path, gatingml(gate("a", 0, 1)))
    target = tube if which == "sample" else gates
    before = target.read_bytes()
    assert hladr("gate", tube, "--gates", gates, "-o", target).status == 2
    assert target.read_bytes() == before


def test_a_broken_matrix_of_the_file_is_said_with_the_gate_that_needs_it(hladr, tmp_path):
    path = tmp_path / "s.fcs"
    channels = [OutputChannel(name=name, values=VALUES) for name in ("PE-A", "FSC-A")]
    write_fcs(path, channels, keywords={"$SPILLOVER": "9,PE-A,FSC-A,1,0,0,1"})
    by_file = gate("bright", 1, 2).replace("uncompensated", "FCS")
    ran = hladr("gate", path, "--gates", saved(tmp_path, gatingml(by_file)))
    assert ran.status == 1
    assert "SPILLOVER_INVALID" in ran.err
    assert "gate 'bright'" in ran.err
