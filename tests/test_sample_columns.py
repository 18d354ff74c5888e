"""Columns of a sample: compensated once, with one policy, and what is lost is said."""

import numpy as np
import pytest

from calibration.finding import Severity
from hladr.assay.loading import load_assay
from hladr.fcs.table import EventTable
from hladr.panel import find_panel
from hladr.sample_columns import read_columns
from hladr.spillover import SpilloverError

ASSAY = load_assay("quantibrite-340827")
NAMES = ("PE-A", "PerCP-Cy5-5-A", "V500-A")
MARKERS = dict(zip(NAMES, ("HLA-DR", "CD14", "CD45"), strict=True))
MATRIX = np.array([[1.0, 0.16, 0.01], [0.02, 1.0, 0.005], [0.03, 0.01, 1.0]])
TOP = 262143.0


def spillover_text(matrix, names=NAMES):
    return f"{len(names)},{','.join(names)},{','.join(f'{value:.17g}' for value in matrix.ravel())}"


@pytest.fixture
def true():
    """What was stained, shape (n, 3)."""
    return np.random.default_rng(2).lognormal(7.0, 1.0, (200, 3))


def tube(stains, *, names=NAMES, matrix=MATRIX, forward_nan=False, **keywords):
    """A table of scatter and these stains, as the file writes them."""
    columns = {name: np.linspace(5e4, 9e4, len(stains)) for name in ("FSC-A", "FSC-H", "SSC-A")}
    if forward_nan:
        columns["FSC-A"][-1] = np.nan
    columns |= dict(zip(names, stains.T, strict=True))
    words = {f"${key}": value for key, value in keywords.items()}
    if matrix is not None:
        words["$SPILLOVER"] = spillover_text(matrix)
    markers = dict(zip(names, MARKERS.values(), strict=True))
    return EventTable.from_columns(columns, markers=markers, keywords=words)


def read(table):
    return read_columns(table, find_panel(table, ASSAY))


def said(columns):
    return [(finding.code, finding.severity) for finding in columns.findings]


def check(columns, expected):
    for found, column in zip(
        (columns.hla_dr, columns.cells.cd14, columns.cells.cd45), expected.T, strict=True
    ):
        np.testing.assert_allclose(found, column, rtol=1e-9)


def test_stains_come_out_as_they_went_in(true):
    columns = read(tube(true @ MATRIX))
    check(columns, true)
    assert said(columns) == []


def test_scatter_is_never_compensated(true):
    table = tube(true @ MATRIX)
    columns = read(table)
    np.testing.assert_array_equal(columns.cells.fsc, table.column("FSC-A"))
    np.testing.assert_array_equal(columns.cells.ssc, table.column("SSC-A"))


@pytest.mark.parametrize("form", ["Comp-{}", "<{}>", "Comp_{}"])
def test_what_was_compensated_at_export_is_left_alone(true, form):
    names = tuple(form.format(name) for name in NAMES)
    columns = read(tube(true, names=names))
    check(columns, true)
    assert said(columns) == []


def test_a_matrix_of_the_compensated_columns_themselves_does_nothing_to_them(true):
    """Some exports rename the channels in the matrix too; CD45 alone is still raw."""
    names = ("Comp-PE-A", "Comp-PerCP-Cy5-5-A", "V500-A")
    words = spillover_text(MATRIX, names)
    columns = read(tube(true, names=names, matrix=None, SPILLOVER=words))
    np.testing.assert_array_equal(columns.hla_dr, true[:, 0])
    np.testing.assert_array_equal(columns.cells.cd14, true[:, 1])


def test_a_matrix_in_other_units_gives_the_detectors_own_units(true):
    columns = read(tube(true @ MATRIX, matrix=MATRIX * np.array([[3.0], [0.5], [10.0]])))
    check(columns, true)
    assert said(columns) == [("SPILLOVER_NORMALISED", Severity.NOTE)]


def test_no_matrix_is_a_warning_and_an_identity_is_a_matrix(true):
    assert said(read(tube(true, matrix=None))) == [("SPILLOVER_MISSING", Severity.WARN)]
    columns = read(tube(true, matrix=np.eye(3)))
    check(columns, true)
    assert said(columns) == []


def test_a_matrix_without_the_stain_is_a_warning_that_names_it(true):
    words = spillover_text(MATRIX[:2, :2][::-1, ::-1], ("V500-A", "PE-A"))
    columns = read(tube(true, matrix=None, SPILLOVER=words))
    assert said(columns) == [("SPILLOVER_INCOMPLETE", Severity.WARN)]
    assert "PerCP-Cy5-5-A" in columns.findings[0].message


@pytest.mark.parametrize("words", ["2,PE-A,V500-A,1,0", "1,BV421-A,1", "2,PE-A,V500-A,1,2,2,4"])
def test_a_matrix_that_cannot_be_used_is_refused(true, words):
    with pytest.raises(SpilloverError) as caught:
        read(tube(true, matrix=None, SPILLOVER=words))
    assert caught.value.code == "SPILLOVER_INVALID"


def test_the_top_is_the_detectors_although_compensation_lowers_the_value(true):
    """The pile-up is at the top of the detector; spill of CD45 taken off, it lies below."""
    measured = true @ MATRIX
    measured[:7, 0], measured[:7, 2] = TOP, 60_000.0
    columns = read(tube(measured))
    assert columns.hla_dr[:7].max() < TOP
    np.testing.assert_array_equal(columns.at_top, np.arange(len(true)) < 7)


def test_the_top_of_an_export_is_read_from_the_raw_column_beside_it(true):
    names = (*(f"Comp-{name}" for name in NAMES), "PE-A")
    columns = {name: np.linspace(5e4, 9e4, len(true)) for name in ("FSC-A", "FSC-H", "SSC-A")}
    raw = true[:, 0].copy()
    raw[:5] = TOP
    columns |= dict(zip(names, (*true.T, raw), strict=True))
    markers = dict(zip(names, ("HLA-DR", "CD14", "CD45"), strict=False))
    found = read(EventTable.from_columns(columns, markers=markers))
    np.testing.assert_array_equal(found.hla_dr, true[:, 0])
    assert found.at_top.sum() == 5


def test_without_a_known_top_nothing_is_at_it(true):
    columns = read(tube(true @ MATRIX, P4R="812.7"))  # the largest value of a float file, no range
    assert not columns.at_top.any()


@pytest.mark.parametrize(("lost", "severity"), [(1, Severity.NOTE), (40, Severity.WARN)])
@pytest.mark.parametrize("none", [np.nan, np.inf, -np.inf])
def test_events_without_numbers_are_counted_and_on_no_scale(true, lost, severity, none):
    names = tuple(f"Comp-{name}" for name in NAMES)
    stains = true.copy()
    stains[:lost, 0] = none
    columns = read(tube(stains, names=names))
    assert said(columns) == [("NONFINITE_VALUES", severity), ("VALUES_NOT_FINITE", severity)]
    assert all(finding.message.startswith(f"{lost} of 200 ") for finding in columns.findings)
    np.testing.assert_array_equal(columns.cells.on_scale(), np.arange(200) >= lost)


def test_what_only_all_events_of_a_used_channel_show_is_said(true):
    table = tube(true @ MATRIX, forward_nan=True)
    columns = read(table)
    assert [f.code for f in columns.findings] == ["NONFINITE_VALUES"]
    assert "'FSC-A'" in columns.findings[0].message


def test_a_matrix_that_had_to_be_understood_is_a_note(true):
    table = tube(true @ MATRIX, matrix=None, SPILLOVER=spillover_text(MATRIX) + ",")
    columns = read(table)
    check(columns, true)
    assert said(columns) == [("SPILLOVER_MENDED", Severity.NOTE)]


def test_columns_by_role_are_those_that_exist(true):
    found = read(tube(true)).by_role()
    assert set(found) == {"fsc", "fsc_height", "ssc", "cd14", "cd45", "hla_dr"}
    assert all(column.shape == (200,) for column in found.values())
